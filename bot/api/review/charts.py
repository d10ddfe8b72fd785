"""How the assistant does: numbers by day, language or model."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from bot.api.review.date_range import Period
from bot.api.review.deps import Services
from bot.api.review.query import PLAIN
from bot.core.ids import Json
from bot.oversight.metrics import By, Wanted, chart

router = APIRouter()


@router.get("/charts")
async def get_charts(
    parts: Services,
    period: Period,
    by: By = By.DAY,
    language: Annotated[str | None, Query(max_length=8, pattern=PLAIN)] = None,
    model: Annotated[str | None, Query(max_length=64, pattern=PLAIN)] = None,
) -> dict[str, Json]:
    """Turns, handoffs, fallbacks, failures, confidence, the wait for a human, and agreement of reviewers.

    A turn is a message that the assistant took; a rate is per turn; a low confidence is one under 50%. What is about
    no model has the key "". Records count once they are sealed.
    """
    wanted = Wanted(by, period.first, period.last, language or None, model or None)
    return {"by": by.value, "rows": await parts.database.read(lambda s: chart(s, wanted))}
