"""The gateway as an ASGI application: every door, the pages, the error shape, and its background jobs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
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

from bot.api.application import create_api
from bot.api.middleware import API_DOCS_CSP, CSP, PAGE_CSP, AllowedHosts, BodyLimit, HeadAsGet, SecurityHeaders
from bot.api.rasa.socketio import SocketChannel
from bot.core.errors import NotFound
from bot.jobs import jobs, keep_running
from bot.services import Services

STATIC = Path(__file__).parent / "static"
"""What `npm run build` in web/ puts here."""
REVALIDATED = {"Cache-Control": "no-cache"}
IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable"}
HASHED = re.compile(r"-[\w-]{8}\.(js|css)$")
"""Names of files whose content never changes."""


class Assets(StaticFiles):
    """Scripts and styles; browsers keep those whose name holds a hash."""

    def file_response(self, full_path: str | os.PathLike[str], *args: Any, **options: Any) -> Response:
        response = super().file_response(full_path, *args, **options)
        response.headers.update(IMMUTABLE if HASHED.search(str(full_path)) else REVALIDATED)
        return response


def create_app(services: Services, engine_ready: Callable[[], bool] = lambda: True) -> ASGIApp:
    """The whole gateway. `engine_ready` tells /health how the engine is."""
    channel = SocketChannel(services)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(keep_running(job, services.pubsub)) for job in jobs(services, engine_ready)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            await channel.close()
            await services.turns.queue.drain(timeout=3)

    app = create_api(demo=services.settings.demo, lifespan=lifespan)
    app.state.services, app.state.engine_ready = services, engine_ready
    _pages(app, services.settings.demo)
    app.add_middleware(BodyLimit)
    app.add_middleware(HeadAsGet)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=services.settings.origins,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        expose_headers=["Content-Disposition"],
        max_age=600,
    )
    whole: ASGIApp = socketio.ASGIApp(channel.server, app, socketio_path="socket.io")
    settings = services.settings
    return SecurityHeaders(AllowedHosts(whole, hosts=settings.hosts), https=settings.secure_cookies)


def _pages(app: FastAPI, with_demo: bool) -> None:
    pages = {"/desk": "desk.html", "/review": "review.html", "/privacy": "privacy.html"}
    if with_demo:
        pages["/"] = "demo.html"
    for path, name in pages.items():
        app.add_api_route(path, _page(name, {**REVALIDATED, CSP: PAGE_CSP}), include_in_schema=False)
    app.add_api_route("/widget.js", _page("widget.js", REVALIDATED), include_in_schema=False)
    app.add_api_route("/docs", _api_page, include_in_schema=False)
    app.mount("/assets", Assets(directory=STATIC / "assets", check_dir=False), name="assets")


async def _api_page() -> HTMLResponse:
    """The API's description, readable; its scripts are our own copies."""
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Candor's API",
        swagger_js_url="/assets/swagger-ui-bundle.js",
        swagger_css_url="/assets/swagger-ui.css",
        swagger_favicon_url="data:,",
    )
    page.headers[CSP] = API_DOCS_CSP
    return page


def _page(name: str, headers: dict[str, str]) -> Callable[[Request], Any]:
    async def page(_request: Request) -> Response:
        if not (STATIC / name).is_file():
            raise NotFound("The web pages are not built yet: run 'make web'.", code="not_built")
        return FileResponse(STATIC / name, headers=headers)

    return page
