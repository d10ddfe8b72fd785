"""Queries over decision records. Lists read the open columns only; sealed payloads are opened one at a time.

A list is read along one index, newest first, and looks at a bounded number of records a page, so that its time depends
neither on the log's size nor on the filters, and its content on neither time nor load.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, func, insert, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.core.ids import Json
from bot.core.messages import Author
from bot.db import core
from bot.db.models import ConsentRow, DecisionPayloadRow, DecisionRow, MessageRow, VisitorKeyRow, table
from bot.db.planner import by_index_alone, unindexed
from bot.db.rows import find
from bot.decisions.kinds import DECISIONS

EXAMINED = 10_000
"""Records that one page looks at, at most: in a log of a million some 30 ms of reading."""
INSTANT = timedelta(microseconds=1)
"""The shortest time between two moments."""
DISTINCT = 500
"""Different values of one column that are listed, at most."""
_ADD_HEADERS, _ADD_PAYLOADS = insert(table(DecisionRow)), insert(table(DecisionPayloadRow))
WORD = re.compile(r"[^\W_]+")

Column: TypeAlias = InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Filters:
    """What a reviewer looks for; None means any. `start` is included, `end` is not; confidences are included.

    Without a `kind` only decisions of the software are meant. `search` is an id (of a decision, conversation, message
    or visitor), or the beginning of a word in an intent or outcome.
    """

    start: datetime | None = None
    end: datetime | None = None
    kind: str | None = None
    intent: str | None = None
    min_confidence: float | None = None
    max_confidence: float | None = None
    language: str | None = None
    outcome: str | None = None
    conversation: str | None = None
    model: str | None = None
    search: str | None = None

    def as_json(self) -> dict[str, Json]:
        given = {name: value for name, value in vars(self).items() if value is not None}
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in given.items()}


@dataclass(frozen=True)
class Place:
    """A place in the list, newest first: after this record, or without one before all that was recorded at `at`."""

    at: datetime
    decision_id: str | None


@dataclass(frozen=True)
class Page:
    """Records that fit, newest first. `next` is where to go on; None at the end of the log.

    A page may be short or empty and have a `next` all the same: that many records have been looked at.
    """

    rows: Sequence[DecisionRow]
    next: Place | None


def add(session: Session, headers: Sequence[Mapping[str, Json]], payloads: Sequence[Mapping[str, Json]]) -> None:
    """Add records; what the session still holds goes first."""
    session.flush()
    core(session).execute(_ADD_HEADERS, headers)
    core(session).execute(_ADD_PAYLOADS, payloads)


def find_page(session: Session, filters: Filters, after: Place | None, limit: int, *, examined: int = EXAMINED) -> Page:
    """At most `limit` records that pass `filters`, newest first, from `after` on.

    Two statements, besides those of a `search`: where the page's last record may be, and the records up to there.
    """
    by_index_alone(session)
    search = _search(session, filters)
    floor = search.floor(session, after, examined)
    found = search.fitting(session, after, floor, limit + 1)
    if len(found) > limit:
        return Page(found[:limit], Place(found[limit - 1].at, found[limit - 1].id))
    return Page(found, None if floor is None else Place(floor, None))


def distinct(session: Session, column: Column) -> list[str]:
    """The values of an indexed column, by name: found by stepping from one to the next in the index."""
    first = select(column.label("value")).where(column.is_not(None)).order_by(column).limit(1)
    values = select(first.subquery().c.value).cte("values_of", recursive=True)
    later = select(column).where(column > values.c.value).order_by(column).limit(1).scalar_subquery()
    values = values.union_all(select(later).where(values.c.value.is_not(None)))
    query = select(values.c.value).where(values.c.value.is_not(None)).limit(DISTINCT)
    return [str(value) for value in session.scalars(query)]


def days_of_models(session: Session) -> list[tuple[str, datetime, datetime]]:
    """Each model's fingerprint with its first and last record's moment, the newest model first."""
    at = DecisionRow.at

    def end_of(model: str, order: ColumnElement[datetime]) -> datetime:
        return session.scalars(select(at).where(DecisionRow.model == model).order_by(order).limit(1)).one()

    found = [(name, end_of(name, at.asc()), end_of(name, at.desc())) for name in distinct(session, DecisionRow.model)]
    return sorted(found, key=lambda one: one[2], reverse=True)


def of_turn(session: Session, conversation_id: str, turn_id: str | None) -> Sequence[DecisionRow]:
    """All records of one turn, in the order in which they were written."""
    if turn_id is None:
        return []
    return session.scalars(
        select(DecisionRow)
        .where(DecisionRow.turn_id == turn_id, DecisionRow.conversation_id == conversation_id)
        .order_by(DecisionRow.at, DecisionRow.id)
    ).all()


def of_conversation(session: Session, conversation_id: str, limit: int) -> Sequence[DecisionRow]:
    """The newest `limit` records of a conversation that are about what was said, in the order they were written."""
    query = (
        select(DecisionRow)
        .where(DecisionRow.conversation_id == conversation_id, DecisionRow.kind.in_(DECISIONS))
        .order_by(DecisionRow.at.desc(), DecisionRow.id.desc())
        .limit(limit)
    )
    return session.scalars(query).all()[::-1]


def with_ids(session: Session, ids: Sequence[str]) -> dict[str, DecisionRow]:
    return {row.id: row for row in session.scalars(select(DecisionRow).where(DecisionRow.id.in_(ids)))}


def leaves(session: Session, first: int, end: int) -> Sequence[DecisionRow]:
    """The records at the places `first` to `end` of the log, without `end`."""
    query = select(DecisionRow).where(DecisionRow.leaf_index >= first, DecisionRow.leaf_index < end)
    return session.scalars(query.order_by(DecisionRow.leaf_index)).all()


def count_unsealed(session: Session, limit: int) -> int:
    """How many records are not sealed yet; `limit` for that many or more."""
    unsealed = select(DecisionRow.at).where(DecisionRow.leaf_index.is_(None)).limit(limit).subquery()
    return session.scalar(select(func.count()).select_from(unsealed)) or 0


def payloads(session: Session, decision_ids: Sequence[str]) -> dict[str, DecisionPayloadRow]:
    query = select(DecisionPayloadRow).where(DecisionPayloadRow.decision_id.in_(decision_ids))
    return {payload.decision_id: payload for payload in session.scalars(query)}


def keys_of(session: Session, payloads: Iterable[DecisionPayloadRow]) -> Sequence[VisitorKeyRow]:
    """The keys that these payloads are sealed with."""
    holders = {payload.visitor_id for payload in payloads}
    return session.scalars(select(VisitorKeyRow).where(VisitorKeyRow.visitor_id.in_(holders))).all()


def find_answer(session: Session, conversation_id: str, message_id: str | None) -> MessageRow | None:
    """The message `message_id`, if it is of this conversation; without an id the assistant's newest answer."""
    if message_id is not None:
        message = find(session, MessageRow, message_id)
        return message if message is not None and message.conversation_id == conversation_id else None
    return session.scalar(
        select(MessageRow)
        .where(
            MessageRow.conversation_id == conversation_id,
            MessageRow.author == Author.ASSISTANT,
            MessageRow.reply_to.is_not(None),
        )
        .order_by(MessageRow.created_at.desc(), MessageRow.id.desc())
        .limit(1)
    )


def newest_messages(session: Session, conversation_id: str, limit: int) -> Sequence[MessageRow]:
    """What was said last in a conversation, in the order it was said."""
    query = (
        select(MessageRow)
        .where(MessageRow.conversation_id == conversation_id)
        .order_by(MessageRow.created_at.desc(), MessageRow.id.desc())
        .limit(limit)
    )
    return session.scalars(query).all()[::-1]


@dataclass(frozen=True)
class _Search:
    """Filters as queries: `lane` chooses the index along which the log is read, `rest` is checked for each record."""

    lane: ColumnElement[bool]
    rest: Sequence[ColumnElement[bool]]
    filters: Filters

    def floor(self, session: Session, after: Place | None, examined: int) -> datetime | None:
        """The moment of the lane's `examined`-th next record; None when there are fewer. Reads an index alone."""
        query = select(DecisionRow.at).where(self.lane, *self._within(after, None)).order_by(DecisionRow.at.desc())
        floor: datetime | None = session.scalar(query.offset(examined - 1).limit(1))
        # However many records share one moment, each page gets past it.
        return floor if floor is None or after is None else min(floor, after.at - INSTANT)

    def fitting(
        self, session: Session, after: Place | None, floor: datetime | None, limit: int
    ) -> Sequence[DecisionRow]:
        """The lane's records between `after` and `floor`, which is left out, that fit: at most `limit`."""
        query = select(DecisionRow).where(self.lane, *self._within(after, floor), *self.rest)
        if after is not None and after.decision_id is not None:
            query = query.where(or_(DecisionRow.at < after.at, DecisionRow.id < after.decision_id))
        return session.scalars(query.order_by(DecisionRow.at.desc(), DecisionRow.id.desc()).limit(limit)).all()

    def _within(self, after: Place | None, floor: datetime | None) -> list[ColumnElement[bool]]:
        """One bound at each end: of two, SQLite would search the index by either, and check the other row by row."""
        start, end = self.filters.start, self.filters.end
        bounds: list[ColumnElement[bool]] = []
        if floor is not None and (start is None or floor >= start):
            bounds.append(DecisionRow.at > floor)
        elif start is not None:
            bounds.append(DecisionRow.at >= start)
        if after is not None and (end is None or after.at < end):
            bounds.append(DecisionRow.at <= after.at)
        elif end is not None:
            bounds.append(DecisionRow.at < end)
        return bounds


def _search(session: Session, filters: Filters) -> _Search:
    sought, equal = filters.search, _equalities(filters)
    lane = None if sought is None else _named(session, sought)
    rest: list[ColumnElement[bool]] = []
    if sought is not None and lane is None:
        intents, outcomes = _with_word(session, sought)
        rest.append(or_(DecisionRow.intent.in_(intents), DecisionRow.outcome.in_(outcomes)))
    if lane is None and equal:
        (column, value), *equal = equal
        lane = column == value
    if filters.kind is None and not (sought or "").startswith("dec_"):
        rest.append(unindexed(session, DecisionRow.kind).in_(DECISIONS))
    rest += [unindexed(session, column) == value for column, value in equal]
    if filters.min_confidence is not None:
        rest.append(DecisionRow.confidence >= filters.min_confidence)
    if filters.max_confidence is not None:
        rest.append(DecisionRow.confidence <= filters.max_confidence)
    return _Search(true() if lane is None else lane, rest, filters)


def _equalities(filters: Filters) -> list[tuple[Column, str]]:
    """Column and value, the one that leaves the fewest records first: it chooses the index."""
    wanted: tuple[tuple[Column, str | None], ...] = (
        (DecisionRow.conversation_id, filters.conversation),
        (DecisionRow.intent, filters.intent),
        (DecisionRow.outcome, filters.outcome),
        (DecisionRow.model, filters.model),
        (DecisionRow.kind, filters.kind),
        (DecisionRow.language, filters.language),
    )
    return [(column, value) for column, value in wanted if value is not None]


def _named(session: Session, sought: str) -> ColumnElement[bool] | None:
    """The records that an id names; None when it is no id."""
    if sought.startswith("msg_"):
        # A turn is named by the visitor's message; an answer leads to the one it replies to.
        message = find(session, MessageRow, sought)
        turn_id = None if message is None or message.author == Author.VISITOR else message.reply_to
        return DecisionRow.turn_id == (turn_id or sought)
    if sought.startswith("cns_"):
        choice = select(ConsentRow.conversation_id).where(ConsentRow.id == sought)
        return DecisionRow.conversation_id == choice.scalar_subquery()
    columns = {"dec_": DecisionRow.id, "con_": DecisionRow.conversation_id, "vis_": DecisionRow.visitor_id}
    column = columns.get(sought[:4])
    return None if column is None else column == sought


def _with_word(session: Session, beginning: str) -> tuple[list[str], list[str]]:
    """The intents and the outcomes in which a word begins so; several words have to follow each other."""
    sought = " ".join(WORD.findall(beginning.casefold()))

    def fits(name: str) -> bool:
        return bool(sought) and f" {sought}" in f" {' '.join(WORD.findall(name.casefold()))}"

    intents, outcomes = distinct(session, DecisionRow.intent), distinct(session, DecisionRow.outcome)
    return [name for name in intents if fits(name)], [name for name in outcomes if fits(name)]
