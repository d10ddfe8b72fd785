"""One running Candor for the tests that do not harm it, and one of a file's own for those that do."""

from __future__ import annotations

from collections.abc import Iterator

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
