"""The gateway as an ASGI application: every door, the pages, the error shape, and what runs beside the requests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import socketio
import structlog
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.staticfiles import StaticFiles
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import ASGIApp

from bot.api.application import create_api
from bot.api.middleware import API_DOCS_CSP, CSP, PAGE_CSP, BodyLimit, SecurityHeaders
from bot.api.rasa.socketio import SocketChannel
from bot.core.errors import NotFound
from bot.core.ids import now
from bot.oversight.correction_checks import retry
from bot.policies import Published, in_force
from bot.policies.repository import refresh
from bot.services import Services
from bot.transparency_log.anchoring import Anchor
from bot.transparency_log.sequencer import LogBroken

STATIC = Path(__file__).parent / "static"
"""What `npm run build` in web/ puts here."""
SWEEP_SECONDS = 1.0
SEAL_SECONDS = 0.5
ERASE_SECONDS = 0.5
CONSENT_SECONDS = 20.0
RETAIN_AFTER, RETAIN_SECONDS = 30.0, 3600.0
log = structlog.get_logger(__name__)


def create_app(services: Services, engine_ready: Callable[[], bool] = lambda: True) -> ASGIApp:
    """The whole gateway. `engine_ready` tells /health how the engine is."""
    channel = SocketChannel(services)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        work = [
            _sweep(services, engine_ready),
            _seal(services),
            _erase(services, engine_ready),
            _retain(services, engine_ready),
            _follow_policies(services),
            _end_consents(services),
        ]
        if services.settings.log_anchor:
            work.append(Anchor(services.settings.log_anchor).run(services.database))
        tasks = [asyncio.create_task(one) for one in work]
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
    app.add_middleware(
        CORSMiddleware,
        allow_origins=services.settings.origins,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        expose_headers=["Content-Disposition"],
        max_age=600,
    )
    whole: ASGIApp = socketio.ASGIApp(channel.server, app, socketio_path="socket.io")
    return SecurityHeaders(whole, https=services.settings.secure_cookies)


def _pages(app: FastAPI, with_demo: bool) -> None:
    pages = {"/desk": "desk.html", "/review": "review.html", "/privacy": "privacy.html"}
    if with_demo:
        pages["/"] = "demo.html"
    for path, name in pages.items():
        app.add_api_route(path, _page(name, {CSP: PAGE_CSP}), include_in_schema=False)
    # The widget belongs to other sites' pages: it may be loaded from anywhere and is asked for anew when it changes.
    app.add_api_route("/widget.js", _page("widget.js", {"Cache-Control": "no-cache"}), include_in_schema=False)
    app.add_api_route("/docs", _api_page, include_in_schema=False)
    app.mount("/assets", StaticFiles(directory=STATIC / "assets", check_dir=False), name="assets")


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


async def _seal(services: Services) -> None:
    """Once a second, and again while there is more: new records are sealed into the log."""
    while True:
        note = None
        try:
            note = await services.database.write(services.sealer.seal)
            if note is not None:
                services.sealer.keep(note)
            services.sealer.trouble = None
        except LogBroken as error:
            services.sealer.trouble = error.message
            log.error("log:broken", problem=error.message)
        except Exception as error:
            log.error("log:seal:failed", error=type(error).__name__)
        await asyncio.sleep(SEAL_SECONDS if note is None else 0.1)


async def _erase(services: Services, engine_ready: Callable[[], bool]) -> None:
    """Erasures, also those that another process began, are seen through to the last store."""
    while True:
        try:
            await services.stores.sweep(engine_ready())
        except Exception as error:
            log.error("erasure:failed", error=type(error).__name__)
        await asyncio.sleep(ERASE_SECONDS)


async def _retain(services: Services, engine_ready: Callable[[], bool]) -> None:
    """Once an hour, and shortly after the start: what was kept for long enough is cleared."""
    await asyncio.sleep(RETAIN_AFTER)
    while True:
        try:
            done = await services.retention.run(engine_ready())
            log.info("retention:done", **done.removed)
        except Exception as error:
            log.error("retention:failed", error=type(error).__name__)
        await asyncio.sleep(RETAIN_SECONDS)


async def _follow_policies(services: Services) -> None:
    """Once a second: what another process published is in force here too, and consents whose terms it changed end."""
    followed: Published | None = None
    while True:
        try:
            await services.database.read(refresh)
            current = in_force()
            if current is not followed:
                await services.database.write(services.consents.end_changed)
                followed = current
        except Exception as error:
            log.error("policy:refresh:failed", error=type(error).__name__)
        await asyncio.sleep(SWEEP_SECONDS)


async def _end_consents(services: Services) -> None:
    """What has run out is put on record and told to the screens; the gate knows it to the second without that."""
    while True:
        try:
            await services.database.write(services.consents.end_due)
        except Exception as error:
            log.error("consent:end:failed", error=type(error).__name__)
        await asyncio.sleep(CONSENT_SECONDS)


async def _sweep(services: Services, engine_ready: Callable[[], bool]) -> None:
    """Once a second: handoffs nobody took expire; turns that a crash left open are taken, once there is an engine.

    Once a start the engine is asked what its model makes of the corrections that were accepted.
    """
    asked = False
    while True:
        try:
            await services.database.write(lambda s: services.handoffs.expire_due(s, now()))
            if engine_ready():
                await services.turns.resume()
            if engine_ready() and not asked:
                await retry(services.database, services.engine, services.vault.finder, services.project)
                asked = True
        except Exception as error:
            # The next round tries again; nothing is lost meanwhile.
            log.error("sweep:failed", error=type(error).__name__)
        await asyncio.sleep(SWEEP_SECONDS)
