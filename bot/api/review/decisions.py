"""The list of decisions: filtered, newest first, a page at a time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from bot.api.review.deps import Reviewer, Services
from bot.api.review.query import Wanted, cursor_of, place_of
from bot.api.review.summaries import reader_of, summaries
from bot.core.ids import Json
from bot.decisions.repository import find_page

router = APIRouter()


@router.get("/decisions")
async def list_decisions(
    parts: Services,
    reviewer: Reviewer,
    filters: Wanted,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Json]:
    """Decisions, newest first; of what people did about them only with a `kind`.

    Each call looks at 10,000 records at most: a page may be short or empty, and `more` says whether to go on with
    `next_cursor`.
    """
    after = place_of(cursor) if cursor else None

    def work(session: Session) -> dict[str, Json]:
        page = find_page(session, filters, after, limit)
        return {
            "decisions": summaries(session, page.rows, reader_of(parts, reviewer)),
            "next_cursor": cursor_of(page.next),
            "more": page.next is not None,
        }

    return await parts.database.read(work)
