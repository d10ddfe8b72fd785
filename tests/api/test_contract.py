"""Every door, with each role, answers odd and ordinary requests only as the OpenAPI document says.

tests/long/test_contract.py sends more of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api import contract

EXAMPLES = 1


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[contract.Site]:
    with contract.site(tmp_path_factory.mktemp("contract")) as site:
        yield site


@pytest.mark.parametrize("operation", contract.OPERATIONS)
def test_every_response_is_as_documented(site: contract.Site, operation: str) -> None:
    for role in contract.ROLES:
        contract.check(site, operation, role, EXAMPLES)
