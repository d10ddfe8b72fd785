"""The reviewers' calls about contests, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from bot.api.review.router import router
from bot.api.staff_auth import COOKIE
from bot.db.models import ContestRow, ConversationRow
from bot.staff.sessions import open_session
from tests.decisions.turns import reply, take_turn
from tests.http import serve
from tests.parts import Parts, make_app, make_parts

LEFT = {"reason": "It is wrong.", "contact": "ada@example.org"}


@dataclass
class Console:
    base: str
    parts: Parts

    def call(self, method: str, path: str, body: Any = None, *, login: str = "ruth", **more: Any) -> requests.Response:
        token = self.parts.write(lambda s: open_session(s, self.parts.people[login].id))
        headers = {"Cookie": f"{COOKIE}={token}", "X-Candor": "1"}
        url = f"{self.base}/api/review{path}"
        return requests.request(method, url, json=body, headers=headers, timeout=20, **more)

    def contested(self, **given: Any) -> tuple[str, str]:
        """A conversation and its contest."""
        conversation = self.parts.conversation()
        message = take_turn(self.parts, conversation, reply())
        row, _ = self.parts.write(
            lambda s: self.parts.contests.open(s, s.get_one(ConversationRow, conversation), message, **given)
        )
        return conversation, row.id

    def looks(self, conversation: str) -> list[dict[str, Any]]:
        """The access records about a conversation."""
        return [one for one in self.parts.records(conversation) if one["kind"] == "access"]


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    with make_parts(tmp_path_factory.mktemp("contests")) as parts, serve(lambda: make_app(parts, router)) as base:
        yield Console(base, parts)


def test_the_list_tells_what_waits_without_a_look_at_anybody(console: Console) -> None:
    conversation, contest_id = console.contested(**LEFT)
    found = console.call("GET", "/contests", params={"state": "open"}).json()["contests"]
    assert [one["state"] for one in found] == ["open"] * len(found)
    listed = next(one for one in found if one["id"] == contest_id)
    assert (listed["reason"], listed["contact"], listed["reply"]) == (None, None, None)
    assert listed["decision_id"] is not None
    assert console.looks(conversation) == []


def test_opening_one_shows_it_and_records_the_look(console: Console) -> None:
    """Falls when the access record in `open_contest` goes."""
    conversation, contest_id = console.contested(**LEFT)
    opened = console.call("GET", f"/contests/{contest_id}", params={"why": "complaint"}).json()
    assert (opened["reason"], opened["contact"], opened["reply"]) == (*LEFT.values(), "It is on its way.")
    assert "Please write there too" in opened["contact_note"] and "sends no mail" in opened["contact_note"]
    (look,) = console.looks(conversation)
    assert (look["outcome"], look["input"]["why"], look["input"]["contest_id"]) == (
        "read:contest",
        "complaint",
        contest_id,
    )
    assert look["result"]["staff"]["name"] == "Ruth"


def test_no_note_asks_to_write_where_no_address_was_left(console: Console) -> None:
    _, contest_id = console.contested()
    assert console.call("GET", f"/contests/{contest_id}").json()["contact_note"] is None


def test_a_decision_is_told_once(console: Console) -> None:
    conversation, contest_id = console.contested(**LEFT)
    ruling = {"outcome": "overturned", "words": "It was lost.", "written": True}
    decided = console.call("POST", f"/contests/{contest_id}", ruling)
    assert decided.status_code == 200, decided.text
    found = decided.json()
    assert (found["state"], found["reviewer"], found["words"]) == ("overturned", "Ruth", "It was lost.")
    assert console.parts.records(conversation)[-1]["result"]["written"] is True
    assert "It was lost." in console.parts.said(conversation)[-1]
    again = console.call("POST", f"/contests/{contest_id}", {"outcome": "upheld", "words": "No."}, login="sam")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "already_decided")
    assert sum("It was lost." in text or "No." in text for text in console.parts.said(conversation)) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"outcome": "upheld"},
        {"outcome": "upheld", "words": ""},
        {"outcome": "upheld", "words": " \u200b\n"},
        {"outcome": "upheld", "words": "x" * 2001},
        {"outcome": "open", "words": "x"},
        {"outcome": "upheld", "words": "x", "more": 1},
    ],
)
def test_a_decision_needs_an_outcome_and_words(console: Console, body: dict[str, Any]) -> None:
    conversation, contest_id = console.contested()
    response = console.call("POST", f"/contests/{contest_id}", body)
    assert response.status_code in (400, 422) and response.json()["error"]["message"].endswith(".")
    assert console.parts.said(conversation)[-1] == "It is on its way."


def test_an_unknown_contest_is_not_found(console: Console) -> None:
    for contest_id in ("cts_none", "%00", "é"):
        assert console.call("GET", f"/contests/{contest_id}").status_code in (400, 404, 422)
        ruling = {"outcome": "upheld", "words": "x"}
        assert console.call("POST", f"/contests/{contest_id}", ruling).status_code in (400, 404, 422)
    assert console.call("GET", "/contests", params={"state": "other"}).status_code in (400, 422)


def test_only_reviewers_come_in_and_a_write_needs_the_header(console: Console) -> None:
    _, contest_id = console.contested()
    for path in ("/contests", f"/contests/{contest_id}"):
        assert console.call("GET", path, login="mina").status_code == 403
        assert requests.get(f"{console.base}/api/review{path}", timeout=20).status_code == 401
    ruling = {"outcome": "upheld", "words": "x"}
    assert console.call("POST", f"/contests/{contest_id}", ruling, login="mina").status_code == 403
    token = console.parts.write(lambda s: open_session(s, console.parts.people["ruth"].id))
    bare = requests.post(
        f"{console.base}/api/review/contests/{contest_id}",
        json=ruling,
        headers={"Cookie": f"{COOKIE}={token}"},
        timeout=20,
    )
    assert bare.status_code == 403
    assert console.parts.read(lambda s: s.get_one(ContestRow, contest_id)).state == "open"
