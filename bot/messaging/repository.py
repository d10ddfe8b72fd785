"""Statements of the outbox: its messages and events, and how far each client has been sent them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, case, insert, select, update
from sqlalchemy.orm import Session

from bot.core.ids import Json
from bot.db import core
from bot.db.models import ConversationRow, DeliveryRow, MessageRow, OutboxRow, table

_conversation, _delivery = table(ConversationRow).c, table(DeliveryRow).c
_COUNT_UP = (
    update(table(ConversationRow))
    .where(_conversation.id == bindparam("conversation_id"))
    .values(last_event=_conversation.last_event + bindparam("count"))
    .returning(_conversation.last_event)
)
_ADD_MESSAGES, _ADD_EVENTS = insert(table(MessageRow)), insert(table(OutboxRow))
_GO_ON = (
    update(table(DeliveryRow))
    .where(_delivery.conversation_id == bindparam("of_conversation_id"), _delivery.client == bindparam("of_client"))
    .values(seq=case((_delivery.seq < bindparam("of_seq"), bindparam("of_seq")), else_=_delivery.seq))
)


def take_numbers(session: Session, conversation_id: str, count: int) -> int:
    """Take the next `count` event numbers; the last of them. Writers of one conversation wait for each other here."""
    session.flush()
    values = {"conversation_id": conversation_id, "count": count}
    return int(core(session).execute(_COUNT_UP, values).scalar_one())


def add_messages(session: Session, rows: Sequence[Mapping[str, Json]]) -> None:
    """Add messages, given as columns."""
    core(session).execute(_ADD_MESSAGES, rows)


def add_events(session: Session, rows: Sequence[Mapping[str, Json]]) -> None:
    """Add events, given as columns."""
    core(session).execute(_ADD_EVENTS, rows)


def events(session: Session, conversation_id: str, after: int, limit: int | None) -> Sequence[OutboxRow]:
    """The events after number `after`, in order."""
    query = select(OutboxRow).where(OutboxRow.conversation_id == conversation_id, OutboxRow.seq > after)
    return session.scalars(query.order_by(OutboxRow.seq).limit(limit)).all()


def served(session: Session, conversation_id: str, client: str, *, lock: bool = False) -> int:
    """The number of the last event that `client` was sent; 0 when there is none.

    Args:
        lock: nobody else serves this client until the transaction ends.
    """
    row = session.get(DeliveryRow, (conversation_id, client), with_for_update=lock)
    return row.seq if row else 0


def remember(session: Session, conversation_id: str, client: str, seq: int) -> None:
    """`client` has been sent everything up to event `seq`."""
    values = {"conversation_id": conversation_id, "client": client, "seq": seq}
    connection = core(session)
    if connection.execute(_GO_ON, {f"of_{name}": value for name, value in values.items()}).rowcount == 0:
        connection.execute(insert(table(DeliveryRow)), values)
