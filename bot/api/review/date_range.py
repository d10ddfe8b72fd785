"""Query parameters of a period: whole days in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import Depends, Query

from bot.core.errors import BadRequest
from bot.core.ids import now

DEFAULT_SPAN = timedelta(days=89)
"""Before the last day, where `from` is left out."""
PERIOD_WRONG = (BadRequest, "period_wrong")


@dataclass(frozen=True)
class Days:
    """Whole days in UTC, both included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        """The moment after the last day."""
        return datetime.combine(self.last, time.max, UTC) + timedelta(microseconds=1)


def _days(
    start: Annotated[str | None, Query(alias="from", max_length=40)] = None,
    end: Annotated[str | None, Query(alias="to", max_length=40)] = None,
) -> Days:
    """From and to: a day, included, or a moment; `to` as a moment is not included. The last 90 days when left out."""
    last = _day(end, ends=True) if end else now().date()
    try:
        first = _day(start) if start else last - DEFAULT_SPAN
    except OverflowError:
        first = date.min
    if not date.min < first <= last < date.max:
        raise BadRequest("Give a first day that is not after the last one.", code="period_wrong")
    return Days(first, last)


Period = Annotated[Days, Depends(_days)]


def _day(text: str, *, ends: bool = False) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return (moment - timedelta(microseconds=1) if ends else moment).date()
    except (ValueError, OverflowError) as error:
        raise BadRequest(
            "Write days as 2026-03-01 and moments as 2026-03-01T12:00:00Z.", code="period_wrong"
        ) from error
