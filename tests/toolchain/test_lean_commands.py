"""A command that does not serve loads no web server, so that it starts quickly and takes no port and no thread."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.cli.context import prepare
from bot.cli.main import NOUNS
from bot.core.settings import Settings
from bot.db import Keyring
from bot.offline import make_sequencer
from tests.tools import ROOT

SERVER = {"fastapi", "starlette", "uvicorn", "socketio", "engineio", "sse_starlette"}
WEB = {*SERVER, "rasa_sdk", "sanic"}  # these two come with the first action
COMMANDS = {
    ("visitor", "erase", "--visitor", "vis_unknown", "--reason", "operator"): (2, "There is no such"),
    ("keys", "rotate"): (0, "master.key holds a new key"),
    ("corrections", "export"): (0, "No correction has been accepted yet"),
    ("log", "verify"): (0, "Integrity: whole."),
    ("log", "show-key"): (0, "+"),
    ("retention", "show"): (0, "days  due now"),
    ("hold", "list"): (0, "No conversation is on hold."),
    ("backup", "create", "nowhere/at/all"): (2, "The folder for the backup does not exist."),
    ("erasure", "reapply"): (0, "Nobody had to be erased again."),
    ("policy", "verify"): (0, "All 5 published texts"),
    ("policy", "diff"): (0, "there is nothing to publish"),
    ("identity", "issue-token", "cust_ada"): (0, "."),
    ("text", "mask", "--json-lines", "nowhere"): (2, "nowhere cannot be read"),
}
"""Each command, the exit code it ends with here, and words that it prints."""
RUNS = """
import contextlib, io, json, sys
from bot.cli.main import main
for command in json.loads(sys.argv[1]):
    sys.argv = ["candor", *command]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
    print(json.dumps([code, printed.getvalue(), sorted({name.partition(".")[0] for name in sys.modules})]))
"""

Ran: TypeAlias = dict[tuple[str, ...], tuple[int, str, set[str]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as a first start leaves it."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), demo=False)
    database, _ = prepare(settings)
    database.close()
    Keyring.from_folder(settings.data_dir)
    make_sequencer(settings)
    return settings.data_dir


@pytest.fixture(scope="module")
def ran(folder: Path) -> Ran:
    """Of each command: its exit code, its output, and the packages loaded at its end, also by those before it."""
    environment = {**os.environ, "CANDOR_DATA_DIR": str(folder), "CANDOR_DEMO": "false"}
    command = [sys.executable, "-c", RUNS, json.dumps(list(COMMANDS))]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {one: (code, said, set(loaded)) for one, (code, said, loaded) in zip(COMMANDS, lines, strict=True)}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_a_command_that_serves_nobody_loads_no_web_server(ran: Ran, command: tuple[str, ...]) -> None:
    code, says = COMMANDS[command]
    ended, said, loaded = ran[command]
    assert (ended, says in said) == (code, True), said
    assert "sqlalchemy" in loaded, "it did its work"
    assert loaded & WEB == set()


def test_what_serves_loads_all_of_it() -> None:
    """What the others are searched for can be found."""
    code = "import bot.app, bot.cli.serve, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {name.partition(".")[0] for name in done.stdout.split()} >= SERVER


def test_a_command_loads_no_other_commands() -> None:
    code = "import sys; from bot.cli.main import app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "bot.core.settings" in loaded and not loaded & set(NOUNS.values())
