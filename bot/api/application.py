"""The FastAPI application: every route, its description, and the one shape of errors."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

import bot
from bot.api import error_handlers, health, openapi
from bot.api.desk import router as desk_router
from bot.api.policies import router as policy_router
from bot.api.rasa import rest
from bot.api.review.router import router as review_router
from bot.api.staff import router as staff_router
from bot.api.transparency_log import router as log_router
from bot.api.visitor import chat, consent_receipts, demo_shop, privacy

# FastAPI asks one after the other: those that carry messages come first.
ROUTERS = (
    rest.router,
    chat.router,
    privacy.router,
    consent_receipts.router,
    staff_router,
    desk_router,
    review_router,
    log_router,
    policy_router,
    health.router,
)


def create_api(*, demo: bool, **options: Any) -> FastAPI:
    """The application without services, middleware and pages; `options` are FastAPI's.

    Args:
        demo: with the demo shop's routes.
    """
    app = FastAPI(
        title="Candor",
        version=bot.__version__,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=openapi.operation_id,
        **options,
    )
    error_handlers.install(app)
    openapi.install(app)
    for router in (*ROUTERS, *((demo_shop.router,) if demo else ())):
        app.include_router(router)
    return app
