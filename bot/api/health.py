"""Health of the gateway, for monitoring."""

from __future__ import annotations

from fastapi import APIRouter, Request

import bot
from bot.api.schemas.health import Health

router = APIRouter(tags=["operation"])


@router.get("/health")
async def get_health(request: Request) -> Health:
    """200 as long as the gateway runs, whether or not the engine is ready."""
    ready: bool = request.app.state.engine_ready()
    return Health(status="ok", version=bot.__version__, engine="ready" if ready else "starting")
