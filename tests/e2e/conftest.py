"""One running Candor for the tests that do not harm it, and one of a file's own for those that do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.running import Gateway
from tests.tools import need


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    need("engine", "model", "web")
    gateway = Gateway(tmp_path_factory.mktemp("candor"), {"CANDOR_HANDOFF_WAIT": "30"}).start()
    yield gateway
    gateway.stop()


@pytest.fixture(scope="module")
def files_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A Candor of the file's own that its tests may stop and kill; the first to need it starts it."""
    need("engine", "model", "web")
    gateway = Gateway(tmp_path_factory.mktemp("candor"))
    yield gateway
    if gateway.alive:
        gateway.stop()


@pytest.fixture
def own(files_own: Gateway) -> Gateway:
    """The file's own Candor, running, whatever the test before has done to it."""
    files_own.run()
    files_own.wait_engine()
    return files_own


@pytest.fixture
def own_gateway(tmp_path: Path) -> Iterator[Callable[..., Gateway]]:
    """Starts a Candor that a test may kill; with other settings, if it likes."""
    need("engine", "model", "web")
    started: list[Gateway] = []

    def start(**settings: str) -> Gateway:
        gateway = Gateway(tmp_path / f"data{len(started)}", settings)
        started.append(gateway)
        return gateway.start()

    yield start
    for gateway in started:
        gateway.stop()
