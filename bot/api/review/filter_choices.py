"""What a reviewer can choose from: in filters and in reviews."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy.orm import Session

from bot.api.review.deps import Services
from bot.api.review.summaries import LANGUAGE
from bot.core.ids import Json
from bot.db.models import DecisionRow
from bot.decisions import repository, vocabulary
from bot.decisions.models import Kind
from bot.oversight.reviews import REASONS

router = APIRouter()


@router.get("/choices")
async def get_choices(parts: Services) -> dict[str, Json]:
    """The kinds, intents, outcomes, languages and models on record, and the reasons a review may give."""
    return await parts.database.read(_choices)


def _choices(session: Session) -> dict[str, Json]:
    return {
        "kinds": [{"name": kind.value, "title": vocabulary.named("kind", kind.value, LANGUAGE)} for kind in Kind],
        "intents": repository.distinct(session, DecisionRow.intent),
        "outcomes": repository.distinct(session, DecisionRow.outcome),
        "languages": repository.distinct(session, DecisionRow.language),
        "models": [
            {"fingerprint": model, "first_day": first.date().isoformat(), "last_day": last.date().isoformat()}
            for model, first, last in repository.days_of_models(session)
        ],
        "reasons": [reason.as_json() for reason in REASONS],
    }
