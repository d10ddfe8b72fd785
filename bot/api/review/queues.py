"""Queues of decisions to review."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from bot.api.deps import GatewayServices, Snapshot
from bot.api.review.deps import Reviewer
from bot.api.review.summaries import reader_of, summaries
from bot.api.schemas.errors import errors
from bot.api.schemas.review import QueueHint, ReviewQueue
from bot.core.errors import NotFound
from bot.oversight.sampling import QUEUES

router = APIRouter()
MAX_DRAWN = 100
"""Decisions in one answer; a queue's `count_hint` counts no further."""


@router.get("/queues")
def get_queues(session: Snapshot, services: GatewayServices, reviewer: Reviewer) -> list[QueueHint]:
    """The queues, with how many wait in each: at most 100 are counted, and a sample has no length."""
    reader = reader_of(services, reviewer)
    return [
        QueueHint(
            name=queue.name,
            title=queue.title,
            count_hint=len(queue.draw(session, reader, MAX_DRAWN)) if queue.counts else None,
        )
        for queue in QUEUES
    ]


@router.get("/queues/{name}", responses=errors(NotFound))
def get_queue(
    session: Snapshot,
    services: GatewayServices,
    reviewer: Reviewer,
    name: str,
    limit: Annotated[int, Query(ge=1, le=MAX_DRAWN)] = 20,
) -> ReviewQueue:
    """The next decisions of a queue, without the verdicts of others."""
    queue = next((one for one in QUEUES if one.name == name), None)
    if queue is None:
        raise NotFound(f"There is no such queue; there are: {', '.join(one.name for one in QUEUES)}.")
    decisions = summaries(session, queue.draw(session, reader_of(services, reviewer), limit))
    return ReviewQueue(queue=queue.name, title=queue.title, explanation=queue.explanation, decisions=decisions)
