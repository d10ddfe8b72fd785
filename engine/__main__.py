"""Starts the engine: `python -m engine --model PATH --port N`, from the project's root.

It is Rasa's own web application with our turn channel as its only door: loopback alone, no HTTP API. The environment
gives CANDOR_ENGINE_TOKEN (needed), CANDOR_ENGINE_STORE, CANDOR_ACTIONS_URL and CANDOR_ACTIONS_TOKEN; what else there
is to set stands in endpoints.yml. It listens when it is ready, and not before; it ends when its standard input is
closed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import tarfile
import threading
import time
from pathlib import Path
from typing import NoReturn

from engine.quiet import mute_imports

_USAGE = 2
_FAILED = 1
_GRACE = 2.0  # seconds in which open turns may finish


def main() -> None:
    """Runs until standard input is closed or a signal comes.

    Exit code 2: it cannot start as called; 1: it could not load the model.
    """
    arguments = _arguments()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _check(arguments.model)
    os.environ.setdefault(
        "OMP_NUM_THREADS", "1"
    )  # a turn's matrices are small: more threads only get into each other's way
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    mute_imports()
    _leave_out_unused_packages(arguments.model)
    from engine.server import serve  # only now: it imports Rasa

    try:
        serve(arguments.model, arguments.port)
    except Exception as error:
        _stop(
            _FAILED,
            f"The engine could not load {arguments.model}: {type(error).__name__}. Train it again with `make model`.",
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m engine", description="Candor's dialogue engine, on 127.0.0.1.")
    parser.add_argument("--model", type=Path, required=True, help="the trained model, a .tar.gz file")
    parser.add_argument("--port", type=int, required=True)
    return parser.parse_args()


def _check(model: Path) -> None:
    if not os.environ.get("CANDOR_ENGINE_TOKEN"):
        _stop(_USAGE, "CANDOR_ENGINE_TOKEN is not set; without it nobody may talk to the engine.")
    if not model.is_file():
        _stop(_USAGE, f"There is no model at {model}. Train one with `make model`.")


def _leave_out_unused_packages(model: Path) -> None:
    from engine.unused_packages import leave_out_unused_packages

    try:
        leave_out_unused_packages(model)
    except (OSError, tarfile.TarError, StopIteration, KeyError, ValueError, EOFError) as error:
        _stop(_FAILED, f"{model} is not a whole Rasa model ({type(error).__name__}). Train it again with `make model`.")


def _end_with_parent() -> None:
    """The parent holds the other end of our standard input: when it is gone, so are we.

    Read below `sys.stdin`, whose lock would make an ordinary exit abort while this waits.
    """
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE)
    os._exit(0)


def _stop(code: int, reason: str) -> NoReturn:
    print(reason, file=sys.stderr, flush=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
