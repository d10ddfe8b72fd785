"""One small trained model and one running engine for all of these tests; who must kill an engine starts another."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from engine_process import PYTHON, ROOT, Engine, action_server, clean_environment, trained_model  # noqa: E402

from tests.tools import need  # noqa: E402


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first of these tests trains a model and starts an engine, which takes longer than one test may."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(900))
            item.add_marker(pytest.mark.engine)


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model of tests/engine/project."""
    need("engine")
    return trained_model()


@pytest.fixture(scope="session")
def actions_url() -> Iterator[str]:
    """The address of the test's action webhook."""
    with action_server() as url:
        yield url


@pytest.fixture(scope="session")
def engine(model: Path, actions_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A running engine; each test takes a sender of its own."""
    running = Engine(model, tmp_path_factory.mktemp("engine"), actions_url)
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.end()


@pytest.fixture
def start(model: Path, actions_url: str, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    """Starts engines that share one store, for tests that end them."""
    started: list[Engine] = []

    def begin() -> Engine:
        started.append(Engine(model, tmp_path, actions_url))
        started[-1].wait_until_ready()
        return started[-1]

    yield begin
    for engine in started:
        engine.end()


@pytest.fixture(scope="session")
def in_engine(model: Path) -> Callable[..., str]:
    """Runs a script of this folder with the engine's Python; gives what it printed."""

    def run(script: str, *arguments: Any) -> str:
        command = [str(PYTHON), "-W", "ignore", str(Path(__file__).parent / script), *map(str, arguments)]
        environment = clean_environment(PYTHONPATH=str(ROOT))
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    return run
