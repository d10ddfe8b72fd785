"""The state of the transparency log: how much of it is signed, and whether anything is wrong with it."""

from __future__ import annotations

from fastapi import APIRouter

from bot.api.deps import GatewayServices, Snapshot
from bot.api.schemas.review import LogState
from bot.decisions.repository import count_unsealed
from bot.transparency_log.repository import newest

router = APIRouter()
COUNTED = 10_000
"""Unsealed records are counted up to here; more than a few mean that something is wrong."""


@router.get("/log")
def get_log(session: Snapshot, services: GatewayServices) -> LogState:
    """The newest checkpoint, the key it is checked with, and what is not sealed yet (at most 10,000 are counted)."""
    checkpoint = newest(session)
    return LogState(
        size=checkpoint.size if checkpoint else 0,
        pending=count_unsealed(session, COUNTED),
        sealed_at=checkpoint.at.isoformat() if checkpoint else None,
        checkpoint=checkpoint.note if checkpoint else None,
        verifier_key=services.sequencer.signer.verifier_key,
        trouble=services.sequencer.trouble,
    )
