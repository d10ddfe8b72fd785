"""A conversation with the gateway's own services over a real database, and a scripted engine behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.chat.disclosure import confirm, current_notice
from bot.chat.sessions import open_conversation
from bot.core.ids import Json, new_id, now
from bot.core.settings import Settings
from bot.db import Database
from bot.db.models import ConversationRow, DecisionRow, StaffRow
from bot.messaging import Event, read_events
from bot.services import Services, build
from bot.staff import Staff
from bot.staff.accounts import staff_of
from tests import transactions
from tests.scripted import ScriptedEngine

Scenario = Callable[[Services, ScriptedEngine, str], Coroutine[Any, Any, None]]


@asynccontextmanager
async def parts(settings: Settings, database: Database, *, disclose: bool = True) -> AsyncIterator[Any]:
    engine = ScriptedEngine()
    services = build(settings, database, engine)

    def opened(session: Session) -> str:
        if disclose:
            return disclosed_conversation(session, settings)
        return open_conversation(session, "widget", "en").id

    yield services, engine, transactions.write(database, opened)
    await services.turns.queue.drain(5)


def play(settings: Settings, database: Database, scenario: Scenario, *, disclose: bool = True) -> None:
    async def run() -> None:
        async with parts(settings, database, disclose=disclose) as (services, engine, conversation_id):
            await scenario(services, engine, conversation_id)

    asyncio.run(run())


async def ask(services: Services, conversation_id: str, text: str, client_message_id: str | None = None) -> str:
    accepted = await services.turns.accept(conversation_id, text, client_message_id)
    await services.turns.finished(accepted.message_id)
    return accepted.message_id


async def events(services: Services, conversation_id: str) -> list[Event]:
    return transactions.read(services.database, lambda s: read_events(s, services.keyring, conversation_id, 0))


async def said(services: Services, conversation_id: str) -> list[tuple[str, str]]:
    found = await events(services, conversation_id)
    return [(e.data["author"], e.data["text"]) for e in found if e.kind == "message"]


async def decisions(services: Services, turn_id: str) -> list[DecisionRow]:
    query = select(DecisionRow).where(DecisionRow.turn_id == turn_id).order_by(DecisionRow.at, DecisionRow.id)
    return transactions.read(services.database, lambda s: list(s.scalars(query)))


async def outcomes(services: Services, turn_id: str) -> list[tuple[str, str]]:
    """Kind and outcome of a turn's records, in order."""
    return [(row.kind, row.outcome) for row in await decisions(services, turn_id)]


async def records(services: Services, turn_id: str) -> list[dict[str, Json]]:
    """A turn's records, opened."""
    rows = await decisions(services, turn_id)

    def work(session: Session) -> list[dict[str, Json]]:
        opened = (services.recorder.read_record(session, row) for row in rows)
        return [record for record in opened if record is not None]

    return transactions.read(services.database, work)


async def colleague(services: Services, name: str, *roles: str) -> Staff:
    """Somebody with an account; the password fits nothing."""

    def work(session: Session) -> Staff:
        staff_id = new_id("stf")
        row = StaffRow(id=staff_id, login=staff_id, name=name, roles=list(roles), password_hash="-", created_at=now())
        session.add(row)
        session.flush()
        return staff_of(row)

    return transactions.write(services.database, work)


def disclosed_conversation(session: Session, settings: Settings) -> str:
    conversation = open_conversation(session, "widget", "en")
    notice = current_notice("en", settings.company)
    confirm(session, conversation, notice, notice.version)
    return conversation.id


def hand_over(session: Session, conversation_id: str) -> None:
    """Mina answers from here on."""
    conversation = session.get_one(ConversationRow, conversation_id)
    conversation.owner, conversation.human_name = "human", "Mina"
