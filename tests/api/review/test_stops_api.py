"""The calls that stop the assistant, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.api.review.router import router
from bot.api.staff_auth import COOKIE
from bot.core.messages import Author
from bot.db.models import ConversationRow, StaffRow, StopRow
from bot.oversight import stops
from bot.staff.sessions import open_session
from tests.http import serve
from tests.parts import PROJECT, Parts, make_app, make_parts


@dataclass
class Console:
    base: str
    parts: Parts

    def call(self, method: str, path: str = "", body: Any = None, *, login: str = "olga") -> requests.Response:
        token = self.parts.write(lambda s: open_session(s, self.parts.people[login].id))
        headers = {"Cookie": f"{COOKIE}={token}", "X-Candor": "1"}
        return requests.request(method, f"{self.base}/api/review/stops{path}", json=body, headers=headers, timeout=20)

    def active(self) -> list[str | None]:
        return [stop.topic for stop in self.parts.read(stops.active)]


@pytest.fixture
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """Tom has no other role than operator."""
    with make_parts(tmp_path_factory.mktemp("stops")) as parts, serve(lambda: make_app(parts, router)) as base:
        tom = parts.people["tom"].id
        parts.write(lambda s: s.execute(update(StaffRow).where(StaffRow.id == tom).values(roles=["operator"])))
        yield Console(base, parts)


def test_an_operator_stops_everything_and_lets_it_go_on(console: Console) -> None:
    response = console.call("POST", body={"topic": None, "reason": "It tells nonsense."})
    assert response.status_code == 201, response.text
    stop = response.json()
    assert (stop["topic"], stop["title"], stop["by"], stop["ended_at"]) == (None, "Everything", "Olga", None)
    assert console.active() == [None]
    again = console.call("POST", body={"topic": None, "reason": "Me too."}, login="tom")
    assert (again.status_code, again.json()["id"]) == (200, stop["id"])
    ended = console.call("DELETE", f"/{stop['id']}", login="tom")
    assert ended.status_code == 200 and ended.json()["ended_by"] == "Tom" and ended.json()["ended_at"]
    assert console.active() == []
    twice = console.call("DELETE", f"/{stop['id']}")
    assert (twice.status_code, twice.json()["error"]["code"]) == (409, "already_ended")


def test_the_list_names_topics_and_puts_what_is_stopped_first(console: Console) -> None:
    first = console.call("POST", body={"topic": "orders", "reason": "One."}).json()["id"]
    second = console.call("POST", body={"topic": None, "reason": "Two."}).json()["id"]
    console.call("DELETE", f"/{second}")
    for login in ("ruth", "tom", "olga"):
        found = console.call("GET", login=login).json()
        assert [(one["id"], one["title"]) for one in found["stops"]] == [(first, "Orders"), (second, "Everything")]
        assert found["topics"] == [{"name": topic.name, "title": topic.title} for topic in PROJECT.topics().values()]
    assert {"name": "orders", "title": "Orders"} in found["topics"]


def test_the_page_shows_what_visitors_will_read_to_the_word(console: Console) -> None:
    parts, told = console.parts, console.call("GET").json()["told"]
    for topic, name in ((None, "everything"), ("orders", "topic")):
        stop_id = console.call("POST", body={"topic": topic, "reason": "Test."}).json()["id"]
        conversation = parts.conversation()
        message = parts.say(conversation, Author.VISITOR, "where is my order")

        def answer(session: Session, stop_id: str = stop_id, talk: str = conversation, turn: str = message) -> None:
            row = session.get_one(ConversationRow, talk)
            parts.stops.answer(session, row, session.get_one(StopRow, stop_id), turn, "en")

        parts.write(answer)
        assert told[name] in parts.said(conversation)
        console.call("DELETE", f"/{stop_id}")


def test_reviewers_look_and_do_not_stop_and_agents_do_neither(console: Console) -> None:
    stop = {"topic": None, "reason": "Why not."}
    assert console.call("POST", body=stop, login="ruth").status_code == 403
    assert console.call("POST", body=stop, login="mina").status_code == 403
    assert console.call("DELETE", "/stp_1", login="ruth").status_code == 403
    assert console.call("GET", login="mina").status_code == 403
    assert requests.get(f"{console.base}/api/review/stops", timeout=20).status_code == 401
    assert console.active() == []


def test_an_operator_who_is_no_reviewer_sees_no_decisions(console: Console) -> None:
    """The stops' door is wider than the console's; nothing else may come through it."""
    token = console.parts.write(lambda s: open_session(s, console.parts.people["tom"].id))
    for path in ("decisions", "contests"):
        headers = {"Cookie": f"{COOKIE}={token}"}
        assert requests.get(f"{console.base}/api/review/{path}", headers=headers, timeout=20).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"topic": None},
        {"reason": "x"},
        {"topic": None, "reason": " "},
        {"topic": None, "reason": "x" * 401},
        {"topic": "human", "reason": "x"},
        {"topic": "nonsense", "reason": "x"},
        {"topic": "x" * 65, "reason": "x"},
        {"topic": 1, "reason": "x"},
    ],
)
def test_a_stop_needs_a_reason_and_a_topic_there_is(console: Console, body: dict[str, Any]) -> None:
    response = console.call("POST", body=body)
    assert response.status_code in (400, 422) and response.json()["error"]["message"].endswith(".")
    assert console.active() == []


def test_an_unknown_stop_is_not_found(console: Console) -> None:
    for stop_id in ("stp_none", "%00"):
        assert console.call("DELETE", f"/{stop_id}").status_code in (400, 404, 422)
