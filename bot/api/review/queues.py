"""Queues of decisions to review."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from bot.api.review.deps import Reviewer, Services
from bot.api.review.summaries import reader_of, summaries
from bot.core.errors import NotFound
from bot.core.ids import Json
from bot.oversight.sampling import QUEUES, Queue, Reader

router = APIRouter()
HINT = 100
"""A queue's `count_hint` counts no further."""


@router.get("/queues")
async def get_queues(parts: Services, reviewer: Reviewer) -> list[dict[str, Json]]:
    """The queues, with how many wait in each: at most 100 are counted, and null stands for as many as one likes."""
    reader = reader_of(parts, reviewer)
    return await parts.database.read(lambda s: [_hint(s, queue, reader) for queue in QUEUES])


@router.get("/queues/{name}")
async def get_queue(
    parts: Services, reviewer: Reviewer, name: str, limit: Annotated[int, Query(ge=1, le=HINT)] = 20
) -> dict[str, Json]:
    """The next decisions of a queue. Nobody is told here how others judged them."""
    queue = next((one for one in QUEUES if one.name == name), None)
    if queue is None:
        raise NotFound(f"There is no such queue; there are: {', '.join(one.name for one in QUEUES)}.")

    def work(session: Session) -> dict[str, Json]:
        decisions = summaries(session, queue.draw(session, reader_of(parts, reviewer), limit))
        return {"queue": queue.name, "title": queue.title, "explanation": queue.explanation, "decisions": decisions}

    return await parts.database.read(work)


def _hint(session: Session, queue: Queue, reader: Reader) -> dict[str, Json]:
    count = len(queue.draw(session, reader, HINT)) if queue.counts else None
    return {"name": queue.name, "title": queue.title, "count_hint": count}
