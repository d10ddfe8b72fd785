"""Dependencies of the review API: who may use it, which record is meant, and the query parameters of lists."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Query

from bot.api.staff_auth import require
from bot.core.errors import BadRequest, NotFound
from bot.core.ids import now
from bot.decisions.kinds import Kind
from bot.decisions.repository import Filters, Place
from bot.oversight.access_log import AccessPurpose
from bot.oversight.repository.metrics import Days
from bot.staff import Staff

PLAIN = r"^[^\x00-\x1f\x7f]*$"
"""No control characters: PostgreSQL refuses a text with a NUL in it, even to look for."""
Share = Annotated[float | None, Query(ge=0, le=1)]
Name = Annotated[str | None, Query(max_length=64, pattern=PLAIN)]


def _filters(
    start: Annotated[datetime | None, Query(alias="from")] = None,
    end: Annotated[datetime | None, Query(alias="to")] = None,
    kind: Kind | None = None,
    intent: Name = None,
    min_confidence: Share = None,
    max_confidence: Share = None,
    language: Annotated[str | None, Query(max_length=8, pattern=PLAIN)] = None,
    outcome: Annotated[str | None, Query(max_length=96, pattern=PLAIN)] = None,
    conversation: Name = None,
    model: Name = None,
    search: Annotated[str | None, Query(max_length=96, pattern=PLAIN)] = None,
) -> Filters:
    return Filters(
        start=_in_utc(start),
        end=_in_utc(end),
        kind=kind,
        intent=intent or None,
        min_confidence=min_confidence,
        max_confidence=max_confidence,
        language=language or None,
        outcome=outcome or None,
        conversation=conversation or None,
        model=model or None,
        search=(search or "").strip() or None,
    )


Wanted = Annotated[Filters, Depends(_filters)]
Reason = Annotated[AccessPurpose, Query(alias="why", description="Goes into the access record.")]
TIME_WRONG = (BadRequest, "time_wrong")
CURSOR_WRONG = (BadRequest, "cursor_wrong", "time_wrong")
"""What a list's query is refused with."""


def cursor_of(place: Place | None) -> str | None:
    """A place as the next request gives it."""
    if place is None:
        return None
    return base64.urlsafe_b64encode(f"{place.at.isoformat()} {place.decision_id or ''}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> Place:
    """The place that `cursor_of` wrote.

    Raises:
        BadRequest: `cursor_wrong`, it is not one of those.
    """
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, decision_id = text.partition(" ")
        return Place(datetime.fromisoformat(moment).astimezone(UTC), decision_id.replace("\0", "") or None)
    except (binascii.Error, ValueError, OverflowError) as error:
        raise BadRequest("Take the cursor from 'next_cursor', or leave it out.", code="cursor_wrong") from error


def _in_utc(moment: datetime | None) -> datetime | None:
    """A moment without a time zone is in UTC."""
    if moment is None or moment.tzinfo is None:
        return moment and moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise BadRequest("Take a time between the years 1 and 9999.", code="time_wrong") from error


DEFAULT_SPAN = timedelta(days=89)
"""Before the last day, where `from` is left out."""
PERIOD_WRONG = (BadRequest, "period_wrong")


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
        message = "Write days as 2026-03-01 and moments as 2026-03-01T12:00:00Z."
        raise BadRequest(message, code="period_wrong") from error


def _decision_id(decision_id: str) -> str:
    if "\0" in decision_id:
        raise NotFound("There is no such decision.")
    return decision_id


require_reviewer = require("reviewer")
"""One dependency for all routes, so that a request's session is looked up once."""
Reviewer = Annotated[Staff, Depends(require_reviewer)]
Maintainer = Annotated[Staff, Depends(require("maintainer"))]
Operator = Annotated[Staff, Depends(require("operator"))]
ReviewerOrOperator = Annotated[Staff, Depends(require("reviewer", "operator"))]
DecisionId = Annotated[str, Depends(_decision_id)]
