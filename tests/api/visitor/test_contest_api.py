"""Contesting a reply at the visitor's API, and its outcome on every door: the whole gateway, with a scripted engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import socketio
from sqlalchemy import select
from starlette.types import ASGIApp

from bot.app import create_app
from bot.core.ids import new_id
from bot.core.settings import Settings
from bot.db.models import ContestRow, ConversationRow, DecisionRow, MessageRow
from bot.decisions.kinds import Kind
from bot.services import Services, build
from bot.staff import create
from tests.databases import fresh_database
from tests.http import EventStream, follow, serve
from tests.scripted import ScriptedEngine


@dataclass
class Site:
    """A running gateway and its services."""

    base: str
    services: Services

    def contests(self) -> list[ContestRow]:
        with self.services.database.snapshot() as session:
            return list(session.scalars(select(ContestRow).order_by(ContestRow.at)))

    def decide(self, words: str = "It was lost.") -> None:
        """Ruth decides the newest contest."""
        known = self.contests()
        with self.services.database.transaction() as session:
            ruth = create(session, f"ruth{len(known)}", "Ruth", ["reviewer"], "a-password-for-tests")
            self.services.contests.decide(session, ruth, known[-1].id, "overturned", words, False)


@dataclass
class Visitor:
    site: Site
    language: str = "en"
    token: str = ""
    id: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    def open(self) -> Visitor:
        opened = self.session.post(f"{self.site.base}/api/conversations", json={"language": self.language}).json()
        self.id, self.token = opened["conversation_id"], opened["token"]
        self.session.headers["Authorization"] = f"Bearer {self.token}"
        notice = opened["disclosure"]
        self.call("POST", "/disclosure", {"version": notice["version"], "language": notice["language"]})
        return self

    def call(self, method: str, path: str = "", body: Any = None) -> requests.Response:
        return self.session.request(
            method, f"{self.site.base}/api/conversations/{self.id}{path}", json=body, timeout=20
        )

    def follow(self) -> Any:
        url = f"{self.site.base}/api/conversations/{self.id}/events"
        return follow(url, {"Authorization": f"Bearer {self.token}"})

    def say(self, stream: EventStream, text: str) -> tuple[str, str]:
        """The visitor's message's id, and its answer's."""
        sent = self.call("POST", "/messages", {"client_message_id": new_id("cli"), "text": text}).json()
        while (event := stream.next("message")).data["reply_to"] != sent["message_id"]:
            continue
        return sent["message_id"], event.data["id"]

    def contest(self, message_id: str, body: Any = None) -> requests.Response:
        return self.call("POST", f"/messages/{message_id}/contest", {} if body is None else body)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("gateway"), message_rate=10_000)
    database = fresh_database(settings.data_dir / "candor.db")
    made: list[Services] = []

    def make() -> ASGIApp:
        made.append(build(settings, database, ScriptedEngine()))
        return create_app(made[0])

    with serve(make) as base:
        yield Site(base, made[0])
    database.close()


def test_a_reply_is_contested_and_the_outcome_comes_as_a_message_and_an_event(site: Site) -> None:
    visitor = Visitor(site).open()
    with visitor.follow() as stream:
        _, reply = visitor.say(stream, "refund?")
        answer = visitor.contest(reply, {"reason": "It is wrong.", "contact": " ada@example.org "})
        assert answer.status_code == 201 and set(answer.json()) == {"id", "state", "at"}
        assert stream.next("contest").data == {"message_id": reply, "state": "open"}
        again = visitor.contest(reply, {"reason": "Once more."})
        assert (again.status_code, again.json()) == (200, answer.json())
        assert visitor.call("GET").json()["contests"] == [{"message_id": reply, "state": "open"}]
        with site.services.database.snapshot() as session:
            kept = site.services.contests.read(session, session.get_one(ContestRow, answer.json()["id"]))
        assert (kept.reason, kept.contact) == ("It is wrong.", "ada@example.org")

        site.decide()
        told = stream.next("message").data
        assert told["author"] == "system" and told["text"].endswith("Ruth writes:\n“It was lost.”")
        assert stream.next("contest").data == {"message_id": reply, "state": "overturned"}
        assert visitor.call("GET").json()["contests"] == [{"message_id": reply, "state": "overturned"}]


def test_nothing_has_to_be_given(site: Site) -> None:
    visitor = Visitor(site).open()
    with visitor.follow() as stream:
        _, reply = visitor.say(stream, "refund?")
        assert visitor.contest(reply, {"reason": "  ", "contact": ""}).status_code == 201
        assert site.contests()[-1].reason_sealed is None and site.contests()[-1].contact_sealed is None


def test_what_cannot_be_contested_is_refused(site: Site) -> None:
    visitor, other = Visitor(site).open(), Visitor(site).open()
    with visitor.follow() as stream, other.follow() as elsewhere:
        mine, reply = visitor.say(stream, "refund?")
        _, theirs = other.say(elsewhere, "refund?")
        before = len(site.contests())
        assert visitor.contest(mine).status_code == 400
        assert visitor.contest(theirs).status_code == 404
        assert visitor.contest("msg_none").status_code == 404
        refused = visitor.contest(reply, {"contact": "somewhere"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "contact_not_understood")
        for body in ({"reason": "x" * 1001}, {"reason": 1}, {"contact": "x" * 401}, []):
            assert visitor.contest(reply, body).status_code in (400, 422)
        stranger = Visitor(site, id=visitor.id)
        assert stranger.contest(reply).status_code == 401
        other.id = visitor.id
        assert other.contest(reply).status_code == 404
        assert len(site.contests()) == before


def test_a_human_can_be_asked_to_check_after_a_human_took_over(site: Site) -> None:
    visitor = Visitor(site).open()
    with visitor.follow() as stream:
        _, reply = visitor.say(stream, "refund?")
        visitor.call("POST", "/handoff", {})
        assert visitor.contest(reply).status_code == 201


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("opt out", "Your words “opt out” are in the closed list of phrases that mean “End of the use of data”"),
        ("Is it some robot that types?", "“Question whether a machine answers” gave your words “Is it some robot that"),
        ("/withdraw_consent", "You pressed a button that means “End of the use of data”"),
    ],
)
def test_what_was_said_for_a_standing_request_is_explained_and_contested(site: Site, text: str, told: str) -> None:
    visitor = Visitor(site).open()
    with visitor.follow() as stream:
        _, reply = visitor.say(stream, text)
    why = visitor.call("GET", f"/messages/{reply}/why").json()
    assert told in why["text"] and ("95%" in why["text"]) == ("robot" in text)
    assert visitor.contest(reply, {"reason": "I did not ask for that."}).status_code == 201
    assert [site.contests()[-1].decision_id] == records(site, why["decision_ids"], Kind.ANSWER)


def test_each_answer_to_one_message_is_explained_and_contested_by_itself(site: Site) -> None:
    visitor = Visitor(site).open()
    with visitor.follow() as stream:
        message, first = visitor.say(stream, "Some robot over there, I guess? And what is your refund policy?")
        assert (second := stream.next("message").data)["reply_to"] == message
    for_request, for_rest = (
        visitor.call("GET", f"/messages/{reply}/why").json()["text"] for reply in (first, second["id"])
    )
    assert "A detector trained" in for_request and "I understood your message" not in for_request
    assert "A detector trained" not in for_rest and "I understood your message" in for_rest
    assert visitor.contest(first).status_code == visitor.contest(second["id"]).status_code == 201
    ids = visitor.call("GET", f"/messages/{first}/why").json()["decision_ids"]
    assert [one.decision_id for one in site.contests()[-2:]] == records(site, ids, Kind.ANSWER)


def test_what_the_queue_says_is_explained_by_the_button(site: Site) -> None:
    visitor = Visitor(site).open()
    with visitor.follow() as stream:
        _, notice = visitor.say(stream, "/request_human")
    text = visitor.call("GET", f"/messages/{notice}/why").json()["text"]
    assert text.startswith("You pressed a button that means “Wish for a person”")


def records(site: Site, ids: list[str], kind: Kind) -> list[str]:
    """Those of the records that are of this kind, in the order they were written."""
    query = select(DecisionRow.id).where(DecisionRow.id.in_(ids), DecisionRow.kind == kind).order_by(DecisionRow.at)
    with site.services.database.snapshot() as session:
        return list(session.scalars(query))


def test_a_rest_client_gets_the_outcome_with_its_next_message(site: Site) -> None:
    def send(text: str) -> list[dict[str, Any]]:
        body = {"sender": "ada", "message": text}
        answer = requests.post(f"{site.base}/webhooks/rest/webhook", json=body, timeout=20)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    contested(site, send("refund?")[-1]["metadata"]["message_id"])
    site.decide("Over REST.")
    first = send("are you a robot?")[0]
    assert first["metadata"]["author"] == "system" and first["text"].endswith("\n“Over REST.”")


def test_a_socket_io_client_gets_the_outcome_at_once(site: Site) -> None:
    heard: list[dict[str, Any]] = []
    client = socketio.SimpleClient()
    client.connect(site.base, transports=["websocket"])
    client.emit("session_request", {})

    def until(author: str) -> dict[str, Any]:
        while not heard or heard[-1]["metadata"]["author"] != author:
            name, *data = client.receive(timeout=20)
            heard.extend(data if name == "bot_uttered" else [])
        return heard[-1]

    until("system")
    client.emit("user_uttered", {"message": "refund?"})
    contested(site, until("assistant")["metadata"]["message_id"])
    site.decide("Over Socket.IO.")
    assert until("system")["text"].endswith("\n“Over Socket.IO.”")
    client.disconnect()


def contested(site: Site, message_id: str) -> None:
    """Clients of Rasa's own have no way to contest; their visitor does it elsewhere, such as at the desk."""
    with site.services.database.transaction() as session:
        message = session.get_one(MessageRow, message_id)
        conversation = session.get_one(ConversationRow, message.conversation_id)
        site.services.contests.open(session, conversation, message_id)
