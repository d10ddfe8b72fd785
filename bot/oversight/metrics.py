"""How the assistant does, by day, language or model: counted from the daily tallies, never from the log itself.

A turn is a message that the assistant took: an understanding, a failure, or a message that the gateway answered by
itself or left to people while the assistant was stopped. Messages to a human at the desk are none. Buttons count
among the understandings, with full confidence. A rate is per turn. What is not sealed yet is not counted yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from bot.core.ids import Json
from bot.db.models import DecisionDayRow, DecisionRow, HandoffRow
from bot.decisions.models import Kind
from bot.oversight import agreement
from bot.oversight.agreement import Pair

LOW_BAND = 5
"""Bands of the tally below this one are a confidence under 50%."""
UNDERSTOOD = (Kind.UNDERSTANDING, Kind.FALLBACK, Kind.FAILURE)
SERVED = (Kind.ROUTE, Kind.HANDOFF)
ALONE = ("gateway", "stopped")
"""Routes of messages that are neither understood nor a human's."""
QUEUED = "handoff:queued"


class By(StrEnum):
    """What a row of the charts is about."""

    DAY = "day"
    LANGUAGE = "language"
    MODEL = "model"


@dataclass(frozen=True)
class Wanted:
    """Which rows: from `first` to `last`, both included (UTC); of one language or one model's fingerprint, or all."""

    by: By
    first: date
    last: date
    language: str | None = None
    model: str | None = None

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.last, time(), UTC) + timedelta(days=1)

    @property
    def about_models(self) -> bool:
        return self.by is By.MODEL or self.model is not None


@dataclass
class _Row:
    """What is counted for one key."""

    turns: int = 0
    handoffs: int = 0
    fallbacks: int = 0
    failures: int = 0
    understood: int = 0
    low: int = 0
    confidence_sum: int = 0
    since: str = ""
    waits: list[float] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)

    def as_json(self, key: str) -> dict[str, Json]:
        """A row of the API: rates and shares from 0 to 1 with four decimals, null where there is nothing to share."""
        return {
            "key": key,
            "turns": self.turns,
            "handoffs": self.handoffs,
            "handoff_rate": _share(self.handoffs, self.turns),
            "fallbacks": self.fallbacks,
            "fallback_rate": _share(self.fallbacks, self.turns),
            "failures": self.failures,
            "confidence_mean": _share(self.confidence_sum, self.understood * 10_000),
            "confidence_low_share": _share(self.low, self.understood),
            "human_wait_seconds_median": round(median(self.waits), 1) if self.waits else None,
            "agreement": agreement.share(self.pairs),
        }


def chart(session: Session, wanted: Wanted) -> list[dict[str, Json]]:
    """The rows that have anything to show: days and languages by name, models in the order they came into use.

    The key of what is about no model is "". A handoff belongs to the model that last understood its conversation before
    the wait was over.
    """
    rows: dict[str, _Row] = defaultdict(_Row)
    _count(session, wanted, rows)
    _hand_off(session, wanted, rows)
    _agree(session, wanted, rows)
    return [row.as_json(key) for key, row in sorted(rows.items(), key=lambda one: (one[1].since, one[0]))]


def _count(session: Session, wanted: Wanted, rows: dict[str, _Row]) -> None:
    for found in session.execute(_tallied(wanted, UNDERSTOOD)):
        row = rows[found.key]
        if wanted.by is By.MODEL:
            row.since = min(row.since or found.since, found.since)
        if found.kind == Kind.FALLBACK:
            row.fallbacks += int(found.records)
            continue
        row.turns += int(found.records)
        if found.kind == Kind.FAILURE:
            row.failures += int(found.records)
        else:
            row.understood, row.low = int(found.sure), int(found.low)
            row.confidence_sum = int(found.confidence_sum)
    for found in session.execute(_tallied(wanted, SERVED).where(DecisionDayRow.outcome.in_((*ALONE, QUEUED)))):
        if found.kind == Kind.ROUTE:
            rows[found.key].turns += int(found.records)
        elif not wanted.about_models:
            rows[found.key].handoffs += int(found.records)


def _tallied(wanted: Wanted, kinds: Sequence[str]) -> Select[Any]:
    """What was counted of these kinds, by the key that is wanted."""
    day, key = DecisionDayRow, getattr(DecisionDayRow, wanted.by.value)
    filters = ((day.language, wanted.language), (day.model, wanted.model))
    return (
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


def _hand_off(session: Session, wanted: Wanted, rows: dict[str, _Row]) -> None:
    """How long visitors waited for a human; and, where it is about models, how many asked for one."""
    columns: list[Any] = [HandoffRow.requested_at, HandoffRow.accepted_at, HandoffRow.language]
    if wanted.about_models:
        columns.append(_model_of_handoff().label("model"))
    query = select(*columns).where(HandoffRow.requested_at >= wanted.start, HandoffRow.requested_at < wanted.end)
    if wanted.language is not None:
        query = query.where(HandoffRow.language == wanted.language)
    for found in session.execute(query):
        model = (found.model or "") if wanted.about_models else ""
        if wanted.model is not None and model != wanted.model:
            continue
        row = rows[_key(wanted, found.requested_at, found.language, model)]
        row.handoffs += wanted.about_models
        if found.accepted_at is not None:
            row.waits.append((found.accepted_at - found.requested_at).total_seconds())


def _agree(session: Session, wanted: Wanted, rows: dict[str, _Row]) -> None:
    """Pairs of reviewers count when the later verdict came, for the language and model of what they judged."""
    found = agreement.pairs(session, wanted.start, wanted.end)
    whole_days = wanted.by is By.DAY and wanted.language is None and wanted.model is None
    about = {} if whole_days else _about(session, [pair.decision_id for pair in found])
    for pair in found:
        language, model = about.get(pair.decision_id, ("", ""))
        if wanted.language in (None, language) and wanted.model in (None, model):
            rows[_key(wanted, pair.at, language, model)].pairs.append(pair)


def _about(session: Session, decision_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Language and model of decisions."""
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


def _key(wanted: Wanted, at: datetime, language: str, model: str) -> str:
    return {By.DAY: at.date().isoformat(), By.LANGUAGE: language, By.MODEL: model}[wanted.by]


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
