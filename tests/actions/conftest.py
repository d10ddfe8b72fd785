from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actions.gateway import Gateway


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    gateway = Gateway(tmp_path)
    yield gateway
    gateway.close()
