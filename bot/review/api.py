"""The reviewers' door, put together from its parts: one module for each thing that reviewers work with."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from bot.review import decisions
from bot.staff import require

router = APIRouter(prefix="/api/review", tags=["review"], dependencies=[Depends(require("reviewer"))])
for part in (decisions,):
    router.include_router(part.router)
