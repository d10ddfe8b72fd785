"""The webhook that the engine calls to run actions: Rasa's own contract, loopback only, one shared token."""

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


class ActionWebhook:
    """Runs the actions in actions/ with the gateway's services.

    Args:
        token: what the engine has to send; None admits every process on this machine (`candor actions`).
    """

    def __init__(self, action_services: ActionServices, token: str | None) -> None:
        self._services = action_services
        self._token = token
        self.executor = load_actions()

    async def webhook(self, request: Request) -> Response:
        """`POST /webhook`: 200 `{events, responses}`; 400, 401, 404 or 500 with `{error, action_name}`."""
        if not self._is_authorized(request):
            return _error(401, "The token is missing or wrong.", None)
        try:
            call = await request.json()
            name, sender = call["next_action"], call["tracker"]["sender_id"]
        except (ValueError, KeyError, TypeError):
            name = sender = None
        if not (isinstance(name, str) and name and isinstance(sender, str)):
            return _error(400, "Send an action call: next_action, tracker, domain.", None)
        # The engine does not send the domain, which no action reads (selective domain); the executor requires one.
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
            # The engine's channel reports it. Only the type is logged: the message may quote a visitor.
            log.error("actions:call:failed", action=name, error=type(error).__name__)
            return _error(500, f"{name} failed: {type(error).__name__}", name)
        finally:
            services.reset(token)
        return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})

    async def health(self, _: Request) -> Response:
        """`GET /health`: 200 when actions can be run."""
        return JSONResponse({"status": "ok", "actions": sorted(self.executor.actions)})

    def _is_authorized(self, request: Request) -> bool:
        sent = request.headers.get(TOKEN_HEADER, "").encode()
        return self._token is None or secrets.compare_digest(sent, self._token.encode())


def create_actions_app(action_services: ActionServices, token: str | None) -> Starlette:
    """The application behind the engine's `action_endpoint`: `POST /webhook`, `GET /health`."""
    webhook = ActionWebhook(action_services, token)
    routes = [Route("/webhook", webhook.webhook, methods=["POST"]), Route("/health", webhook.health)]
    app = Starlette(routes=routes)
    app.state.executor = webhook.executor
    return app


def load_actions() -> ActionExecutor:
    """Rasa's executor with every action of actions/. Importing rasa_sdk takes a second, so it is not done before."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from rasa_sdk.executor import ActionExecutor
    executor = ActionExecutor()
    logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
    executor.register_package("actions")
    return executor


def _error(status: int, message: str, action: str | None) -> Response:
    return JSONResponse({"error": message, "action_name": action}, status_code=status)
