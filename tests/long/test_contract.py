"""Every door, with each role, answers many odd and ordinary requests only as the OpenAPI document says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api import contract

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]
EXAMPLES = 20


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[contract.Site]:
    with contract.site(tmp_path_factory.mktemp("contract")) as site:
        yield site


@pytest.mark.parametrize("role", contract.ROLES)
@pytest.mark.parametrize("operation", contract.OPERATIONS)
def test_every_response_is_as_documented(site: contract.Site, operation: str, role: str) -> None:
    contract.check(site, operation, role, EXAMPLES)


def test_every_operation_was_answered_with_success_at_least_once(site: contract.Site) -> None:
    """Fails when the requests stay at the door, and so prove nothing of what is behind it."""
    never = sorted(set(contract.OPERATIONS) - site.opened)
    assert never == [], "\n".join(never)
