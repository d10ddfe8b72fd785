"""The reviewers' door, put together from its parts: one module for each thing that reviewers work with."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from bot.api.review import (
    charts,
    contests,
    conversation,
    corrections,
    decisions,
    detail,
    export,
    filter_choices,
    log_status,
    queues,
    reviews,
    stops,
)
from bot.api.staff_auth import require

router = APIRouter(prefix="/api/review", tags=["review"])
PARTS = (
    filter_choices,
    decisions,
    detail,
    conversation,
    export,
    log_status,
    contests,
    queues,
    reviews,
    charts,
)
for part in PARTS:
    router.include_router(part.router, dependencies=[Depends(require("reviewer"))])
router.include_router(stops.router)  # operators need not be reviewers
router.include_router(corrections.router)  # nor maintainers
