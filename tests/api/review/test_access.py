"""Every look at a visitor's data is on record before anything is shown: who, at what, when, why (console and desk)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.api.desk import router as desk_router
from bot.api.review.router import router as review_router
from bot.core.messages import Author
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from tests.api.review.console import Console, make_console
from tests.decisions.turns import reply, take_turn
from tests.http import serve
from tests.parts import Parts, make_app, make_parts

SECRET = "My parcel went to the wrong house"


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    with make_console(tmp_path) as console:
        yield console


def turn(parts: Parts) -> tuple[str, str]:
    """A conversation with one turn, and its answer's record."""
    conversation = parts.conversation()
    take_turn(parts, conversation, reply(), SECRET)
    return conversation, str(parts.records(conversation)[-1]["decision_id"])


def looks(console: Console) -> list[dict[str, Any]]:
    """The access records, oldest first."""
    ids = [one["decision_id"] for one in console.find(kind="access", limit=200)["decisions"]]
    return [console.get(f"/decisions/{one}") for one in reversed(ids)]


def test_an_opened_record_leaves_who_what_when_and_why(console: Console) -> None:
    conversation, decision_id = turn(console.parts)
    opened = console.get(f"/decisions/{decision_id}", why="complaint")
    (look,) = looks(console)
    ruth = console.parts.people["ruth"]
    assert look["result"]["staff"] == {"id": ruth.id, "login": "ruth", "name": "Ruth"}
    assert look["input"] == {"what": "read:decision", "why": "complaint", "decision_id": decision_id}
    assert (look["kind"], look["outcome"], look["path"]) == ("access", "read:decision", "access log")
    assert look["conversation_id"] == conversation
    assert look["requested_by"] == console.parts.row(conversation).visitor_id
    assert look["timestamp"] > opened["timestamp"]
    assert look["human_involvement"] == look["automation_level"] == "decided by a person"
    assert look["explanation"]["title"] == "Ruth opened: a decision record"
    assert "a complaint" in look["explanation"]["text"]


def test_each_look_is_a_record_of_its_own(console: Console) -> None:
    _, decision_id = turn(console.parts)
    for path in (decision_id, decision_id, f"{decision_id}/conversation"):
        console.get(f"/decisions/{path}")
    console.sign_in("sam").get(f"/decisions/{decision_id}")
    found = [(look["outcome"], look["result"]["staff"]["login"], look["input"]["why"]) for look in looks(console)]
    assert found == [
        ("read:decision", "ruth", "review"),
        ("read:decision", "ruth", "review"),
        ("read:conversation", "ruth", "review"),
        ("read:decision", "sam", "review"),
    ]


def test_lists_proofs_and_looks_at_looks_leave_none(console: Console) -> None:
    _, decision_id = turn(console.parts)
    console.seal()
    for path in ("/decisions", "/choices", "/log", f"/decisions/{decision_id}/proof"):
        console.get(path)
    console.get(f"/decisions/{decision_id}")
    stop = console.parts.record(Decision(Kind.STOP, "", "", None, outcome="stopped"))[0]
    console.get(f"/decisions/{stop}")
    look = looks(console)[0]["decision_id"]
    console.get(f"/decisions/{look}")
    assert len(looks(console)) == 1


@pytest.mark.parametrize("path", ["/decisions/{id}", "/decisions/{id}/conversation", "/export.jsonl", "/export.csv"])
def test_without_a_record_of_the_look_nothing_is_shown(console: Console, path: str) -> None:
    conversation, decision_id = turn(console.parts)
    console.refuse_looks()
    response = console.call(path.format(id=decision_id))
    assert (response.status_code, response.json()["error"]["code"]) == (503, "record_unavailable")
    assert response.json()["error"]["message"].startswith("Your look could not be recorded, so nothing is shown.")
    assert conversation not in response.text and "on its way" not in response.text


def test_an_export_is_one_look_with_its_filters(console: Console) -> None:
    conversation, _ = turn(console.parts)
    console.lines(kind="answer", min_confidence=0.5, why="audit")
    console.call("/export.csv", conversation=conversation)
    console.call("/export.csv")
    filtered, about_one, whole = looks(console)
    assert filtered["input"] == {
        "what": "export:jsonl",
        "why": "audit",
        "filters": {"kind": "answer", "min_confidence": 0.5},
    }
    assert filtered["conversation_id"] == filtered["requested_by"] == ""
    assert (about_one["outcome"], about_one["conversation_id"]) == ("export:csv", conversation)
    assert about_one["requested_by"] == console.parts.row(conversation).visitor_id
    assert whole["input"]["filters"] == {}


@pytest.mark.parametrize("why", ["curiosity", "support", ""])
def test_a_look_needs_a_reason_that_is_one(console: Console, why: str) -> None:
    conversation, decision_id = turn(console.parts)
    for path in (f"/decisions/{decision_id}", f"/decisions/{decision_id}/conversation", "/export.csv"):
        assert console.call(path, why=why).status_code == 400
    assert looks(console) == []


def test_who_had_looked_stays_known_after_an_erasure(console: Console) -> None:
    parts = console.parts
    conversation, decision_id = turn(parts)
    console.get(f"/decisions/{decision_id}")
    parts.write(lambda s: parts.keyring.destroy(s, parts.row(conversation).visitor_id))
    console.get(f"/decisions/{decision_id}", why="data_request")
    assert [look["input"]["why"] for look in looks(console)] == ["review", "data_request"]


def test_an_unknown_record_leaves_no_look(console: Console) -> None:
    assert console.call("/decisions/dec_none").status_code == 404
    assert looks(console) == []


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Console]:
    """Both doors on one server: agents read conversations, reviewers read who did."""
    with make_parts(tmp_path) as parts, serve(lambda: make_app(parts, desk_router, review_router)) as base:
        yield Console(base, parts).sign_in("ruth")


def open_at_desk(desk: Console, login: str, conversation: str) -> requests.Response:
    cookie = desk.sign_in(login).cookie
    return requests.get(f"{desk.base}/api/desk/conversations/{conversation}", headers={"Cookie": cookie}, timeout=20)


def test_a_conversation_opened_at_the_desk_is_on_record(desk: Console) -> None:
    conversation = desk.parts.conversation()
    desk.parts.say(conversation, Author.VISITOR, SECRET)
    desk.parts.request(conversation)
    assert SECRET in open_at_desk(desk, "mina", conversation).text
    (look,) = looks(desk)
    assert look["input"] == {"what": "read:conversation", "why": "support"}
    assert (look["result"]["staff"]["login"], look["conversation_id"]) == ("mina", conversation)


def test_at_the_desk_too_nothing_is_shown_without_a_record(desk: Console) -> None:
    conversation = desk.parts.conversation()
    desk.parts.say(conversation, Author.VISITOR, SECRET)
    desk.parts.request(conversation)
    desk.refuse_looks()
    response = open_at_desk(desk, "mina", conversation)
    assert response.status_code == 503 and SECRET not in response.text


def test_a_conversation_that_may_not_be_seen_leaves_no_look(desk: Console) -> None:
    conversation = desk.parts.conversation()
    assert open_at_desk(desk, "mina", conversation).status_code == 404
    desk.parts.claim(desk.parts.request(conversation), "tom")
    assert open_at_desk(desk, "mina", conversation).status_code == 404
    assert looks(desk) == []
