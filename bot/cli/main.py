"""The `candor` command: its nouns, loaded when they are used, and the one way it reports errors."""

from __future__ import annotations

import logging
import os
import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from bot.cli.context import CommandError
from bot.core.errors import CandorError, SettingsError
from bot.core.settings import Settings, load_settings

_NOUNS = "actions backup corrections engine erasure hold identity keys log policy retention staff text visitor"
NOUNS = {noun: f"bot.cli.{'visitor' if noun == 'erasure' else noun}" for noun in _NOUNS.split()}
"""Each noun and its module, which holds a `typer.Typer` under the noun's name."""


class LazyNouns(TyperGroup):
    """Imports a noun's module only when that noun is used, so that no command waits for another's imports."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands, in the order of `--help`."""
        return [*super().list_commands(ctx), *NOUNS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None."""
        if cmd_name not in NOUNS:
            return super().get_command(ctx, cmd_name)
        command = get_group(getattr(import_module(NOUNS[cmd_name]), cmd_name))
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=LazyNouns,
    help="Candor: a support assistant that says it is an AI, asks first, and records what it decides.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def main() -> None:
    """The console script. A wrong setting or a refusal prints one sentence on standard error and exits with 2."""
    try:
        app()
    except (CommandError, SettingsError, CandorError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)


@app.command()
def serve() -> None:
    """Serve the gateway and the engine until Ctrl-C.

    The one command without a noun: what it serves is the whole product.
    """
    settings = with_logging()
    from bot.cli import serve as serving  # after the settings, so that a wrong one is reported at once

    serving.run(serving.serve(settings))


@app.callback()
def _group() -> None:
    """Without a callback, typer would turn a program of one command into that command."""


def with_logging() -> Settings:
    """Load the settings and configure logging for a process that serves."""
    import structlog

    settings = load_settings()
    level = getattr(logging, settings.log_level)
    logging.basicConfig(level=max(level, logging.WARNING), format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty() and "NO_COLOR" not in os.environ),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    return settings
