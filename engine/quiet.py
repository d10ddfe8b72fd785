"""Makes sure that nothing a visitor wrote reaches the engine's output.

Rasa logs and warns with the message in the line (a button's payload that it cannot read, for one). Only our own
loggers speak.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings

import structlog


def mute_imports() -> None:
    """Call it before Rasa is imported: the packages it brings along print what concerns nobody."""
    warnings.showwarning = lambda *_, **__: None  # a filter would not do: some put back their own
    os.environ["GIT_CEILING_DIRECTORIES"] = (
        sys.prefix
    )  # one asks git for its own version, wherever it finds a repository


def silence() -> None:
    """Lets only loggers below `engine` write, to standard error; everything else is dropped."""
    mute_imports()
    root = logging.getLogger()
    root.handlers[:] = [logging.NullHandler()]
    root.setLevel(logging.CRITICAL)
    _drop_existing()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    own = logging.getLogger("engine")
    own.handlers[:], own.propagate = [handler], False
    own.setLevel(logging.INFO)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _drop_existing() -> None:
    for name, logger in logging.Logger.manager.loggerDict.items():
        if isinstance(logger, logging.Logger) and not name.startswith("engine"):
            logger.handlers[:] = []
            logger.setLevel(logging.CRITICAL + 1)
