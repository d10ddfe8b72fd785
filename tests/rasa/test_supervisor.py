"""The supervisor with a small stand-in for the engine; the real one is started in tests/engine."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.rasa.supervisor import EngineLaunch, EngineProcess, EngineState, Patience, engine_environment, engine_launch

FAKE = Path(__file__).with_name("fake_engine.py")
QUICK = Patience(first_pause=0.02, longest_pause=0.1, poll_starting=0.02, poll_ready=0.05, stop=0.5)


def launch(folder: Path, mode: str = "plain") -> EngineLaunch:
    command = (sys.executable, str(FAKE), str(folder), mode)
    return EngineLaunch(command, folder, engine_environment({}), "engine-token", folder / "logs" / "engine.log")


def run(
    folder: Path, story: Callable[[EngineProcess], Awaitable[None]], mode: str = "plain", **options: object
) -> None:
    """Plays `story` with an engine that is stopped afterwards, whatever happens."""

    async def play() -> None:
        patience = replace(QUICK, **options)  # type: ignore[arg-type]
        engine = EngineProcess(launch(folder, mode), patience=patience)
        await engine.start()
        try:
            await story(engine)
        finally:
            await engine.stop()

    asyncio.run(play())


def pid_of(engine: EngineProcess) -> int:
    """Its process; never 0, which would mean ours."""
    assert engine.pid is not None
    return engine.pid


def alive(pid: int) -> bool:
    """Whether a process with that id exists, a zombie included."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def eventually(condition: Callable[[], bool]) -> None:
    """Waits for `condition`; the test's own time-out is the limit."""
    while not condition():
        await asyncio.sleep(0.01)


def test_engine_becomes_ready_and_stop_leaves_no_process(tmp_path: Path) -> None:
    pids: list[int] = []

    async def story(engine: EngineProcess) -> None:
        assert await engine.wait_ready(30)
        assert engine.state is EngineState.READY
        assert engine.pid is not None
        pids.append(engine.pid)

    run(tmp_path, story)
    assert not alive(pids[0])


def test_killed_engine_is_started_again_at_the_same_address(tmp_path: Path) -> None:
    async def story(engine: EngineProcess) -> None:
        await engine.wait_ready(30)
        first, address = engine.pid, engine.url
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await eventually(lambda: engine.state is not EngineState.READY)
        assert await engine.wait_ready(30)
        assert engine.pid != first
        assert engine.url == address
        assert not alive(first), "the dead engine was reaped"

    run(tmp_path, story)


def test_every_change_of_state_is_reported_in_order(tmp_path: Path) -> None:
    async def play() -> list[EngineState]:
        seen: list[EngineState] = []
        engine = EngineProcess(launch(tmp_path), on_change=seen.append, patience=QUICK)
        await engine.start()
        await engine.wait_ready(30)
        os.kill(pid_of(engine), signal.SIGKILL)
        await eventually(lambda: EngineState.DOWN in seen)
        await engine.wait_ready(30)
        await engine.stop()
        return seen

    assert [state.value for state in asyncio.run(play())] == [
        *("starting", "ready", "down"),
        *("starting", "ready", "stopped"),
    ]


def test_pause_doubles_up_to_its_limit_while_the_engine_keeps_dying(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    async def play() -> None:
        monkeypatch.setattr("bot.rasa.supervisor.asyncio.sleep", note)
        engine = EngineProcess(launch(tmp_path, "broken"), patience=replace(QUICK, first_pause=0.2, longest_pause=1.0))
        await engine.start()
        while len(pauses) < 5:
            await sleep(0.01)
        await engine.stop()

    asyncio.run(play())
    assert pauses[:5] == [0.2, 0.4, 0.8, 1.0, 1.0]


def test_pause_is_short_again_after_a_steady_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    async def play() -> None:
        monkeypatch.setattr("bot.rasa.supervisor.asyncio.sleep", note)
        engine = EngineProcess(launch(tmp_path), patience=replace(QUICK, first_pause=0.3, steady=0))
        await engine.start()
        for life in (1, 2, 3):
            await engine.wait_ready(30)
            os.kill(pid_of(engine), signal.SIGKILL)
            while len(pauses) < life:
                await sleep(0.01)
        await engine.stop()

    asyncio.run(play())
    assert pauses[:3] == [0.3, 0.3, 0.3]


def test_engine_that_stops_answering_is_replaced(tmp_path: Path) -> None:
    async def story(engine: EngineProcess) -> None:
        await engine.wait_ready(30)
        await eventually(lambda: engine.pid is not None)
        first = pid_of(engine)
        os.kill(first, signal.SIGSTOP)
        await eventually(lambda: engine.pid not in (first, None))
        assert await engine.wait_ready(30)

    run(tmp_path, story, silence=0.2, answer=0.1)


def test_engine_that_never_gets_ready_is_replaced(tmp_path: Path) -> None:
    async def play() -> None:
        wrong = replace(launch(tmp_path), token="not the engine's")
        engine = EngineProcess(wrong, patience=replace(QUICK, start=0.5))
        await engine.start()
        await eventually(lambda: engine.pid is not None)
        first = engine.pid
        await eventually(lambda: engine.pid not in (first, None))
        assert engine.state is EngineState.STARTING
        await engine.stop()

    asyncio.run(play())


def died(messages: list[dict[str, Any]]) -> dict[str, Any]:
    return next(message for message in messages if message["event"] == "engine:process:died")


def test_engine_that_dies_at_its_start_is_quoted(tmp_path: Path) -> None:
    async def story(engine: EngineProcess) -> None:
        await eventually(lambda: engine.state is EngineState.DOWN)

    with capture_logs() as messages:
        run(tmp_path, story, "broken")
    assert died(messages)["said"] == "one line of output"
    assert died(messages)["code"] == 3


def test_engine_that_has_read_messages_is_never_quoted(tmp_path: Path) -> None:
    async def story(engine: EngineProcess) -> None:
        await engine.wait_ready(30)
        os.kill(pid_of(engine), signal.SIGKILL)
        await eventually(lambda: engine.state is not EngineState.READY)

    with capture_logs() as messages:
        run(tmp_path, story)
    assert died(messages)["said"] == ""


def test_missing_program_is_down_and_not_an_exception(tmp_path: Path) -> None:
    async def play() -> None:
        seen: list[EngineState] = []
        nowhere = replace(launch(tmp_path), command=(str(tmp_path / "no such python"),))
        engine = EngineProcess(nowhere, on_change=seen.append, patience=QUICK)
        await engine.start()
        await eventually(lambda: EngineState.DOWN in seen)
        assert not await engine.wait_ready(0.05)
        await engine.stop()

    asyncio.run(play())


def test_stop_kills_an_engine_that_ignores_the_request(tmp_path: Path) -> None:
    pids: list[int] = []

    async def story(engine: EngineProcess) -> None:
        await engine.wait_ready(30)
        pids.append(pid_of(engine))

    run(tmp_path, story, "stubborn")
    assert not alive(pids[0])


def test_stop_ends_what_the_engine_started(tmp_path: Path) -> None:
    async def story(engine: EngineProcess) -> None:
        await engine.wait_ready(30)

    run(tmp_path, story, "parent")
    assert_ends(int((tmp_path / "child").read_text()))


def test_children_of_a_killed_engine_end_with_it(tmp_path: Path) -> None:
    async def story(engine: EngineProcess) -> None:
        await engine.wait_ready(30)
        child = int((tmp_path / "child").read_text())
        os.kill(pid_of(engine), signal.SIGKILL)
        await eventually(lambda: engine.state is not EngineState.READY)
        assert_ends(child)

    run(tmp_path, story, "parent")


def assert_ends(pid: int) -> None:
    """Waits until that process, adopted by init, is gone or waits to be reaped by it."""
    while alive(pid) and state_of(pid) != "Z":
        time.sleep(0.01)


def state_of(pid: int) -> str:
    """One letter; Z for a process that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # ended, or a system without /proc
        shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return shown.stdout.strip()[:1] or "Z"


def test_engine_ends_when_the_gateway_is_killed(tmp_path: Path) -> None:
    gateway = tmp_path / "gateway.py"
    gateway.write_text(
        textwrap.dedent(
            f"""
            import asyncio, sys
            from pathlib import Path
            from bot.rasa.supervisor import EngineLaunch, EngineProcess, engine_environment

            async def main():
                folder = Path({str(tmp_path)!r})
                command = (sys.executable, {str(FAKE)!r}, str(folder), "plain")
                launch = EngineLaunch(command, folder, engine_environment({{}}), "engine-token", folder / "engine.log")
                engine = EngineProcess(launch)
                await engine.start()
                await engine.wait_ready(30)
                Path(sys.argv[1]).write_text(str(engine.pid))
                await asyncio.sleep(600)

            asyncio.run(main())
            """
        )
    )
    root = Path(__file__).resolve().parents[2]
    note = tmp_path / "engine.pid"
    with subprocess.Popen(
        [sys.executable, str(gateway), str(note)],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as process:
        while not note.is_file() or not note.read_text():
            time.sleep(0.01)
        engine = int(note.read_text())
        assert alive(engine)
        process.kill()
    assert_ends(engine)


def test_engine_sees_no_secret_of_the_gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "CANDOR_DATA_DIR", "CANDOR_MASTER_KEY", "AWS_SECRET_ACCESS_KEY", "PYTHONPATH"):
        monkeypatch.setenv(name, "a secret")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    planned = engine_launch(
        python=Path("python"),
        root=tmp_path,
        model=tmp_path / "model.tar.gz",
        token="engine-token",
        store=tmp_path / "engine.db",
        actions_url="http://127.0.0.1:1/actions",
        actions_token="actions-token",
        log_file=tmp_path / "engine.log",
    )

    async def play() -> None:
        fake = replace(planned, command=launch(tmp_path).command)
        engine = EngineProcess(fake, patience=QUICK)
        await engine.start()
        await engine.wait_ready(30)
        await engine.stop()

    asyncio.run(play())
    seen = json.loads(next(tmp_path.glob("seen-*.json")).read_text())
    assert "a secret" not in seen.values()
    assert "PYTHONDONTWRITEBYTECODE" not in seen
    assert {name for name in seen if name.startswith("CANDOR_")} == {
        *("CANDOR_ENGINE_TOKEN", "CANDOR_ENGINE_STORE", "CANDOR_ACTIONS_URL", "CANDOR_ACTIONS_TOKEN"),
    }
    assert seen["PATH"] == os.environ["PATH"]


def test_launch_shows_no_token_when_printed() -> None:
    assert "engine-token" not in repr(replace(launch(Path("x")), environment={"CANDOR_ENGINE_TOKEN": "engine-token"}))


def test_output_goes_to_a_log_that_only_its_owner_reads(tmp_path: Path) -> None:
    async def story(engine: EngineProcess) -> None:
        await engine.wait_ready(30)

    run(tmp_path, story)
    log = tmp_path / "logs" / "engine.log"
    assert log.read_text() == "one line of output\n"
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_large_log_is_moved_away_while_the_engine_writes_on(tmp_path: Path) -> None:
    async def play() -> None:
        engine = EngineProcess(replace(launch(tmp_path), log_bytes=1000), patience=QUICK)
        await engine.start()
        await engine.wait_ready(30)
        log = tmp_path / "logs" / "engine.log"
        with log.open("a") as file:
            file.write("x" * 5000)
        await eventually(lambda: log.stat().st_size == 0)
        assert (tmp_path / "logs" / "engine.log.1").read_text() == "x" * 1000
        await engine.stop()

    asyncio.run(play())
