"""The list of decisions: filtered, newest first, a page at a time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from bot.api.deps import GatewayServices, Snapshot
from bot.api.review.deps import Reviewer
from bot.api.review.query import CURSOR_WRONG, Wanted, cursor_of, place_of
from bot.api.review.summaries import reader_of, summaries
from bot.api.schemas.errors import errors
from bot.api.schemas.review import DecisionPage
from bot.decisions.repository import find_page

router = APIRouter()


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
