"""The figures of the charts, by day, language or model: from the daily counts, never from the log itself.

A turn is a message that the assistant took: an understanding, a failure, or a message that the gateway answered by
itself or left to people while the assistant was stopped. Messages to a human at the desk are none. Buttons count
among the understandings, with full confidence. A rate is per turn. What is not sealed yet is not counted yet.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from sqlalchemy.orm import Session

from bot.core.ids import Json
from bot.decisions.kinds import Kind
from bot.oversight import agreement
from bot.oversight.agreement import Pair
from bot.oversight.repository import metrics as repository
from bot.oversight.repository.metrics import By, Wanted

UNDERSTOOD = (Kind.UNDERSTANDING, Kind.FALLBACK, Kind.FAILURE)
SERVED = (Kind.ROUTE, Kind.HANDOFF)
ALONE = ("gateway", "stopped")
"""Routes of messages that are neither understood nor a human's."""
QUEUED = "handoff:queued"


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
    for found in repository.daily_counts(session, wanted, UNDERSTOOD):
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
    for found in repository.daily_counts(session, wanted, SERVED, (*ALONE, QUEUED)):
        if found.kind == Kind.ROUTE:
            rows[found.key].turns += int(found.records)
        elif not wanted.about_models:
            rows[found.key].handoffs += int(found.records)


def _hand_off(session: Session, wanted: Wanted, rows: dict[str, _Row]) -> None:
    """How long visitors waited for a human; and, where it is about models, how many asked for one."""
    for found in repository.handoffs(session, wanted):
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
    about = {} if whole_days else repository.language_and_model(session, [pair.decision_id for pair in found])
    for pair in found:
        language, model = about.get(pair.decision_id, ("", ""))
        if wanted.language in (None, language) and wanted.model in (None, model):
            rows[_key(wanted, pair.at, language, model)].pairs.append(pair)


def _key(wanted: Wanted, at: datetime, language: str, model: str) -> str:
    return {By.DAY: at.date().isoformat(), By.LANGUAGE: language, By.MODEL: model}[wanted.by]


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
