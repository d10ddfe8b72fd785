"""The sealed log's state: how much of it is signed, and whether anything is wrong with it."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.api.review.deps import Parts, Services
from bot.core.ids import Json
from bot.db.models import DecisionRow
from bot.transparency_log.sequencer import newest

router = APIRouter()
COUNTED = 10_000
"""Unsealed records are counted so far; more than a few mean that something is wrong."""


@router.get("/log")
async def get_log(parts: Services) -> dict[str, Json]:
    """The newest checkpoint, the key it is checked with, and what is not sealed yet (at most 10,000 are counted)."""
    return await parts.database.read(lambda s: _state(s, parts))


def _state(session: Session, parts: Parts) -> dict[str, Json]:
    checkpoint = newest(session)
    unsealed = select(DecisionRow.at).where(DecisionRow.leaf_index.is_(None)).limit(COUNTED).subquery()
    return {
        "size": checkpoint.size if checkpoint else 0,
        "pending": session.scalar(select(func.count()).select_from(unsealed)),
        "sealed_at": checkpoint.at.isoformat() if checkpoint else None,
        "checkpoint": checkpoint.note if checkpoint else None,
        "verifier_key": parts.sealer.signer.verifier_key,
        "trouble": parts.sealer.trouble,
    }
