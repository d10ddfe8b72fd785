"""The review console's calls over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.core.ids import now
from bot.core.messages import Ranked
from bot.decisions.kinds import Kind
from tests.api.review.console import Console, make_console
from tests.decisions.turns import gate, reply, take_turn


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """Three conversations: a sure turn with a gate, an unsure one, and a request for a human."""
    with make_console(tmp_path_factory.mktemp("review")) as console:
        parts = console.parts
        first, second, third = (parts.conversation(language) for language in ("en", "zh", "en"))
        take_turn(parts, first, reply(), "Where is order FH-204817?")
        parts.record(gate(parts, first, None, "refused"))
        take_turn(parts, second, reply("nlu_fallback", 0.3, ranking=(Ranked("stock", 0.3),), fingerprint="def456"))
        parts.request(third)
        yield console


@pytest.fixture(scope="module")
def conversations(console: Console) -> list[str]:
    """The three, in the order they began."""
    found = [one["conversation_id"] for one in console.find(limit=200)["decisions"]]
    return list(dict.fromkeys(reversed(found)))[:3]


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
        "model",
        "leaf_index",
        "summary",
        "verdict",
        "contest",
    }


def test_the_choices_are_what_is_on_record(console: Console) -> None:
    found = console.get("/choices")
    assert [kind["name"] for kind in found["kinds"]] == [kind.value for kind in Kind]
    assert {kind["title"] for kind in found["kinds"]} >= {"Look at data", "Consent gate", "Erasure"}
    assert found["intents"] == ["nlu_fallback", "order_status"] and found["languages"] == ["en", "zh"]
    assert {"asked_again", "handoff:queued", "refused:refused"} <= set(found["outcomes"])
    assert [model["fingerprint"] for model in found["models"]] == ["def456", "abc123"]
    assert found["models"][0]["first_day"] == found["models"][0]["last_day"] == now().date().isoformat()
    assert {"order_status", "invoice", "return_order"} <= set(found["right_intents"])
    assert "nlu_fallback" not in found["right_intents"]
    assert {"fine", "wrong_intent"} <= {reason["code"] for reason in found["reasons"]}


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


def test_a_record_written_meanwhile_does_not_shift_the_pages(console: Console, conversations: list[str]) -> None:
    first = console.find(limit=3, kind="understanding", conversation=conversations[0])
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
        ({"language": "zh"}, {"understanding", "fallback", "action", "answer"}),
        ({"outcome": "asked_again"}, {"fallback"}),
        ({"model": "abc123"}, {"understanding", "action", "answer"}),
        ({"model": "abc123", "outcome": "asked_again"}, set()),
        ({"search": "fallb"}, {"understanding", "fallback", "action", "answer"}),
        ({"search": "QUEUED"}, {"handoff"}),
        ({"search": "order st"}, {"understanding", "action", "answer"}),
        ({"search": "allback"}, set()),
        ({"search": "..."}, set()),
    ],
)
def test_filters_leave_what_fits(console: Console, query: dict[str, Any], kinds: set[str]) -> None:
    assert {one["kind"] for one in console.find(**query)["decisions"]} == kinds


def test_a_conversation_can_be_looked_at_alone(console: Console, conversations: list[str]) -> None:
    found = console.find(conversation=conversations[1])["decisions"]
    assert {one["conversation_id"] for one in found} == {conversations[1]} and len(found) == 4


def test_time_includes_its_start_and_not_its_end(console: Console) -> None:
    moment = console.find()["decisions"][2]["timestamp"]
    since, until = console.ids(**{"from": moment}), console.ids(to=moment)
    assert sorted(since + until) == sorted(console.ids()) and len(since) == 3
    assert console.ids(**{"from": (now() + timedelta(days=1)).isoformat()}) == []


def test_a_record_opens_with_explanation_ranking_and_its_turn(console: Console, conversations: list[str]) -> None:
    chosen = console.find(kind="understanding", conversation=conversations[0])["decisions"][0]
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


CALLS = ["/decisions", "/decisions/dec_1", "/choices", "/log", "/export.jsonl", "/export.csv"]
CALLS += ["/decisions/dec_1/proof", "/decisions/dec_1/conversation"]


@pytest.mark.parametrize("path", CALLS)
def test_strangers_and_agents_stay_out(console: Console, path: str) -> None:
    for who, status in ((Console(console.base, console.parts), 401), (console.sign_in("mina"), 403)):
        response = who.call(path)
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
    {"search": "x" * 97},
    {"search": "a\0b"},
    {"conversation": "\0"},
    {"outcome": "\n"},
    {"from": "0001-01-01T00:00:00+14:00"},
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
