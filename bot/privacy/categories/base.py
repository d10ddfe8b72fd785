"""A category of personal data: one object that reads, counts, exports, clears and erases it.

A new category is a module of this package with a `CATEGORY`, an entry under `kept` in the published purposes (title,
description, days) and, for a table of its own, a migration. Overview, export, retention, erasure and receipt find it
through the registry. A category's module is also the repository of its tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, CursorResult, Select, Update, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.core.i18n import copy
from bot.core.ids import Json
from bot.db import Keyring, core
from bot.db.models import Base, ConversationRow
from bot.decisions import Recorder
from bot.privacy.data_subject import DataSubject
from bot.privacy.decryption import Gone, Opened, open_value, shown
from bot.rasa import Engine, Recalled

T = TypeVar("T")
Ids: TypeAlias = Sequence[str] | Select[str]
"""Ids, or a query for them: what SQL's IN takes."""
Memory: TypeAlias = Mapping[str, Recalled]
"""What the engine remembers, by conversation id; a conversation that it could not be asked about is missing."""


class Clearing(Enum):
    """How retention clears a category."""

    WITH_VISITOR = "with_visitor"
    """By erasing the visitor, after the longest period of all these categories."""
    BY_ITSELF = "by_itself"
    """In place, after its own period."""
    EXTERNAL = "external"
    """By asking the engine, after its own period. The database holds nothing of it."""


@dataclass(frozen=True)
class Scope:
    """Whose rows: some conversations, and the visitors they belong to."""

    conversations: Ids
    visitors: Ids

    @classmethod
    def of_visitor(cls, visitor_id: str) -> Scope:
        """A visitor with all their conversations."""
        return cls(select(ConversationRow.id).where(ConversationRow.visitor_id == visitor_id), [visitor_id])

    @classmethod
    def of_conversations(cls, conversation_ids: Sequence[str]) -> Scope:
        """Some conversations with their visitors."""
        visitors = select(ConversationRow.visitor_id).where(ConversationRow.id.in_(conversation_ids))
        return cls(conversation_ids, visitors)


@dataclass(frozen=True)
class Rows:
    """Rows that hold something, and the values that clear them.

    Rows are cleared in place, not deleted: SQLite would move their neighbours, and copies of these would remain in the
    unused part of a page, where a later erasure does not overwrite them.

    Args:
        sort: what the rows are called in the receipt of an erasure; the category's name when left out.
    """

    table: type[Base]
    holds: tuple[ColumnElement[bool], ...]
    cleared: Mapping[str, Any] = field(default_factory=dict)
    sort: str | None = None

    def count(self, session: Session) -> int:
        """How many rows hold something."""
        return session.scalar(select(func.count()).select_from(self.table).where(*self.holds)) or 0

    def clear(self, session: Session) -> int:
        """Clear them; how many there were. Repeating it is harmless."""
        return run(session, update(self.table).where(*self.holds).values(**self.cleared))


@dataclass(frozen=True)
class Item:
    """One stored value as the overview shows it. `at` is when it was stored, ISO 8601."""

    id: str
    label: str
    value: str
    at: str
    conversation_id: str
    author: str | None = None
    correctable: bool = False


@dataclass(frozen=True)
class Page:
    """The newest items of a category, how many there are in all, and a remark."""

    total: int
    items: Sequence[Item]
    note: str | None = None


@dataclass(frozen=True)
class Reader:
    """Reads the caller's data and words it in their language."""

    session: Session
    keyring: Keyring
    recorder: Recorder
    subject: DataSubject
    language: str
    memory: Memory = field(default_factory=dict)

    def open(self, conversation_id: str, about: str, sealed: bytes) -> Opened:
        """Decrypt a value of one of the caller's conversations."""
        return open_value(self.session, self.keyring, self.subject.visitor_of[conversation_id], about, sealed)

    def open_text(self, conversation_id: str, about: str, sealed: bytes) -> str:
        """The same as a text, or the reason why it cannot be decrypted."""
        return shown(self.open(conversation_id, about, sealed), self.language)

    def words(self, key: str, **values: object) -> str:
        """The text `key` of bot/core/i18n/privacy.yml."""
        return copy(f"privacy.{key}", self.language, **values)


class PersonalDataCategory:
    """One category. A simple one defines `name`, `rows` and `items`; the rest follows from these."""

    name: ClassVar[str]
    """As under `kept` in the published purposes."""
    place: ClassVar[int] = 100
    """Its place among the categories in the export, the lower the earlier."""
    clearing: ClassVar[Clearing] = Clearing.WITH_VISITOR
    stores: ClassVar[Mapping[str, str]] = {}
    """The receipt's store (`database`, `outbox`, `desk`, `review`) of each sort of rows; `database` when left out."""

    def rows(self, scope: Scope) -> Sequence[Rows]:
        """Content that an erasure clears."""
        return ()

    def traces(self, scope: Scope) -> Sequence[Update]:
        """Statements that remove what leads to the visitor without being content."""
        return ()

    def counted(self, scope: Scope) -> Sequence[Rows]:
        """What retention counts."""
        return self.rows(scope)

    def outdated(self, scope: Scope) -> Sequence[Rows]:
        """What retention clears, of a category that it clears by itself."""
        return self.rows(scope)

    def count(self, session: Session, conversation_ids: Sequence[str]) -> int:
        """How many rows of these conversations hold something of it."""
        return sum(rows.count(session) for rows in self.counted(Scope.of_conversations(conversation_ids)))

    def clear(self, session: Session, conversation_ids: Sequence[str]) -> int:
        """Clear it in these conversations; how many rows held something. Repeating it is harmless."""
        session.flush()
        return sum(rows.clear(session) for rows in self.outdated(Scope.of_conversations(conversation_ids)))

    def erase(self, session: Session, visitor_id: str) -> dict[str, int]:
        """Clear everything of the visitor's; how many rows held something, by sort. Repeating it is harmless."""
        scope = Scope.of_visitor(visitor_id)
        counts = {rows.sort or self.name: rows.clear(session) for rows in self.rows(scope)}
        for statement in self.traces(scope):
            run(session, statement)
        return {sort: count for sort, count in counts.items() if count}

    async def forget(self, engine: Engine, conversation_id: str) -> None:
        """Remove a conversation from the external store.

        Raises:
            EngineError: the engine does not answer.
        """

    def items(self, reader: Reader) -> Sequence[Item]:
        """Everything of the caller's, the newest first."""
        return ()

    def page(self, reader: Reader, limit: int) -> Page:
        """The overview's entries: the newest `limit` items."""
        items = self.items(reader)
        return Page(len(items), items[:limit])

    def export(self, reader: Reader) -> dict[str, Json]:
        """Its fields of the exported document: what belongs to no conversation."""
        return _exported(
            self.name, [i for i in self.items(reader) if i.conversation_id not in reader.subject.visitor_of]
        )

    def export_conversation(self, reader: Reader, conversation: ConversationRow) -> dict[str, Json]:
        """Its fields of an exported conversation."""
        return _exported(self.name, [i for i in self.items(reader) if i.conversation_id == conversation.id])


def newest(
    session: Session, query: Select[T], limit: int, *order: InstrumentedAttribute[Any]
) -> tuple[int, Sequence[T]]:
    """How many rows `query` has, and the first `limit` of them by these columns, descending."""
    total = session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    return total, session.scalars(query.order_by(*(column.desc() for column in order)).limit(limit)).all()


def run(session: Session, statement: Update) -> int:
    """Execute an update past the session's objects; how many rows it changed."""
    result: CursorResult[Any] = core(session).execute(statement)
    return result.rowcount


def plain(value: Opened) -> dict[str, Json]:
    """A decrypted value in the export: `{value}`, or `{value: null, gone}` with the reason."""
    return {"value": None, "gone": value.value} if isinstance(value, Gone) else {"value": value}


def columns(row: Base, *names: str) -> dict[str, Json]:
    """Some columns of a row as the export has them: moments in ISO 8601."""
    values = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def iso(moment: datetime | None) -> str | None:
    """ISO 8601, or None."""
    return moment.isoformat() if moment is not None else None


def _exported(name: str, items: Sequence[Item]) -> dict[str, Json]:
    """Items as the export has them, the oldest first."""
    fields = [{"id": one.id, "at": one.at, "label": one.label, "value": one.value} for one in items]
    return {name: fields[::-1]} if fields else {}
