"""One running Candor for the tests that do not harm it; those that do start their own."""

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
