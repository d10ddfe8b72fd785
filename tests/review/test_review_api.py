"""The review console's calls over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import requests

from bot.messages import Kind, Ranked, now
from bot.review.api import router
from bot.staff import COOKIE
from bot.staff.sessions import open_session
from tests.decisions.turns import gate, reply, take_turn
from tests.http import serve
from tests.parts import Parts, make_app, make_parts


@dataclass
class Console:
    base: str
    parts: Parts
    cookie: str
    conversations: list[str]

    def call(self, path: str, **query: Any) -> requests.Response:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        return requests.get(f"{self.base}/api/review{path}", params=query, headers=headers, timeout=20)

    def find(self, **query: Any) -> dict[str, Any]:
        response = self.call("/decisions", **query)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def ids(self, **query: Any) -> list[str]:
        return [one["decision_id"] for one in self.find(limit=200, **query)["decisions"]]


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """Three conversations: a sure turn with a gate, an unsure one, and a request for a human."""
    with make_parts(tmp_path_factory.mktemp("review")) as parts, serve(lambda: make_app(parts, router)) as base:
        first, second, third = (parts.conversation(language) for language in ("en", "zh", "en"))
        take_turn(parts, first, reply(), "Where is order FH-204817?")
        parts.record(gate(parts, first, None, "refused"))
        take_turn(parts, second, reply("nlu_fallback", 0.3, ranking=(Ranked("stock", 0.3),)))
        parts.request(third)
        yield Console(base, parts, cookie(parts, "ruth"), [first, second, third])


def cookie(parts: Parts, login: str) -> str:
    return f"{COOKIE}={parts.write(lambda s: open_session(s, parts.people[login].id))}"


def test_the_list_is_newest_first_with_a_line_each(console: Console) -> None:
    found = console.find()
    times = [one["timestamp"] for one in found["decisions"]]
    assert times == sorted(times, reverse=True) and len(times) == 9 and found["next_cursor"] is None
    newest = found["decisions"][0]
    assert (newest["kind"], newest["outcome"], newest["summary"]) == ("handoff", "handoff:queued", "Handoff: queued")
    assert set(newest) == {
        "decision_id",
        "timestamp",
        "kind",
        "intent",
        "confidence",
        "outcome",
        "conversation_id",
        "language",
        "summary",
    }
    assert found["intents"] == ["nlu_fallback", "order_status"]
    assert found["kinds"] == [kind.value for kind in Kind]


def test_pages_together_are_the_whole_list_each_record_once(console: Console) -> None:
    seen, cursor = [], None
    while True:
        page = console.find(limit=2, **({"cursor": cursor} if cursor else {}))
        assert len(page["decisions"]) <= 2
        seen += [one["decision_id"] for one in page["decisions"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == console.ids()


def test_a_record_written_meanwhile_does_not_shift_the_pages(console: Console) -> None:
    first = console.find(limit=3, kind="understanding", conversation=console.conversations[0])
    extra = console.parts.conversation()
    before = console.find(limit=4)
    console.parts.request(extra)
    after = console.find(limit=4, cursor=before["next_cursor"])
    assert not {one["decision_id"] for one in before["decisions"]} & {one["decision_id"] for one in after["decisions"]}
    assert first["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ({"kind": "gate"}, {"gate"}),
        ({"intent": "nlu_fallback"}, {"understanding", "fallback", "action", "answer"}),
        ({"min_confidence": 0.9}, {"understanding", "action", "answer"}),
        ({"max_confidence": 0.3}, {"understanding", "fallback", "action", "answer"}),
        ({"min_confidence": 0.95}, set()),
        ({"intent": "no_such_intent"}, set()),
    ],
)
def test_filters_leave_what_fits(console: Console, query: dict[str, Any], kinds: set[str]) -> None:
    assert {one["kind"] for one in console.find(**query)["decisions"]} == kinds


def test_a_conversation_can_be_looked_at_alone(console: Console) -> None:
    found = console.find(conversation=console.conversations[1])["decisions"]
    assert {one["conversation_id"] for one in found} == {console.conversations[1]} and len(found) == 4


def test_time_includes_its_start_and_not_its_end(console: Console) -> None:
    moment = console.find()["decisions"][2]["timestamp"]
    since, until = console.ids(**{"from": moment}), console.ids(to=moment)
    assert sorted(since + until) == sorted(console.ids()) and len(since) == 3
    assert console.ids(**{"from": (now() + timedelta(days=1)).isoformat()}) == []


def test_a_record_opens_with_explanation_ranking_threshold_and_its_turn(console: Console) -> None:
    chosen = console.find(kind="understanding", conversation=console.conversations[0])["decisions"][0]
    found = console.call(f"/decisions/{chosen['decision_id']}").json()
    assert found["explanation"]["title"].startswith("Understood as: Where is my order")
    assert found["ranking"][0] == {"name": "order_status", "confidence": 0.91}
    assert (found["threshold"], found["disclosure_version"]) == (0.43, "1")
    assert [one["kind"] for one in found["turn"]] == ["understanding", "action", "answer"]
    assert found["input"]["text"] == "Where is order [ORDER_1]?" and len(found["commitment"]) == 64


def test_a_record_outside_any_turn_stands_alone(console: Console) -> None:
    chosen = console.ids(kind="gate")[0]
    found = console.call(f"/decisions/{chosen}").json()
    assert [one["decision_id"] for one in found["turn"]] == [chosen]
    assert "the visitor had said no" in found["explanation"]["text"]


def test_an_erased_record_says_so_and_keeps_its_commitment(console: Console) -> None:
    parts = console.parts
    conversation = parts.conversation()
    take_turn(parts, conversation, reply(), "Erase me")
    parts.write(lambda s: parts.keyring.destroy(s, parts.row(conversation).visitor_id))
    chosen = console.ids(conversation=conversation)[-1]
    found = console.call(f"/decisions/{chosen}").json()
    assert found["explanation"]["title"] == "Erased" and len(found["commitment"]) == 64
    assert found["ranking"] == [] and len(found["turn"]) == 3 and "Erase me" not in str(found)


@pytest.mark.parametrize("path", ["/decisions", "/decisions/dec_1"])
def test_strangers_and_agents_stay_out(console: Console, path: str) -> None:
    for who, status in (("", 401), (cookie(console.parts, "mina"), 403)):
        response = Console(console.base, console.parts, who, []).call(path)
        assert response.status_code == status and response.json()["error"]["message"].endswith(".")


HOSTILE: list[dict[str, Any]] = [
    {"limit": 0},
    {"limit": 201},
    {"limit": "many"},
    {"cursor": "x"},
    {"cursor": "%%%"},
    {"cursor": "é"},
    {"cursor": "a" * 201},
    {"cursor": "OTk5OTk5"},
    {"cursor": "MDAwMS0wMS0wMVQwMDowMDowMCsyMzo1OSB4"},
    {"from": "yesterday"},
    {"to": "2026-13-45"},
    {"from": ""},
    {"kind": "everything"},
    {"kind": "gate'--"},
    {"min_confidence": -1},
    {"max_confidence": 2},
    {"min_confidence": "nan"},
    {"max_confidence": "high"},
    {"intent": "x" * 65},
    {"conversation": "x" * 65},
]


@pytest.mark.parametrize("query", HOSTILE, ids=[str(query)[:30] for query in HOSTILE])
def test_a_query_that_makes_no_sense_gets_a_sentence(console: Console, query: dict[str, Any]) -> None:
    response = console.call("/decisions", **query)
    assert response.status_code == 400
    assert response.json()["error"]["message"].endswith(".")


@pytest.mark.parametrize("name", ["x", "%00", "é", "a" * 3000])
def test_an_unknown_decision_is_not_found(console: Console, name: str) -> None:
    assert console.call(f"/decisions/{name}").status_code == 404


def test_far_away_times_find_nothing_and_break_nothing(console: Console) -> None:
    assert console.ids(**{"from": "9999-12-31T23:59:59Z"}) == []
    assert console.ids(to="0001-01-02T00:00:00Z") == []
