"""Whether the assistant is stopped: the stops that are on. `bot.oversight.stops` begins and ends them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from bot.db.models import StopRow, table


def active(session: Session) -> Sequence[StopRow]:
    """The stops that are on, oldest first."""
    return session.scalars(select(StopRow).where(StopRow.ended_at.is_(None)).order_by(StopRow.at)).all()


def wholly(stops: Iterable[StopRow]) -> StopRow | None:
    """The stop of everything among `stops`."""
    return next((stop for stop in stops if stop.topic is None), None)


def any_active() -> ScalarSelect[bool]:
    """The part of a statement that says whether any stop is on, wholly or for a topic."""
    stop = table(StopRow)
    return select(func.count() > 0).select_from(stop).where(stop.c.ended_at.is_(None)).scalar_subquery()
