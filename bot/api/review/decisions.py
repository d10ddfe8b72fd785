"""The list of decisions: filtered, newest first, a page at a time; and what its filters choose from."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from bot.api.deps import GatewayServices, Snapshot
from bot.api.review.deps import CURSOR_WRONG, Reviewer, Wanted, cursor_of, place_of
from bot.api.review.summaries import LANGUAGE, reader_of, summaries
from bot.api.schemas.errors import errors
from bot.api.schemas.review import Choices, DecisionPage, ModelInUse, NamedChoice, ReviewReason
from bot.db.models import DecisionRow
from bot.decisions import vocabulary
from bot.decisions.kinds import Kind
from bot.decisions.repository import days_of_models, distinct, find_page
from bot.oversight.reviews import REASONS

router = APIRouter()


@router.get("/choices")
def get_choices(session: Snapshot, services: GatewayServices) -> Choices:
    """What is on record of kinds, intents, outcomes, languages and models; the reasons that a review may give, and the
    intents that it may call right.
    """
    return Choices(
        kinds=[NamedChoice(name=kind, title=vocabulary.named("kind", kind, LANGUAGE)) for kind in Kind],
        intents=distinct(session, DecisionRow.intent),
        outcomes=distinct(session, DecisionRow.outcome),
        languages=distinct(session, DecisionRow.language),
        models=[
            ModelInUse(fingerprint=model, first_day=first.date().isoformat(), last_day=last.date().isoformat())
            for model, first, last in days_of_models(session)
        ],
        reasons=[ReviewReason.of(reason) for reason in REASONS],
        right_intents=sorted(services.project.intents()),
    )


@router.get("/decisions", responses=errors(CURSOR_WRONG))
def list_decisions(
    session: Snapshot,
    services: GatewayServices,
    reviewer: Reviewer,
    filters: Wanted,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DecisionPage:
    """Decisions, newest first; of what people did about them only with a `kind`.

    Each call looks at 10,000 records at most: a page may be short or empty, and `more` says whether to go on with
    `next_cursor`.
    """
    page = find_page(session, filters, place_of(cursor) if cursor else None, limit)
    return DecisionPage(
        decisions=summaries(session, page.rows, reader_of(services, reviewer)),
        next_cursor=cursor_of(page.next),
        more=page.next is not None,
    )
