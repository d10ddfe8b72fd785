"""The gateway's services on a real SQLite database, for tests that need no engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from argon2 import PasswordHasher
from fastapi import APIRouter, FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.api import error_handlers
from bot.consent import Scope
from bot.core.ids import new_id, now
from bot.core.messages import Author
from bot.core.settings import Settings
from bot.db.models import ConversationRow, DecisionRow, DisclosureRow, StaffRow, VisitorRow
from bot.decisions.models import Decision
from bot.messaging import read_events
from bot.oversight.rasa_project import RasaProject
from bot.services import Services, build
from bot.staff import Staff
from bot.staff.accounts import staff_of
from tests.databases import fresh_database
from tests.scripted import ScriptedEngine

T = TypeVar("T")
PASSWORD = "a-password-for-tests"
PROJECT = RasaProject()
PEOPLE = (
    ("mina", "Mina", ["agent"]),
    ("tom", "Tom", ["agent"]),
    ("ruth", "Ruth", ["reviewer"]),
    ("sam", "Sam", ["reviewer"]),
    ("olga", "Olga", ["reviewer", "maintainer", "operator"]),
)


@dataclass(frozen=True)
class Parts(Services):
    """The gateway's services over a database of their own, and people at work in it."""

    people: dict[str, Staff] = field(default_factory=dict)

    def write(self, work: Callable[[Session], T]) -> T:
        with self.database.transaction() as session:
            return work(session)

    def read(self, work: Callable[[Session], T]) -> T:
        with self.database.snapshot() as session:
            return work(session)

    def conversation(self, language: str = "en", *, disclosed: bool = True) -> str:
        """A new conversation of a new visitor; its id."""

        def work(session: Session) -> str:
            visitor = VisitorRow(id=new_id("vis"), created_at=now())
            session.add(visitor)
            session.flush()
            row = ConversationRow(
                id=new_id("con"),
                visitor_id=visitor.id,
                door="widget",
                language=language,
                owner="assistant",
                last_event=0,
                created_at=now(),
            )
            session.add(row)
            session.flush()
            if disclosed:
                session.add(_disclosure(row))
            return row.id

        return self.write(work)

    def row(self, conversation_id: str) -> ConversationRow:
        return self.read(lambda s: s.get_one(ConversationRow, conversation_id))

    def allow(self, conversation_id: str, purpose: str, scope: Scope = Scope.CONVERSATION) -> None:
        """The visitor moves a switch to yes."""

        def work(session: Session) -> None:
            conversation = session.get_one(ConversationRow, conversation_id)
            self.consents.give(session, conversation, purpose, {"how": "switch"}, scope)

        self.write(work)

    def take_back(self, conversation_id: str, purpose: str) -> None:
        """The visitor moves it back."""

        def work(session: Session) -> None:
            conversation = session.get_one(ConversationRow, conversation_id)
            self.consents.withdraw(session, conversation, purpose, {"how": "switch"})

        self.write(work)

    def say(self, conversation_id: str, author: Author, text: str, **options: Any) -> str:
        """A message, its id."""

        def work(session: Session) -> str:
            conversation = session.get_one(ConversationRow, conversation_id)
            return self.outbox.say(session, conversation, author, text, **options).id

        return self.write(work)

    def request(self, conversation_id: str, trigger: str = "button") -> str:
        """A request for a human; the handoff's id."""

        def work(session: Session) -> str:
            conversation = session.get_one(ConversationRow, conversation_id)
            return self.handoffs.request(session, conversation, trigger, "Asked for a human").id

        return self.write(work)

    def claim(self, handoff_id: str, name: str = "mina") -> None:
        self.write(lambda s: self.handoffs.claim(s, handoff_id, self.people[name]))

    def events(self, conversation_id: str) -> list[tuple[str, Any]]:
        """Everything in the conversation's outbox: kind and data."""
        events = self.read(lambda s: read_events(s, self.keyring, conversation_id, 0))
        return [(event.kind, event.data) for event in events]

    def said(self, conversation_id: str) -> list[str]:
        """The texts of its messages, in order."""
        return [data["text"] for kind, data in self.events(conversation_id) if kind == "message"]

    def outcomes(self, conversation_id: str) -> list[str]:
        """The outcomes of its decision records, in order."""
        query = select(DecisionRow.outcome).where(DecisionRow.conversation_id == conversation_id)
        return list(self.read(lambda s: s.scalars(query.order_by(DecisionRow.at, DecisionRow.id)).all()))

    def records(self, conversation_id: str) -> list[dict[str, Any]]:
        """Its whole decision records, in order."""
        query = select(DecisionRow).where(DecisionRow.conversation_id == conversation_id)

        def work(session: Session) -> list[dict[str, Any]]:
            rows = session.scalars(query.order_by(DecisionRow.at, DecisionRow.id)).all()
            return [record for row in rows if (record := self.recorder.read_record(session, row))]

        return self.read(work)

    def record(self, *decisions: Decision) -> list[str]:
        """Write decision records; their ids."""
        return self.write(lambda s: [self.recorder.record(s, decision) for decision in decisions])


def _person(session: Session, login: str, name: str, roles: list[str]) -> Staff:
    """As `bot.staff.create`, but the slow hash is made once a run."""
    row = StaffRow(
        id=new_id("stf"), login=login, name=name, roles=roles, password_hash=_password_hash(), created_at=now()
    )
    session.add(row)
    session.flush()
    return staff_of(row)


@cache
def _password_hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)


def _disclosure(row: ConversationRow) -> DisclosureRow:
    return DisclosureRow(
        id=new_id("dis"),
        conversation_id=row.id,
        version="1",
        language=row.language,
        sha256="0" * 64,
        how="rendered",
        shown_at=now(),
    )


@contextmanager
def make_parts(folder: Path, **settings: Any) -> Iterator[Parts]:
    """Parts over a new database in `folder`, with the people in `PEOPLE`; with other settings, if given."""
    database = fresh_database(folder / "test.db")
    parts = Parts(**vars(build(Settings(data_dir=folder, **settings), database, ScriptedEngine())))
    for login, name, roles in PEOPLE:
        parts.people[login] = parts.write(lambda s, a=(login, name, roles): _person(s, *a))
    try:
        yield parts
    finally:
        database.close()


def make_app(parts: Parts, *routers: APIRouter) -> FastAPI:
    """An application with these doors."""
    app = FastAPI()
    app.state.services = parts
    error_handlers.install(app)
    for router in routers:
        app.include_router(router)
    return app
