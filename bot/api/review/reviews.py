"""Queues of decisions to review, reviewers' verdicts, and how far two of them agree."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from bot.api.deps import GatewayServices, Snapshot
from bot.api.review.deps import PERIOD_WRONG, Period, Reviewer
from bot.api.review.summaries import LANGUAGE, reader_of, summaries
from bot.api.schemas import review as schemas
from bot.api.schemas.errors import errors
from bot.consent import Grant
from bot.core.errors import BadRequest, NotFound, RecordError
from bot.core.ids import Json
from bot.db.keyring import KeyDestroyed
from bot.decisions import repository
from bot.decisions.explain import summary
from bot.oversight import agreement
from bot.oversight.agreement import Pair
from bot.oversight.repository.reviews import count_reviewed
from bot.oversight.reviews import NewReview
from bot.oversight.sampling import QUEUES
from bot.policies import IMPROVEMENT
from bot.services import Services
from bot.staff import Staff
from bot.staff.repository import names

router = APIRouter()
MAX_DRAWN = 100
"""Decisions in one answer; a queue's `count_hint` counts no further."""
DISAGREEMENTS = 200
"""Disagreements that are listed, the newest first."""
REFUSED = ("not_reviewable", "reason_wrong", "not_wrong", "example_alone", "intent_unknown")


@router.get("/queues")
def get_queues(session: Snapshot, services: GatewayServices, reviewer: Reviewer) -> list[schemas.QueueHint]:
    """The queues, with how many wait in each: at most 100 are counted, and a sample has no length."""
    reader = reader_of(services, reviewer)
    return [
        schemas.QueueHint.of(queue, count_hint=len(queue.draw(session, reader, MAX_DRAWN)) if queue.counts else None)
        for queue in QUEUES
    ]


@router.get("/queues/{name}", responses=errors(NotFound))
def get_queue(
    session: Snapshot,
    services: GatewayServices,
    reviewer: Reviewer,
    name: str,
    limit: Annotated[int, Query(ge=1, le=MAX_DRAWN)] = 20,
) -> schemas.ReviewQueue:
    """The next decisions of a queue, without the verdicts of others."""
    queue = next((one for one in QUEUES if one.name == name), None)
    if queue is None:
        raise NotFound(f"There is no such queue; there are: {', '.join(one.name for one in QUEUES)}.")
    decisions = summaries(session, queue.draw(session, reader_of(services, reviewer), limit))
    return schemas.ReviewQueue.of(queue, queue=queue.name, decisions=decisions)


@router.post(
    "/decisions/{decision_id}/reviews",
    status_code=201,
    responses=errors(NotFound, (BadRequest, *REFUSED), KeyDestroyed, RecordError),
)
async def post_review(
    services: GatewayServices, reviewer: Reviewer, decision_id: str, body: schemas.NewReview
) -> schemas.AddedReview:
    """Record a verdict. `wrong` with the correct intent proposes a training example (`correction_id`)."""
    given: dict[str, Json] = {name: value or None for name, value in body}
    new = NewReview(**given)
    # The gate is asked only when the visitor's words would be proposed: a consent for once is used up by it.
    conversation_id = await services.database.run(_quoted, services, decision_id, new)
    answer = None
    if conversation_id is not None:
        answer = await services.gate.ask(services.database, conversation_id, IMPROVEMENT, None)
    grant = answer if isinstance(answer, Grant) else None
    return await services.database.run(_add, services, reviewer, decision_id, new, grant)


@router.get("/agreement", responses=errors(PERIOD_WRONG))
def get_agreement(session: Snapshot, period: Period) -> schemas.Agreement:
    """Of the decisions reviewed in this period: how many by two, how far these agree, and where they do not."""
    found = agreement.pairs(session, period.start, period.end)
    return schemas.Agreement(
        reviewed=count_reviewed(session, period.start, period.end),
        twice=len(found),
        agreed=sum(pair.agreed for pair in found),
        share=agreement.share(found),
        kappa=agreement.kappa(found),
        disagreements=_disagreements(session, [pair for pair in found if not pair.agreed]),
    )


def _quoted(services: Services, decision_id: str, new: NewReview) -> str | None:
    with services.database.snapshot() as session:
        return services.reviews.quoted(session, decision_id, new)


def _add(
    services: Services, reviewer: Staff, decision_id: str, new: NewReview, grant: Grant | None
) -> schemas.AddedReview:
    with services.database.transaction() as session:
        review, correction_id = services.reviews.add(session, reviewer, decision_id, new, grant)
        return schemas.AddedReview.of(review, correction_id=correction_id)


def _disagreements(session: Session, found: list[Pair]) -> list[schemas.Disagreement]:
    newest = found[: -DISAGREEMENTS - 1 : -1]
    decisions = repository.with_ids(session, [pair.decision_id for pair in newest])
    reviewers = names(session, (review.reviewer_id for pair in newest for review in (pair.first, pair.second)))
    return [
        schemas.Disagreement(
            decision_id=pair.decision_id,
            summary=summary(decisions[pair.decision_id], LANGUAGE),
            verdicts=[
                schemas.GivenVerdict.of(review, reviewer=reviewers[review.reviewer_id])
                for review in (pair.first, pair.second)
            ],
        )
        for pair in newest
    ]
