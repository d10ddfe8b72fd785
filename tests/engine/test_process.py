"""How the engine starts, ends, fails and comes back."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_process import PYTHON, ROOT, TOKEN, Engine, clean_environment


def _start_anyhow(model: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [str(PYTHON), "-m", "engine", "--model", str(model), "--port", "1"]
    with subprocess.Popen(["sleep", "600"], stdout=subprocess.PIPE) as held:
        try:
            return subprocess.run(
                command,
                cwd=ROOT,
                env=clean_environment(**environment),
                stdin=held.stdout,
                capture_output=True,
                text=True,
            )
        finally:
            held.kill()


def test_a_missing_model_is_reported(model: Path, tmp_path: Path) -> None:
    done = _start_anyhow(tmp_path / "none.tar.gz", CANDOR_ENGINE_TOKEN=TOKEN)
    assert done.returncode == 2
    assert done.stderr.strip() == f"There is no model at {tmp_path / 'none.tar.gz'}. Train one with `make model`."


def test_a_damaged_model_is_reported(model: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "half.tar.gz"
    damaged.write_bytes(model.read_bytes()[:2000])
    done = _start_anyhow(damaged, CANDOR_ENGINE_TOKEN=TOKEN)
    assert done.returncode == 1
    assert "is not a whole Rasa model" in done.stderr and "Traceback" not in done.stderr


def test_without_a_token_it_does_not_start(model: Path) -> None:
    done = _start_anyhow(model)
    assert done.returncode == 2 and done.stderr.startswith("CANDOR_ENGINE_TOKEN is not set")


def test_ready_tells_the_model(engine: Engine, model: Path) -> None:
    assert engine.get("ready").json()["model"]["file"] == model.name


def test_it_ends_when_its_standard_input_is_closed(start: Callable[[], Engine]) -> None:
    engine = start()
    assert engine.process.stdin
    engine.process.stdin.close()
    assert engine.process.wait(timeout=60) == 0


def test_after_a_kill_conversations_go_on_and_a_message_seen_before_answers_the_same(
    start: Callable[[], Engine],
) -> None:
    first = start()
    first.turn("anna", "m1", "/book", language="en")
    asked = first.turn("anna", "m2", "Lisbon")
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    second = start()
    again = second.turn("anna", "m2", "Lisbon")
    assert again["replayed"] is True
    assert [again[key] for key in ("messages", "trace", "model", "failures")] == [
        asked[key] for key in ("messages", "trace", "model", "failures")
    ]
    assert second.turn("anna", "m3", "Sunday")["messages"][0]["text"] == "Booked Lisbon on Sunday."


@pytest.mark.parametrize(
    "text",
    [
        "where is my quixotic parcel",
        '/order_status{"quixotic": }',
        "/quixotic",
        "quixotic / {",
        '/order_status{"city": "quixotic"}',
    ],
)
def test_nothing_that_was_said_is_printed(engine: Engine, text: str) -> None:
    engine.turn(f"quiet-{hash(text)}", "m1", text)
    engine.post("turn", {"sender": "quixotic", "message_id": "1", "text": text, "slots": {"none": "quixotic"}})
    assert "quixotic" not in engine.log


def test_it_listens_on_loopback_alone(engine: Engine) -> None:
    sockets = [line.split()[1] for line in Path(f"/proc/{engine.process.pid}/net/tcp").read_text().splitlines()[1:]]
    port = f"{engine.port:04X}"
    assert f"0100007F:{port}" in sockets and f"00000000:{port}" not in sockets


@pytest.mark.parametrize("package", ["tensorflow", "sklearn", "scipy", "matplotlib"])
def test_packages_that_the_model_does_not_use_are_left_out(engine: Engine, package: str) -> None:
    assert f"/{package}/" not in Path(f"/proc/{engine.process.pid}/maps").read_text()
    assert os.path.exists(f"/proc/{engine.process.pid}")
