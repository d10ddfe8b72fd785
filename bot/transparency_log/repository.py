"""Queries of the log: the leaves of its records, checkpoints, tiles, and the sealed records counted by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.core.ids import now
from bot.db import core
from bot.db.models import DecisionDayRow, DecisionRow, LogCheckpointRow, LogTileRow, table
from bot.transparency_log.leaf import FIELDS, Header

LOCK = 6962
"""PostgreSQL's advisory lock: of several gateways one seals."""
HEADER: Sequence[InstrumentedAttribute[Any]] = [getattr(DecisionRow, column) for column in FIELDS.values()]
"""The columns that make a leaf."""
DAY = ("day", "kind", "intent", "outcome", "language", "model", "band")
"""What records are counted by."""


def lock_log(session: Session) -> bool:
    """Whether this transaction alone may seal now."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))))


# Leaves.


def unsealed(session: Session, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The headers of records without a place in the log, the oldest first."""
    query = select(*HEADER).where(DecisionRow.leaf_index.is_(None)).order_by(DecisionRow.at, DecisionRow.id)
    return session.execute(query.limit(limit)).all()


def place(session: Session, rows: Iterable[Header], first: int) -> None:
    """Give these records their places in the log, from `first` on."""
    decision = table(DecisionRow)
    statement = update(decision).where(decision.c.id == bindparam("record")).values(leaf_index=bindparam("index"))
    places = [{"record": row.id, "index": index} for index, row in enumerate(rows, first)]
    core(session).execute(statement, places)


def headers(session: Session, first: int, end: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The headers of the leaves from `first` to before `end`."""
    query = select(*HEADER).where(DecisionRow.leaf_index >= first, DecisionRow.leaf_index < end)
    return session.execute(query.order_by(DecisionRow.leaf_index)).all()


def header(session: Session, decision_id: str) -> Row[*tuple[Any, ...]] | None:
    """The header of one record, with its `leaf_index`."""
    query = select(*HEADER, DecisionRow.leaf_index).where(DecisionRow.id == decision_id)
    return session.execute(query).one_or_none()


# The tree.


def tile(session: Session, level: int, number: int) -> LogTileRow | None:
    """A tile of the tree."""
    return session.get(LogTileRow, (level, number))


def add_tile(session: Session, level: int, number: int) -> LogTileRow:
    """Add an empty tile."""
    row = LogTileRow(level=level, number=number, hashes=b"")
    session.add(row)
    return row


# Checkpoints.


def newest(session: Session) -> LogCheckpointRow | None:
    """The newest checkpoint."""
    return session.scalar(select(LogCheckpointRow).order_by(LogCheckpointRow.size.desc()).limit(1))


def add_checkpoint(session: Session, size: int, root: bytes, note: str) -> None:
    """Add a signed checkpoint."""
    session.add(LogCheckpointRow(size=size, root=root.hex(), note=note, at=now()))


def last_anchored(session: Session) -> int | None:
    """The size of the newest checkpoint that was anchored."""
    return session.scalar(select(func.max(LogCheckpointRow.size)).where(LogCheckpointRow.anchored_at.is_not(None)))


def first_unanchored(session: Session, after: int) -> LogCheckpointRow | None:
    """The oldest checkpoint larger than `after` that was not anchored."""
    query = select(LogCheckpointRow).where(LogCheckpointRow.size > after, LogCheckpointRow.anchored_at.is_(None))
    return session.scalar(query.order_by(LogCheckpointRow.size).limit(1))


def note_anchored(session: Session, size: int) -> None:
    """Note that the checkpoint of this size was anchored now; the first time counts."""
    unknown = (LogCheckpointRow.size == size, LogCheckpointRow.anchored_at.is_(None))
    session.execute(update(LogCheckpointRow).where(*unknown).values(anchored_at=now()))


# Daily counts.


def count_by_day(session: Session, rows: Iterable[Header]) -> None:
    """Add these records to their days. In the transaction that seals them, so that each is counted once."""
    counts: Counter[tuple[str | int, ...]] = Counter()
    sums: Counter[tuple[str | int, ...]] = Counter()
    for row in rows:
        sort = _sort(row)
        counts[sort] += 1
        sums[sort] += round((row.confidence or 0) * 10_000)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(DecisionDayRow)
    added = statement.on_conflict_do_update(
        index_elements=list(DAY),
        set_={
            "records": DecisionDayRow.records + statement.excluded.records,
            "confidence_sum": DecisionDayRow.confidence_sum + statement.excluded.confidence_sum,
        },
    )
    # Sorted, so that two transactions never wait for each other in a circle.
    values = [
        dict(zip(DAY, sort, strict=True), records=count, confidence_sum=sums[sort])
        for sort, count in sorted(counts.items())
    ]
    session.execute(added, values)


def band(confidence: float | None) -> int:
    """The confidence in tenths, 0 to 9; -1 without one."""
    return -1 if confidence is None else min(9, max(0, int(confidence * 10)))


def _sort(row: Header) -> tuple[str, str, str, str, str, str, int]:
    day = row.at.date().isoformat()
    return (day, row.kind, row.intent or "", row.outcome, row.language, row.model or "", band(row.confidence))
