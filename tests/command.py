"""The `candor` command: within the test's process, since starting Python takes longer than most commands, or started as
operators do."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

from bot.cli.main import main
from bot.policies import in_force, put_in_force
from tests.tools import ROOT


def candor(data_dir: Path, *arguments: str, **settings: str) -> CompletedProcess[str]:
    """Run it; what it wrote and its exit code. What it puts in force stays its own, as in a process of its own."""
    environment = {"CANDOR_DATA_DIR": str(data_dir), "CANDOR_DEMO": "false", **settings}
    out, err, code = io.StringIO(), io.StringIO(), 0
    before = tuple(in_force().documents.values())
    with patch.dict(os.environ, environment), patch.object(sys, "argv", ["candor", *arguments]):
        try:
            with redirect_stdout(out), redirect_stderr(err):
                main()
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            put_in_force(before)
    return CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def started(*arguments: str, program: str = "bot.cli", text: str = "", **settings: str) -> CompletedProcess[str]:
    """Run it in a process of its own; `program` is a module that runs it in its own way, `text` what it is given."""
    command, environment = [sys.executable, "-m", program, *arguments], {**os.environ, **settings}
    return subprocess.run(command, cwd=ROOT, env=environment, input=text, capture_output=True, text=True, timeout=120)
