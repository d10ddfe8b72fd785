"""The charts: figures by day, language or model."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from bot.api.deps import Snapshot
from bot.api.review.deps import PERIOD_WRONG, PLAIN, Period
from bot.api.schemas.errors import errors
from bot.api.schemas.review import Charts
from bot.core.ids import Json
from bot.oversight.metrics import chart
from bot.oversight.repository.metrics import By, Wanted

router = APIRouter()


@router.get("/charts", response_model=Charts, responses=errors(PERIOD_WRONG))
def get_charts(
    session: Snapshot,
    period: Period,
    by: By = By.DAY,
    language: Annotated[str | None, Query(max_length=8, pattern=PLAIN)] = None,
    model: Annotated[str | None, Query(max_length=64, pattern=PLAIN)] = None,
) -> Json:
    """Turns, handoffs, fallbacks, failures, confidence, the wait for a human, and agreement of reviewers.

    A turn is a message that the assistant took; a rate is per turn; a low confidence is one under 50%. What is about
    no model has the key "". Records count once they are sealed.
    """
    wanted = Wanted(period.first, period.last, by, language or None, model or None)
    return {"by": by, "rows": chart(session, wanted)}
