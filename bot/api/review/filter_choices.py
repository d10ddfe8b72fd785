"""What a reviewer can choose from: in filters and in reviews."""

from __future__ import annotations

from fastapi import APIRouter

from bot.api.deps import Snapshot
from bot.api.review.summaries import LANGUAGE
from bot.api.schemas.review import Choices, ModelInUse, NamedChoice, ReviewReason
from bot.db.models import DecisionRow
from bot.decisions import repository, vocabulary
from bot.decisions.kinds import Kind
from bot.oversight.reviews import REASONS

router = APIRouter()


@router.get("/choices")
def get_choices(session: Snapshot) -> Choices:
    """The kinds, intents, outcomes, languages and models on record, and the reasons a review may give."""
    return Choices(
        kinds=[NamedChoice(name=kind, title=vocabulary.named("kind", kind, LANGUAGE)) for kind in Kind],
        intents=repository.distinct(session, DecisionRow.intent),
        outcomes=repository.distinct(session, DecisionRow.outcome),
        languages=repository.distinct(session, DecisionRow.language),
        models=[
            ModelInUse(fingerprint=model, first_day=first.date().isoformat(), last_day=last.date().isoformat())
            for model, first, last in repository.days_of_models(session)
        ],
        reasons=[ReviewReason(code=one.code, title=one.title, verdicts=list(one.verdicts)) for one in REASONS],
    )
