"""A running gateway with a scripted engine, and visitors who use the privacy centre over HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import requests
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.types import ASGIApp

from bot.app import create_app
from bot.consent import Grant
from bot.core.ids import new_id
from bot.core.messages import Author
from bot.core.settings import Settings
from bot.db.keyring import load_secret
from bot.db.models import ContestRow, ConversationRow, DecisionRow, ErasureRow, HandoffRow, MessageRow
from bot.decisions.kinds import Kind
from bot.desk import conversations
from bot.oversight.reviews import NewReview, Verdict
from bot.services import Services, build
from bot.shop.identity import issue
from bot.staff import Staff, create
from tests.databases import fresh_database
from tests.http import serve
from tests.scripted import ScriptedEngine
from tests.transactions import read, write

T = TypeVar("T")
PASSWORD = "a-password-for-tests"
PERSONAL = "refund please, I am ann.lee@example.org, order FH-204817, 请打 +44 20 7946 0018"
SECONDS = 30


UNFINISHED = select(ErasureRow).where(ErasureRow.done_at.is_(None))


@dataclass
class Site:
    """A running gateway, its services and its engine."""

    base: str
    services: Services
    engine: ScriptedEngine
    people: dict[str, Staff] = field(default_factory=dict)

    def write(self, work: Callable[[Session], T]) -> T:
        return write(self.services.database, work)

    def read(self, work: Callable[[Session], T]) -> T:
        return read(self.services.database, work)

    def person(self, name: str, *roles: str) -> Staff:
        """Somebody of the staff; made when first asked for."""
        if name not in self.people:
            login = name.lower()
            self.people[name] = self.write(lambda s: create(s, login, name, list(roles), PASSWORD))
        return self.people[name]

    def visitor(self, language: str = "en", customer: tuple[str, str] | None = None, **settings: Any) -> Visitor:
        """A new visitor with an open chat; signed in as `customer` (id and name)."""
        return Visitor(self, language, customer, **settings).open()

    def token(self, customer: tuple[str, str]) -> str:
        return issue(load_secret(self.services.settings.data_dir, "identity.key"), *customer)

    def sweep(self) -> None:
        """Rounds over the external stores, as the gateway's job takes them, until every erasure is completed."""
        deadline = time.monotonic() + 5
        while True:
            asyncio.run(self.services.external_stores.sweep(True))
            left = read(self.services.database, lambda s: s.scalars(UNFINISHED).first())
            if left is None or time.monotonic() > deadline:
                return
            time.sleep(0.1)


@dataclass
class Visitor:
    """A visitor at the widget's API."""

    site: Site
    language: str = "en"
    customer: tuple[str, str] | None = None
    gpc: bool = False
    id: str = ""
    token: str = ""

    def open(self) -> Visitor:
        body = {
            "language": self.language,
            "identity_token": self.site.token(self.customer) if self.customer else None,
            "gpc": self.gpc,
        }
        answer = requests.post(f"{self.site.base}/api/conversations", json=body, timeout=SECONDS)
        assert answer.status_code == 201, answer.text
        opened = answer.json()
        self.id, self.token = opened["conversation_id"], opened["token"]
        notice = opened["disclosure"]
        shown = {"version": notice["version"], "language": notice["language"]}
        assert self.call("POST", "/disclosure", shown).status_code == 204
        return self

    def call(self, method: str, path: str = "", body: Any = None, **more: Any) -> requests.Response:
        url = f"{self.site.base}/api/conversations/{self.id}{path}"
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return requests.request(method, url, json=body, headers=headers, timeout=SECONDS, **more)

    def say(self, text: str, client_message_id: str | None = None) -> str:
        """The visitor's message, once it has been answered; its id."""
        body = {"client_message_id": client_message_id or new_id("cli"), "text": text}
        sent = self.call("POST", "/messages", body)
        assert sent.status_code == 202, sent.text
        message_id = str(sent.json()["message_id"])
        waiting = select(MessageRow.turn).where(MessageRow.id == message_id)
        while self.site.read(lambda s: s.scalar(waiting)) != "done":
            continue
        return message_id

    def reply_to(self, message_id: str) -> str:
        """The id of what the assistant answered."""
        query = select(MessageRow.id).where(MessageRow.reply_to == message_id, MessageRow.author == Author.ASSISTANT)
        return self.site.read(lambda s: s.scalars(query).one())

    def overview(self, language: str | None = None) -> dict[str, Any]:
        answer = self.call("GET", "/privacy", params={"language": language} if language else None)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def stored(self, category: str, language: str | None = None) -> dict[str, Any]:
        """One category of the overview."""
        found = {one["category"]: one for one in self.overview(language)["stored"]}
        category_found: dict[str, Any] = found[category]
        return category_found

    def values(self, category: str, language: str | None = None) -> list[str]:
        return [item["value"] for item in self.stored(category, language)["items"]]

    def export(self, format: str = "json", language: str = "en") -> requests.Response:
        answer = self.call("GET", "/privacy/export", params={"format": format, "language": language})
        assert answer.status_code == 200, answer.text
        return answer

    def erase(self, what: str, conversation_id: str | None = None) -> requests.Response:
        return self.call("POST", "/privacy/erasure", {"what": what, "conversation_id": conversation_id})

    def receipt(self, erased: dict[str, Any], **params: str) -> requests.Response:
        url = f"{self.site.base}/api/erasures/{erased['request_id']}"
        headers = {"Authorization": f"Bearer {erased['receipt_token']}"}
        return requests.get(url, params=params, headers=headers, timeout=SECONDS)

    @property
    def visitor_id(self) -> str:
        return self.site.read(lambda s: s.get_one(ConversationRow, self.id)).visitor_id


@contextmanager
def running(folder: Path, rate: int = 10_000) -> Iterator[Site]:
    """A gateway over a new database in `folder`."""
    settings = Settings(data_dir=folder, message_rate=rate, company="Fern & Hale")
    database = fresh_database(settings.data_dir / "candor.db")
    engine, made = ScriptedEngine(), []

    def make() -> ASGIApp:
        made.append(build(settings, database, engine))
        return create_app(made[0])

    with serve(make) as base:
        yield Site(base, made[0], engine)
    database.close()


def full_life(visitor: Visitor, contact: str = "ann.lee@example.org") -> str:
    """Something in every table that can hold anything of a visitor's, and looks of staff; the first message's id."""
    site = visitor.site
    site.person("Mina", "agent")
    site.person("Ruth", "reviewer")
    first = visitor.say(PERSONAL, f"client-{visitor.id}")
    visitor.say("/refund_policy")
    reply = visitor.reply_to(first)
    contested = visitor.call(
        "POST", f"/messages/{reply}/contest", {"reason": f"Wrong, says {contact}", "contact": contact}
    )
    assert contested.status_code == 201, contested.text
    assert visitor.call("POST", "/handoff", {}).status_code == 201
    assert visitor.call("POST", "/contact", {"address": contact}).status_code == 204
    grant = allow(visitor, "order_history")
    site.write(partial(_keep_answer, site, visitor.id, grant.purpose))
    site.write(partial(_people, site, visitor.id, first, allow(visitor, "improvement")))
    return first


def allow(visitor: Visitor, purpose: str) -> Grant:
    """The visitor allows it, and the gate is asked for it."""
    chosen = visitor.call("POST", "/consent", {"purpose": purpose, "choice": "allow"})
    assert chosen.status_code == 200, chosen.text
    services = visitor.site.services
    granted = asyncio.run(services.gate.ask(services.database, visitor.id, purpose, None))
    assert isinstance(granted, Grant)
    return granted


def _keep_answer(site: Site, conversation_id: str, purpose: str, session: Session) -> None:
    conversation = session.get_one(ConversationRow, conversation_id)
    site.services.placeholders.placeholder(session, conversation, "ANSWER", f"Your order of {conversation_id}", purpose)


def _people(site: Site, conversation_id: str, turn_id: str, learn: Grant, session: Session) -> None:
    """An agent takes the conversation; a reviewer opens a decision, judges it and decides the contest."""
    services = site.services
    mina, ruth = site.people["Mina"], site.people["Ruth"]
    handoff = session.scalars(select(HandoffRow).where(HandoffRow.conversation_id == conversation_id)).one()
    conversations.record_access(session, services.access_log, mina, conversation_id)
    services.handoffs.claim(session, handoff.id, mina)
    understood = session.scalars(
        select(DecisionRow).where(DecisionRow.turn_id == turn_id, DecisionRow.kind == Kind.UNDERSTANDING)
    ).one()
    services.access_log.decision(session, ruth, understood, "complaint")
    review = NewReview(Verdict.WRONG, "wrong_intent", correct_intent="invoice", note="Unclear")
    services.reviews.add(session, ruth, understood.id, review, learn)
    contest = session.scalars(select(ContestRow).where(ContestRow.conversation_id == conversation_id)).one()
    services.contests.decide(session, ruth, contest.id, "overturned", f"Sorry about {conversation_id}", False)
