"""Visitors with something in every table, and what is left of them; every part is real but the engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Session

from bot.chat.disclosure import confirm, current_notice
from bot.chat.sessions import give_token, open_conversation, sign_in
from bot.consent import Subject
from bot.core.ids import new_id, now
from bot.core.settings import Settings
from bot.db import Database
from bot.db.models import (
    Base,
    ConversationRow,
    CorrectionRow,
    DecisionRow,
    ErasureRow,
    MessageRow,
    ReviewRow,
)
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.repository import erasure_of
from bot.services import Services, build
from bot.staff import Staff
from bot.staff.accounts import create
from tests.scripted import ScriptedEngine
from tests.transactions import read, write

Scenario = Callable[[Services, ScriptedEngine], Coroutine[Any, Any, None]]
PERSONAL = "refund please, I am ann.lee@example.org, order FH-204817, 请打 +44 20 7946 0018"


def play(settings: Settings, database: Database, scenario: Scenario) -> None:
    async def run() -> None:
        engine = ScriptedEngine()
        services = build(settings, database, engine)
        await scenario(services, engine)
        await services.turns.queue.drain(5)

    asyncio.run(run())


@contextmanager
def another_process(settings: Settings, database: Database) -> Iterator[Services]:
    """A second gateway's parts over the same data, with its own connections and its own keys in memory."""
    other = Database(database.engine.url.render_as_string(hide_password=False))
    try:
        yield build(settings, other, ScriptedEngine())
    finally:
        other.close()


def begin(services: Services, door: str = "widget") -> tuple[str, str, str]:
    """A new conversation: its id, its visitor's, its token."""

    def work(session: Session) -> tuple[str, str, str]:
        conversation = open_conversation(session, door, "en")
        notice = current_notice("en", services.settings.company)
        confirm(session, conversation, notice, notice.version)
        return conversation.id, conversation.visitor_id, give_token(services.keyring, conversation)

    return write(services.database, work)


async def ask(services: Services, conversation_id: str, text: str, client_message_id: str | None = None) -> str:
    accepted = await services.turns.accept(conversation_id, text, client_message_id)
    await services.turns.finished(accepted.message_id)
    return accepted.message_id


def erase(services: Services, visitor_id: str, reason: Reason = Reason.VISITOR_REQUEST) -> ErasureRow:
    return write(services.database, lambda s: services.eraser.erase(s, visitor_id, reason, "olga"))


def erasure(services: Services, visitor_id: str) -> ErasureRow:
    found = read(services.database, lambda s: erasure_of(s, visitor_id))
    assert found is not None
    return found


def all_of(services: Services, table: Any, *conditions: Any) -> list[Any]:
    return read(services.database, lambda s: list(s.scalars(select(table).where(*conditions))))


def person(services: Services, login: str = "mina", *roles: str) -> Staff:
    return write(
        services.database, lambda s: create(s, login, login.title(), roles or ("agent",), "a-password-for-tests")
    )


async def a_full_life(services: Services, conversation_id: str) -> None:
    """Something in every table that can hold anything of a visitor's."""
    database = services.database
    turn_id = await ask(services, conversation_id, PERSONAL, "ann.lee")
    ruth = person(services, f"ruth-{conversation_id[-4:]}", "reviewer")

    def work(session: Session) -> None:
        conversation = session.get_one(ConversationRow, conversation_id)
        sign_in(session, services.keyring, conversation, Subject("C-77123", "Ann Lee"))
        services.consents.give(session, conversation, "order_history", {"how": "button"})
        reply = session.scalars(select(MessageRow).where(MessageRow.reply_to == turn_id)).one()
        services.contests.open(session, conversation, reply.id, "Ann says no", "ann.lee@example.org")
        services.handoffs.request(session, conversation, "button", "Asked for a human")
        services.handoffs.leave_contact(session, conversation, "ann.lee@example.org")
        decision = session.scalars(select(DecisionRow).where(DecisionRow.turn_id == turn_id)).first()
        assert decision is not None
        _propose_correction(session, services, conversation, decision, ruth)

    write(database, work)


def _propose_correction(
    session: Session, services: Services, conversation: ConversationRow, decision: DecisionRow, ruth: Staff
) -> None:
    review = ReviewRow(
        id=new_id("rev"), record_id=decision.id, decision_id=decision.id, reviewer_id=ruth.id, verdict="wrong",
        reason="wrong_intent", correct_intent="invoice", at=now(),
    )  # fmt: skip
    session.add(review)
    session.flush()
    correction = CorrectionRow(
        id=new_id("cor"), review_id=review.id, decision_id=decision.id, visitor_id=conversation.visitor_id,
        state="proposed", language="en", intent="invoice", proposed_at=now(),
    )  # fmt: skip
    correction.text_sealed = services.keyring.seal(session, conversation.visitor_id, correction.id, "Ann's words")
    session.add(correction)


def sealed_values(services: Services) -> dict[str, list[bytes]]:
    """Every value in a column of sealed content, by `table.column`; new tables count without being named here."""
    found: dict[str, list[bytes]] = {}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary) and column.name.endswith("_sealed"):
                values = read(services.database, lambda s, c=column: list(s.scalars(select(c))))  # type: ignore[misc]
                found[f"{table.name}.{column.name}"] = [value for value in values if value]
    return found
