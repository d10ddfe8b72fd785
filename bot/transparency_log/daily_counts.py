"""Counts sealed records by day and sort, so that charts and filter lists never read the log itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.db.models import DecisionDayRow
from bot.transparency_log.leaf import Header

COLUMNS = ("day", "kind", "intent", "outcome", "language", "model", "band")


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
        index_elements=list(COLUMNS),
        set_={
            "records": DecisionDayRow.records + statement.excluded.records,
            "confidence_sum": DecisionDayRow.confidence_sum + statement.excluded.confidence_sum,
        },
    )
    # Sorted, so that two transactions never wait for each other in a circle.
    values = [
        dict(zip(COLUMNS, sort, strict=True), records=count, confidence_sum=sums[sort])
        for sort, count in sorted(counts.items())
    ]
    session.execute(added, values)


def band(confidence: float | None) -> int:
    """The confidence in tenths, 0 to 9; -1 without one."""
    return -1 if confidence is None else min(9, max(0, int(confidence * 10)))


def _sort(row: Header) -> tuple[str, str, str, str, str, str, int]:
    day = row.at.date().isoformat()
    return (day, row.kind, row.intent or "", row.outcome, row.language, row.model or "", band(row.confidence))
