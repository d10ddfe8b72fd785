"""The review API: one module for each thing that reviewers work with."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from bot.api.review import charts, contests, corrections, decisions, detail, export, log_status, reviews, stops
from bot.api.review.deps import require_reviewer

router = APIRouter(prefix="/api/review", tags=["review"])
PARTS = (decisions, detail, export, log_status, contests, reviews, charts)
for part in PARTS:
    router.include_router(part.router, dependencies=[Depends(require_reviewer)])
router.include_router(stops.router)  # operators need not be reviewers
router.include_router(corrections.router)  # nor maintainers
