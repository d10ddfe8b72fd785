"""Queries behind the charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, select
from sqlalchemy.orm import Session

from bot.db.models import DecisionDayRow, DecisionRow, HandoffRow

LOW_BAND = 5
"""Bands of the daily counts below this one are a confidence under 50%."""


class By(StrEnum):
    """What a row of the charts is about."""

    DAY = "day"
    LANGUAGE = "language"
    MODEL = "model"


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
        return datetime.combine(self.last, time(), UTC) + timedelta(days=1)


@dataclass(frozen=True)
class Wanted(Days):
    """Which rows of these days: of one language or one model's fingerprint, or all."""

    by: By
    language: str | None = None
    model: str | None = None

    @property
    def about_models(self) -> bool:
        return self.by is By.MODEL or self.model is not None


def daily_counts(
    session: Session, wanted: Wanted, kinds: Sequence[str], outcomes: Sequence[str] | None = None
) -> Sequence[Row[Any]]:
    """What was counted of these kinds (and outcomes), by the key that is wanted."""
    day, key = DecisionDayRow, getattr(DecisionDayRow, wanted.by.value)
    filters = ((day.language, wanted.language), (day.model, wanted.model))
    query = (
        select(
            key.label("key"),
            day.kind,
            func.min(day.day).label("since"),
            func.sum(day.records).label("records"),
            func.sum(case((day.band >= 0, day.records), else_=0)).label("sure"),
            func.sum(case((day.band.between(0, LOW_BAND - 1), day.records), else_=0)).label("low"),
            func.sum(day.confidence_sum).label("confidence_sum"),
        )
        .where(day.kind.in_(kinds), day.day.between(wanted.first.isoformat(), wanted.last.isoformat()))
        .where(*(column == value for column, value in filters if value is not None))
        .group_by(day.kind, key)
    )
    if outcomes is not None:
        query = query.where(day.outcome.in_(outcomes))
    return session.execute(query).all()


def handoffs(session: Session, wanted: Wanted) -> Sequence[Row[Any]]:
    """When humans were asked for and came, in which language and, where it is about models, after which model."""
    columns: list[Any] = [HandoffRow.requested_at, HandoffRow.accepted_at, HandoffRow.language]
    if wanted.about_models:
        columns.append(_model_of_handoff().label("model"))
    query = select(*columns).where(HandoffRow.requested_at >= wanted.start, HandoffRow.requested_at < wanted.end)
    if wanted.language is not None:
        query = query.where(HandoffRow.language == wanted.language)
    return session.execute(query).all()


def language_and_model(session: Session, decision_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(decision_ids), 1000):
        ids = decision_ids[start : start + 1000]
        query = select(DecisionRow.id, DecisionRow.language, DecisionRow.model).where(DecisionRow.id.in_(ids))
        found.update({row.id: (row.language, row.model or "") for row in session.execute(query)})
    return found


def _model_of_handoff() -> ColumnElement[str | None]:
    return (
        select(DecisionRow.model)
        .where(
            DecisionRow.conversation_id == HandoffRow.conversation_id,
            DecisionRow.model.is_not(None),
            # A message that asks for a human is on record only after the request it led to.
            DecisionRow.at <= HandoffRow.expires_at,
        )
        .order_by(DecisionRow.at.desc())
        .limit(1)
        .scalar_subquery()
    )
