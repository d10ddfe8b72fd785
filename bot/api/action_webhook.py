"""The webhook that the engine calls for its actions: Rasa's own contract, loopback only, one shared token."""

from __future__ import annotations

import logging
import secrets
import warnings
from typing import TYPE_CHECKING, Any

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.rasa.action_context import ActionServices, services

if TYPE_CHECKING:
    from rasa_sdk.executor import ActionExecutor

TOKEN_HEADER = "X-Candor-Token"
log = structlog.get_logger(__name__)


class ActionsDoor:
    """Runs the actions in actions/ with the gateway's services at hand.

    Args:
        token: what the engine has to show; None lets everybody on this machine in (`candor actions`).
    """

    def __init__(self, at_hand: ActionServices, token: str | None) -> None:
        self._services = at_hand
        self._token = token
        self.executor = load_actions()

    async def webhook(self, request: Request) -> Response:
        """`POST /webhook`: 200 `{events, responses}`; 400, 401, 404 or 500 with `{error, action_name}`."""
        if not self._may_enter(request):
            return _error(401, "The token is missing or wrong.", None)
        try:
            call = await request.json()
            name, sender = call["next_action"], call["tracker"]["sender_id"]
        except (ValueError, KeyError, TypeError):
            name = sender = None
        if not (isinstance(name, str) and name and isinstance(sender, str)):
            return _error(400, "Send an action call: next_action, tracker, domain.", None)
        # No action of ours reads the domain, so the engine does not send it; later Rasas would be asked for it here.
        call.setdefault("domain", {})
        # Rasa sends the domain to those actions only that need it (selective domain); the executor wants one each time.
        return await self._run(name, {**call, "domain": call.get("domain") or {}})

    async def _run(self, name: str, call: dict[str, Any]) -> Response:
        from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

        token = services.set(self._services)
        try:
            result = await self.executor.run(call)
        except ActionExecutionRejection as rejection:
            return _error(400, rejection.message, name)
        except ActionNotFoundException as missing:
            return _error(404, missing.message, name)
        except Exception as error:
            # The engine's channel reports it; the type alone is told, as messages may hold what a visitor wrote.
            log.error("actions:call:failed", action=name, error=type(error).__name__)
            return _error(500, f"{name} failed: {type(error).__name__}", name)
        finally:
            services.reset(token)
        return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})

    async def health(self, _: Request) -> Response:
        """`GET /health`: 200 when actions can be run."""
        return JSONResponse({"status": "ok", "actions": sorted(self.executor.actions)})

    def _may_enter(self, request: Request) -> bool:
        shown = request.headers.get(TOKEN_HEADER, "").encode()
        return self._token is None or secrets.compare_digest(shown, self._token.encode())


def create_actions_app(at_hand: ActionServices, token: str | None) -> Starlette:
    """The application behind the engine's `action_endpoint`: `POST /webhook`, `GET /health`."""
    door = ActionsDoor(at_hand, token)
    routes = [Route("/webhook", door.webhook, methods=["POST"]), Route("/health", door.health)]
    app = Starlette(routes=routes)
    app.state.executor = door.executor
    return app


def load_actions() -> ActionExecutor:
    """Rasa's executor with every action of ours. Importing rasa_sdk takes a second, so it waits until here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from rasa_sdk.executor import ActionExecutor
    executor = ActionExecutor()
    logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
    executor.register_package("actions")
    return executor


def _error(status: int, message: str, action: str | None) -> Response:
    return JSONResponse({"error": message, "action_name": action}, status_code=status)
