"""The reviewers' door, put together from its parts: one module for each thing that reviewers work with."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from bot.review import (
    charts,
    choices,
    contests,
    conversation,
    corrections,
    decisions,
    detail,
    export,
    log,
    queues,
    reviews,
    stops,
)
from bot.staff.door import require

router = APIRouter(prefix="/api/review", tags=["review"])
PARTS = (
    choices,
    decisions,
    detail,
    conversation,
    export,
    log,
    contests,
    queues,
    reviews,
    charts,
)
for part in PARTS:
    router.include_router(part.router, dependencies=[Depends(require("reviewer"))])
router.include_router(stops.router)  # operators need not be reviewers
router.include_router(corrections.router)  # nor maintainers
