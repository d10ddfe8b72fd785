"""Sessions of endpoints: many writers at once do not wait for each other's threads."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.api import contract

AT_ONCE = 60
"""More than the threads that FastAPI has for endpoints (40)."""


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[contract.Site]:
    with contract.site(tmp_path_factory.mktemp("deps")) as site:
        yield site


def test_more_writers_at_once_than_there_are_threads_are_all_answered(site: contract.Site) -> None:
    """Fails when a dependency takes the write lock: the endpoint that would release it then waits for a thread."""
    bearer = {"Authorization": f"Bearer {site.converse()}"}
    url = f"{site.base}/api/conversations/{site.ids['conversation_id'][0]}/consent"

    def choose(number: int) -> int:
        choice = {"purpose": "order_history", "choice": "allow" if number % 2 else "refuse"}
        return requests.post(url, json=choice, headers=bearer, timeout=25).status_code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert set(threads.map(choose, range(2 * AT_ONCE))) == {200}


def test_conversations_opened_while_others_write_do_not_wait_for_each_others_threads(site: contract.Site) -> None:
    """Fails when an endpoint that opens its own transaction holds a thread while it waits for the write lock."""
    site.converse()
    conversation_id, decision_id = site.ids["conversation_id"][0], site.ids["decision_id"][0]
    paths = (
        ("agent", f"/api/desk/conversations/{conversation_id}"),
        ("reviewer", f"/api/review/decisions/{decision_id}/conversation"),
        ("reviewer", f"/api/review/export.csv?conversation={conversation_id}"),
        ("reviewer", f"/api/review/decisions/{decision_id}"),
    )
    calls = [(site.base + path, site.headers(role, path)) for role, path in paths]

    def call(number: int) -> int:
        url, headers = calls[number % len(calls)]
        return requests.get(url, headers=headers, timeout=25).status_code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert set(threads.map(call, range(2 * AT_ONCE))) == {200}
