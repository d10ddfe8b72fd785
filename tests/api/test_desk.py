"""The desk over real HTTP: the queue, claims, conversations, messages and their streams."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import requests
from sqlalchemy import func, select, update

from bot.api.desk import router
from bot.api.staff import router as staff_router
from bot.api.staff_auth import COOKIE
from bot.core.ids import new_id, now
from bot.core.messages import Author
from bot.db.models import HandoffRow, MessageRow, StaffSessionRow
from bot.staff.sessions import open_session
from tests.http import EventStream, follow, serve
from tests.parts import Parts, make_app, make_parts


@dataclass
class Desk:
    """One person's browser."""

    base: str
    session: requests.Session = field(default_factory=requests.Session)

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self.session.request(method, f"{self.base}/api/desk{path}", json=body, timeout=20, **options)

    def get(self, path: str) -> Any:
        response = self.call("GET", path)
        assert response.status_code == 200, response.text
        return response.json()

    def step(self, handoff_id: str, verb: str) -> requests.Response:
        return self.call("POST", f"/handoffs/{handoff_id}/{verb}")

    def write(self, conversation_id: str, text: Any, client_message_id: Any = None) -> requests.Response:
        body = {"client_message_id": client_message_id or new_id("cli"), "text": text}
        return self.call("POST", f"/conversations/{conversation_id}/messages", body)

    def follow(self, path: str, **headers: str) -> AbstractContextManager[EventStream]:
        cookie = str(self.session.headers["Cookie"])
        return follow(f"{self.base}/api/desk{path}", {"Cookie": cookie, **headers})


@dataclass
class Site:
    base: str
    parts: Parts

    def desk(self, login: str) -> Desk:
        token = self.parts.write(lambda s: open_session(s, self.parts.people[login].id))
        desk = Desk(self.base)
        desk.session.headers["X-Candor"] = "1"
        desk.session.headers["Cookie"] = f"{COOKIE}={token}"
        return desk

    def waiting(self, text: str = "Where is my order?", language: str = "en") -> tuple[str, str]:
        """A conversation in the queue: its id and its handoff's."""
        conversation = self.parts.conversation(language)
        self.parts.say(conversation, Author.VISITOR, text)
        return conversation, self.parts.request(conversation)

    def expire(self, handoff_id: str) -> None:
        past = now() - timedelta(seconds=1)
        self.parts.write(
            lambda s: s.execute(update(HandoffRow).where(HandoffRow.id == handoff_id).values(expires_at=past))
        )
        assert self.parts.write(lambda s: self.parts.handoffs.expire_due(s, now())) == 1


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with (
        make_parts(tmp_path_factory.mktemp("desk")) as parts,
        serve(lambda: make_app(parts, router, staff_router)) as base,
    ):
        yield Site(base, parts)


@pytest.fixture
def mina(site: Site) -> Desk:
    return site.desk("mina")


@pytest.fixture
def tom(site: Site) -> Desk:
    return site.desk("tom")


def error(response: requests.Response) -> tuple[int, str]:
    found = response.json()["error"]
    assert set(found) == {"code", "message"} and found["message"].endswith(".")
    return response.status_code, found["code"]


def entry_in(entries: list[dict[str, Any]], handoff_id: str) -> dict[str, Any] | None:
    return next((entry for entry in entries if entry["handoff_id"] == handoff_id), None)


def test_the_queue_shows_who_waits_since_when_and_why(site: Site, mina: Desk) -> None:
    conversation, handoff_id = site.waiting("My parcel is late")
    entry = entry_in(mina.get("/queue")["waiting"], handoff_id)
    assert entry is not None and entry.pop("waiting_seconds") >= 0
    assert entry.pop("queued_at") < entry.pop("expires_at")
    assert entry == {
        "handoff_id": handoff_id,
        "conversation_id": conversation,
        "state": "queued",
        "reason": "Asked for a human",
        "trigger": "button",
        "agent_name": None,
        "language": "en",
        "last_message": "My parcel is late",
        "contact": None,
    }


def test_who_waits_longest_stands_first(site: Site, mina: Desk) -> None:
    first, second = site.waiting()[1], site.waiting()[1]
    ids = [entry["handoff_id"] for entry in mina.get("/queue")["waiting"]]
    assert ids.index(first) < ids.index(second)


def test_a_claim_moves_the_entry_and_the_second_claimer_hears_who_was_first(site: Site, mina: Desk, tom: Desk) -> None:
    _, handoff_id = site.waiting()
    claimed = mina.step(handoff_id, "claim")
    assert (claimed.status_code, claimed.json()["state"], claimed.json()["agent_name"]) == (200, "accepted", "Mina")
    refused = tom.step(handoff_id, "claim")
    assert error(refused) == (409, "already_claimed")
    assert refused.json()["error"]["message"] == "Mina took this conversation first."
    assert entry_in(mina.get("/queue")["mine"], handoff_id)
    assert entry_in(mina.get("/queue")["waiting"], handoff_id) is None


def test_a_colleagues_conversation_is_listed_without_what_was_written(site: Site, mina: Desk, tom: Desk) -> None:
    conversation, handoff_id = site.waiting("My address is private")
    mina.step(handoff_id, "claim")
    queue = tom.call("GET", "/queue")
    entry = entry_in(queue.json()["others"], handoff_id)
    assert entry is not None and entry["agent_name"] == "Mina" and entry["last_message"] is None
    assert "My address is private" not in queue.text
    assert error(tom.call("GET", f"/conversations/{conversation}")) == (404, "not_found")
    assert error(tom.call("GET", f"/conversations/{conversation}/events")) == (404, "not_found")


@pytest.mark.parametrize(("verb", "state"), [("return", "returned"), ("close", "closed")])
def test_ending_is_for_the_one_who_has_it(site: Site, mina: Desk, tom: Desk, verb: str, state: str) -> None:
    _, handoff_id = site.waiting()
    assert error(mina.step(handoff_id, verb)) == (409, "not_accepted")
    mina.step(handoff_id, "claim")
    assert error(tom.step(handoff_id, verb)) == (409, "not_yours")
    assert mina.step(handoff_id, verb).json()["state"] == state
    assert error(mina.step(handoff_id, verb)) == (409, "not_accepted")


def test_who_waits_can_be_read_but_not_written_to(site: Site, mina: Desk) -> None:
    conversation, _ = site.waiting("Hello?")
    view = mina.get(f"/conversations/{conversation}")
    assert [message["text"] for message in view["messages"]][0] == "Hello?"
    assert view["entry"]["state"] == "queued" and view["language"] == "en"
    assert {consent["state"] for consent in view["consents"]} == {"none"}
    assert error(mina.write(conversation, "Hi")) == (409, "not_yours")
    assert "Hi" not in site.parts.said(conversation)


def test_an_agents_message_reaches_the_visitor_as_a_persons(site: Site, mina: Desk) -> None:
    conversation, handoff_id = site.waiting()
    mina.step(handoff_id, "claim")
    assert mina.write(conversation, "  Hello, I am looking.\x00 ").status_code == 202
    _, message = site.parts.events(conversation)[-1]
    assert (message["author"], message["author_name"], message["text"]) == ("human", "Mina", "Hello, I am looking.")


def test_a_resend_answers_the_same_and_adds_nothing(site: Site, mina: Desk) -> None:
    conversation, handoff_id = site.waiting()
    mina.step(handoff_id, "claim")
    first, second = (mina.write(conversation, "One moment", "cli-1").json() for _ in range(2))
    assert first["message_id"] == second["message_id"]
    assert (first["duplicate"], second["duplicate"]) == (False, True)
    assert site.parts.said(conversation).count("One moment") == 1


def test_a_visitors_message_id_cannot_be_used_by_an_agent(site: Site, mina: Desk) -> None:
    conversation, handoff_id = site.waiting()
    site.parts.say(conversation, Author.VISITOR, "Mine", client_message_id="cli-visitor")
    mina.step(handoff_id, "claim")
    assert error(mina.write(conversation, "Hello", "cli-visitor")) == (409, "message_id_taken")


def test_only_the_owner_writes_and_only_while_they_own_it(site: Site, mina: Desk, tom: Desk) -> None:
    conversation, handoff_id = site.waiting()
    mina.step(handoff_id, "claim")
    assert error(tom.write(conversation, "Me too")) == (404, "not_found")
    mina.step(handoff_id, "return")
    assert error(mina.write(conversation, "One more thing")) == (409, "not_yours")
    assert not {"Me too", "One more thing"} & set(site.parts.said(conversation))


def test_after_handing_back_the_agent_reads_up_to_there_and_no_further(site: Site, mina: Desk, tom: Desk) -> None:
    conversation, handoff_id = site.waiting()
    mina.step(handoff_id, "claim")
    mina.step(handoff_id, "return")
    site.parts.say(conversation, Author.VISITOR, "Between me and the assistant")
    texts = [message["text"] for message in mina.get(f"/conversations/{conversation}")["messages"]]
    assert "handed the conversation back" in texts[-1]
    assert error(tom.call("GET", f"/conversations/{conversation}")) == (404, "not_found")
    long_ago = now() - timedelta(hours=2)
    site.parts.write(
        lambda s: s.execute(update(HandoffRow).where(HandoffRow.id == handoff_id).values(ended_at=long_ago))
    )
    assert error(mina.call("GET", f"/conversations/{conversation}")) == (404, "not_found")


def test_a_conversation_nobody_asked_help_for_is_not_seen(site: Site, mina: Desk) -> None:
    assert error(mina.call("GET", f"/conversations/{site.parts.conversation()}")) == (404, "not_found")


def test_whom_nobody_came_for_stays_listed_with_the_address(site: Site, mina: Desk) -> None:
    conversation, handoff_id = site.waiting()
    site.expire(handoff_id)
    parts = site.parts
    parts.write(lambda s: parts.handoffs.leave_contact(s, parts.row(conversation), "lena@example.com"))
    entry = entry_in(mina.get("/queue")["waiting"], handoff_id)
    assert entry is not None and (entry["state"], entry["contact"]) == ("expired", "lena@example.com")
    assert mina.get(f"/conversations/{conversation}")["entry"]["contact"] == "lena@example.com"
    assert error(mina.step(handoff_id, "claim")) == (409, "handoff_over")
    assert mina.step(handoff_id, "close").json()["state"] == "closed"
    assert entry_in(mina.get("/queue")["waiting"], handoff_id) is None


def test_an_erased_visitor_leaves_no_text_on_the_desk(site: Site, mina: Desk) -> None:
    conversation, handoff_id = site.waiting("Erase me")
    visitor = site.parts.row(conversation).visitor_id
    site.parts.write(lambda s: site.parts.keyring.destroy(s, visitor))
    entry = entry_in(mina.get("/queue")["waiting"], handoff_id)
    assert entry is not None and entry["last_message"] is None
    assert mina.get(f"/conversations/{conversation}")["messages"] == []


def test_an_agent_sees_no_card_number_and_no_secret_whole(site: Site, mina: Desk) -> None:
    """Falls when `shorten` goes from Lists._last_message, from view or from watch in bot.desk.conversations."""
    written, shown = "card 4111 1111 1111 1111, pin 4821", "card •••• 1111, pin •••"
    conversation, handoff_id = site.waiting(written)
    entry = entry_in(mina.get("/queue")["waiting"], handoff_id)
    assert entry is not None and entry["last_message"] == shown
    assert mina.get(f"/conversations/{conversation}")["messages"][0]["text"] == shown
    mina.step(handoff_id, "claim")
    with mina.follow(f"/conversations/{conversation}/events") as stream:
        assert stream.next("message").data["text"] == shown
    mina.write(conversation, "Is the code 4821?")
    assert mina.get(f"/conversations/{conversation}")["messages"][-1]["text"] == "Is the code 4821?"
    # What is stored and what the visitor sees stay whole.
    assert site.parts.said(conversation)[0] == written


def test_a_secret_at_the_end_of_an_excerpt_is_shortened_before_it_is_cut(site: Site, mina: Desk) -> None:
    _, handoff_id = site.waiting(f"{'x' * 140} 4111 1111 1111 1111")
    entry = entry_in(mina.get("/queue")["waiting"], handoff_id)
    assert entry is not None and entry["last_message"] == f"{'x' * 140} •••• 1111"


def next_queue(stream: EventStream, group: str, handoff_id: str) -> dict[str, Any]:
    """The entry, from the first queue that lists it there."""
    while True:
        entry = entry_in(stream.next("queue").data[group], handoff_id)
        if entry is not None:
            return entry


def test_the_queue_arrives_live_on_every_desk(site: Site, mina: Desk, tom: Desk) -> None:
    with mina.follow("/events") as hers, tom.follow("/events") as his:
        hers.next("queue"), his.next("queue")
        _, handoff_id = site.waiting()
        assert next_queue(hers, "waiting", handoff_id)["state"] == "queued"
        mina.step(handoff_id, "claim")
        assert next_queue(hers, "mine", handoff_id)["agent_name"] == "Mina"
        assert next_queue(his, "others", handoff_id)["agent_name"] == "Mina"


def test_a_conversations_events_are_replayed_after_the_last_one_seen_then_live(site: Site, mina: Desk) -> None:
    conversation, handoff_id = site.waiting("First")
    mina.step(handoff_id, "claim")
    with mina.follow(f"/conversations/{conversation}/events") as stream:
        events = [stream.next() for _ in range(6)]
        assert [event.id for event in events] == ["1", "2", "3", "4", "5", "6"]
        assert [event.kind for event in events] == ["message", "handoff", "message", "speaker", "handoff", "message"]
        site.parts.say(conversation, Author.VISITOR, "你好 ☎️")
        assert (live := stream.next()).data["text"] == "你好 ☎️" and live.id == "7"
    with mina.follow(f"/conversations/{conversation}/events", **{"Last-Event-ID": "6"}) as stream:
        assert stream.next().id == "7"
    with mina.follow(f"/conversations/{conversation}/events?after=6") as stream:
        assert stream.next().id == "7"


def test_reading_along_ends_when_a_colleague_claims(site: Site, mina: Desk, tom: Desk) -> None:
    conversation, handoff_id = site.waiting()
    with tom.follow(f"/conversations/{conversation}/events") as stream:
        stream.next("message")
        mina.step(handoff_id, "claim")
        assert stream.ended()


def test_after_handing_back_the_stream_rests_until_a_person_is_asked_for_again(site: Site, mina: Desk) -> None:
    conversation, handoff_id = site.waiting()
    mina.step(handoff_id, "claim")
    with mina.follow(f"/conversations/{conversation}/events") as stream:
        mina.step(handoff_id, "return")
        while "handed the conversation back" not in stream.next("message").data["text"]:
            continue
        site.parts.say(conversation, Author.VISITOR, "Between me and the assistant")
        texts = [message["text"] for message in mina.get(f"/conversations/{conversation}")["messages"]]
        assert "Between me and the assistant" not in texts and stream.quiet()
        site.parts.request(conversation)
        assert stream.next("message").data["text"] == "Between me and the assistant"


def test_signing_out_ends_the_streams(site: Site, mina: Desk) -> None:
    with mina.follow("/events") as stream:
        stream.next("queue")
        gone = mina.session.delete(f"{site.base}/api/staff/session", timeout=20)
        assert gone.status_code == 204
        site.waiting()
        assert stream.ended()


CALLS = [
    ("GET", "/queue"),
    ("GET", "/events"),
    ("POST", "/handoffs/hnd_1/claim"),
    ("POST", "/handoffs/hnd_1/return"),
    ("POST", "/handoffs/hnd_1/close"),
    ("GET", "/conversations/con_1"),
    ("GET", "/conversations/con_1/events"),
    ("POST", "/conversations/con_1/messages"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_strangers_and_reviewers_stay_out(site: Site, method: str, path: str) -> None:
    body = {"client_message_id": "c", "text": "x"} if path.endswith("messages") else None
    stranger = Desk(site.base)
    stranger.session.headers["X-Candor"] = "1"
    assert error(stranger.call(method, path, body)) == (401, "not_signed_in")
    assert error(site.desk("ruth").call(method, path, body)) == (403, "forbidden")


@pytest.mark.parametrize(("method", "path"), [one for one in CALLS if one[0] == "POST"])
def test_a_write_without_the_header_is_refused(site: Site, mina: Desk, method: str, path: str) -> None:
    del mina.session.headers["X-Candor"]
    assert error(mina.call(method, path, {"client_message_id": "c", "text": "x"})) == (403, "header_missing")


HOSTILE: list[bytes] = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b'{"text": "x"}',
    b'{"client_message_id": "c"}',
    b'{"client_message_id": "", "text": "x"}',
    b'{"client_message_id": null, "text": null}',
    b'{"client_message_id": "c", "text": ""}',
    b'{"client_message_id": "c", "text": "  \\n\\t "}',
    b'{"client_message_id": "c", "text": "\\u0000\\u0007"}',
    b'{"client_message_id": "c", "text": "\\u200b\\u200e"}',
    b'{"client_message_id": "c", "text": 5}',
    b'{"client_message_id": "c", "text": {"$ne": 1}}',
    b'{"client_message_id": "%s", "text": "x"}' % (b"c" * 81),
    b'{"client_message_id": "c", "text": "%s"}' % (b"x" * 4001),
    b'{"client_message_id": "c", "text": "%s"}' % (b"x" * 1_000_000),
    b'{"client_message_id": "c", "text": "x", "author": "assistant"}',
    b'{"client_message_id": "c", "text": "\\ud800"}',
    b"\xff\xfe\x00\x01",
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_messages_get_a_sentence_and_store_nothing(site: Site, mina: Desk, body: bytes) -> None:
    conversation, handoff_id = site.waiting()
    mina.step(handoff_id, "claim")
    before = site.parts.said(conversation)
    url = f"{site.base}/api/desk/conversations/{conversation}/messages"
    response = mina.session.post(url, data=body, headers={"Content-Type": "application/json"}, timeout=20)
    assert response.status_code == 400
    error(response)
    assert site.parts.said(conversation) == before


@pytest.mark.parametrize("text", ["😀", "مرحبا 你好 hello", "‮gnp.exe", "<script>alert(1)</script>", "x" * 4000])
def test_unusual_texts_are_sent_as_they_are(site: Site, mina: Desk, text: str) -> None:
    conversation, handoff_id = site.waiting()
    mina.step(handoff_id, "claim")
    assert mina.write(conversation, text).status_code == 202
    assert site.parts.said(conversation)[-1] == text


@pytest.mark.parametrize("last", ["-1", "x", "1.5", "9" * 40, "１"])
def test_an_event_id_that_is_none_is_refused(site: Site, mina: Desk, last: str) -> None:
    conversation, _ = site.waiting()
    path = f"/conversations/{conversation}/events"
    assert error(mina.call("GET", path, params={"after": last})) == (400, "event_id_wrong")


@pytest.mark.parametrize("name", ["x", "%00", "..%2f..", "é", "a" * 3000])
def test_unknown_conversations_and_handoffs_are_not_found(mina: Desk, name: str) -> None:
    assert mina.call("GET", f"/conversations/{name}").status_code == 404
    assert mina.call("POST", f"/handoffs/{name}/claim").status_code == 404


def test_no_message_was_written_by_anybody_but_visitors_agents_and_the_system(site: Site) -> None:
    authors = site.parts.read(lambda s: set(s.scalars(select(MessageRow.author).distinct())))
    assert authors <= {"visitor", "human", "system"}
    assert site.parts.read(lambda s: s.scalar(select(func.count()).select_from(StaffSessionRow))) > 0
