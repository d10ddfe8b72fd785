"""The gateway as an ASGI application: every door, the pages, the error shape, and its background jobs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import socketio
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.staticfiles import StaticFiles
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import ASGIApp

import bot
from bot.api import error_handlers
from bot.api.body_limit import BodyLimit
from bot.api.desk import router as desk_router
from bot.api.limits import Rate
from bot.api.policies import router as policy_router
from bot.api.rasa import rest
from bot.api.rasa.socketio import SocketDoor
from bot.api.review.router import router as review_router
from bot.api.staff import router as staff_router
from bot.api.strict_transport import StrictTransport
from bot.api.transparency_log import router as log_router
from bot.api.visitor import chat, consent_receipts, demo_shop, privacy
from bot.core.errors import NotFound
from bot.jobs import jobs, keep_running
from bot.services import Services

STATIC = Path(__file__).parent / "static"
"""What `npm run build` in web/ puts here."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
    ),
}


def create_app(services: Services, engine_ready: Callable[[], bool] = lambda: True) -> ASGIApp:
    """The whole gateway. `engine_ready` tells /health how the engine is."""
    rate = Rate(services.settings.message_rate)
    door = SocketDoor(services, rate)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(keep_running(job, services.hub)) for job in jobs(services, engine_ready)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            await door.close()
            await services.turns.queue.drain(timeout=3)

    app = FastAPI(
        title="Candor",
        version=bot.__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        description="A support assistant that says it is an AI, asks first, and records what it decides.",
    )
    app.state.services, app.state.rate = services, rate
    error_handlers.install(app)
    for router in (
        chat.router,
        privacy.router,
        consent_receipts.router,
        rest.router,
        staff_router,
        desk_router,
        review_router,
        log_router,
        policy_router,
    ):
        app.include_router(router)
    if services.settings.demo:
        app.include_router(demo_shop.router)
    _pages(app, services.settings.demo)

    @app.get("/health", tags=["operation"])
    async def health() -> dict[str, Any]:
        """The gateway runs; whether the engine is ready stands beside it."""
        return {"status": "ok", "version": bot.__version__, "engine": "ready" if engine_ready() else "starting"}

    app.add_middleware(BodyLimit)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=services.settings.origins,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        expose_headers=["Content-Disposition"],
        max_age=600,
    )
    whole: ASGIApp = socketio.ASGIApp(door.server, app, socketio_path="socket.io")
    return StrictTransport(whole) if services.settings.secure_cookies else whole


def _pages(app: FastAPI, with_demo: bool) -> None:
    pages = {"/desk": "desk.html", "/review": "review.html", "/privacy": "privacy.html"}
    if with_demo:
        pages["/"] = "demo.html"
    for path, name in pages.items():
        app.add_api_route(path, _page(name, HEADERS), include_in_schema=False)
    # The widget belongs to other sites' pages: it may be loaded from anywhere and is asked for anew when it changes.
    app.add_api_route("/widget.js", _page("widget.js", {"Cache-Control": "no-cache"}), include_in_schema=False)
    app.add_api_route("/docs", _api_page, include_in_schema=False)
    app.mount("/assets", StaticFiles(directory=STATIC / "assets", check_dir=False), name="assets")


async def _api_page() -> HTMLResponse:
    """The API's description, readable; its scripts are our own copies."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Candor's API",
        swagger_js_url="/assets/swagger-ui-bundle.js",
        swagger_css_url="/assets/swagger-ui.css",
        swagger_favicon_url="data:,",
    )


def _page(name: str, headers: dict[str, str]) -> Callable[[Request], Any]:
    async def page(_request: Request) -> Response:
        if not (STATIC / name).is_file():
            raise NotFound("The web pages are not built yet: run 'make web'.", code="not_built")
        return FileResponse(STATIC / name, headers=headers)

    return page
