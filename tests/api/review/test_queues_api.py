"""The queues over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.api.review.console import Console, make_console
from tests.api.review.posting import judge, understood

NAMES = ["random", "low_confidence", "contested", "new_intent", "second"]


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """Three turns, one of them unsure; every reviewed decision gets a second look."""
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("CANDOR_SECOND_REVIEWS", "1")
    with make_console(tmp_path_factory.mktemp("queues")) as made:
        monkeypatch.undo()
        for confidence in (0.3, 0.8, 0.9):
            understood(made, confidence=confidence)
        made.seal()
        yield made


def decisions(console: Console, name: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = console.get(f"/queues/{name}", **query)["decisions"]
    return found


def test_all_queues_are_listed_with_how_many_wait(console: Console) -> None:
    queues: Any = console.get("/queues")
    assert [one["name"] for one in queues] == NAMES
    assert all(set(one) == {"name", "title", "count_hint"} and one["title"] for one in queues)
    counts = {one["name"]: one["count_hint"] for one in queues}
    assert counts["random"] is None and counts["low_confidence"] == 1 and counts["contested"] == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_queue_says_what_it_is(console: Console, name: str) -> None:
    found = console.get(f"/queues/{name}")
    assert set(found) == {"queue", "title", "explanation", "decisions"}
    assert found["queue"] == name and found["explanation"].endswith(".")


def test_a_sample_is_as_long_as_asked(console: Console) -> None:
    assert [len(decisions(console, "random", limit=limit)) for limit in (1, 4, 100)] == [1, 4, 6]
    shown = decisions(console, "random", limit=1)[0]
    assert shown["kind"] in ("understanding", "answer") and {"decision_id", "summary", "verdict"} < set(shown)


def test_what_i_reviewed_leaves_my_queue_and_enters_a_colleagues_blind(console: Console) -> None:
    (unsure,) = decisions(console, "low_confidence")
    assert unsure["confidence"] == 0.3
    judge(console, unsure["decision_id"], "wrong")
    sam = console.sign_in("sam")
    assert decisions(console, "low_confidence") == decisions(console, "second") == []
    for name in ("low_confidence", "second"):
        (shown,) = decisions(sam, name)
        assert (shown["decision_id"], shown["verdict"]) == (unsure["decision_id"], None)
    assert sam.get(f"/decisions/{unsure['decision_id']}")["reviews"] == []
    judge(sam, unsure["decision_id"], "right")
    assert decisions(sam, "second") == [] and len(sam.get(f"/decisions/{unsure['decision_id']}")["reviews"]) == 2
    (third,) = decisions(console.sign_in("olga"), "low_confidence")
    assert (third["decision_id"], third["verdict"]) == (unsure["decision_id"], None)


@pytest.mark.parametrize(("path", "status"), [("/queues/nonsense", 404), ("/queues/random?limit=0", 400)])
def test_a_queue_that_is_none_gets_a_sentence(console: Console, path: str, status: int) -> None:
    response = console.call(path)
    assert response.status_code == status and response.json()["error"]["message"].endswith(".")


@pytest.mark.parametrize("path", ["/queues", "/queues/random"])
def test_strangers_and_agents_stay_out(console: Console, path: str) -> None:
    assert replace(console, cookie="").call(path).status_code == 401
    assert console.sign_in("mina").call(path).status_code == 403
