"""Statements of the outbox: its messages and events, and how far each client has been sent them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, case, insert, select, update
from sqlalchemy.orm import Session

from bot.core.ids import Json
from bot.db import core
from bot.db.models import ConversationRow, DeliveryRow, MessageRow, OutboxRow, table

_conversation, _delivery, _outbox = table(ConversationRow).c, table(DeliveryRow).c, table(OutboxRow).c
_EVENTS: Select[Any] = (
    select(_conversation.visitor_id, _outbox.seq, _outbox.kind, _outbox.data_sealed)
    .join_from(table(OutboxRow), table(ConversationRow))
    .where(_outbox.conversation_id == bindparam("of_conversation_id"), _outbox.seq > bindparam("after"))
    .order_by(_outbox.seq)
)
_OF_CLIENT = and_(
    _delivery.conversation_id == bindparam("of_conversation_id"), _delivery.client == bindparam("of_client")
)
_SERVED = select(_delivery.seq).where(_OF_CLIENT)
_SERVED_LOCKED = _SERVED.with_for_update()
_COUNT_UP = (
    update(table(ConversationRow))
    .where(_conversation.id == bindparam("conversation_id"))
    .values(last_event=_conversation.last_event + bindparam("count"))
    .returning(_conversation.last_event)
)
_ADD_MESSAGES, _ADD_EVENTS = insert(table(MessageRow)), insert(table(OutboxRow))
_GO_ON = (
    update(table(DeliveryRow))
    .where(_OF_CLIENT)
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


def events(session: Session, conversation_id: str, after: int, limit: int | None) -> Sequence[Row[Any]]:
    """The events after number `after`, in order: each with `visitor_id`, `seq`, `kind` and `data_sealed`."""
    values = {"of_conversation_id": conversation_id, "after": after}
    return core(session).execute(_EVENTS.limit(limit), values).all()


def served(session: Session, conversation_id: str, client: str, *, lock: bool = False) -> int:
    """The number of the last event that `client` was sent; 0 when there is none.

    Args:
        lock: nobody else serves this client until the transaction ends.
    """
    values = {"of_conversation_id": conversation_id, "of_client": client}
    return core(session).execute(_SERVED_LOCKED if lock else _SERVED, values).scalar() or 0


def remember(session: Session, conversation_id: str, client: str, seq: int) -> None:
    """`client` has been sent everything up to event `seq`."""
    values = {"conversation_id": conversation_id, "client": client, "seq": seq}
    connection = core(session)
    if connection.execute(_GO_ON, {f"of_{name}": value for name, value in values.items()}).rowcount == 0:
        connection.execute(insert(table(DeliveryRow)), values)
