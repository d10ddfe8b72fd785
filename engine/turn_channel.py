"""Rasa channel: one request for a turn, one answer with its messages and its whole trace.

docs/explanation/architecture.md, 'The engine's door', is the contract.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import time
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, AsyncIterator, Awaitable, Callable, Dict, List, Optional, Sequence, Text

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

from engine.processor import EngineAgent
from engine.trace import answer, understood
from engine.turn import CURRENT, Turn

TOKEN_VARIABLE = "CANDOR_ENGINE_TOKEN"
TOKEN_HEADER = "X-Candor-Token"
MOST_TEXTS = 32
"""Texts that are understood in one call."""
_log = logging.getLogger(__name__)
Handler = Callable[[Request], Awaitable[HTTPResponse]]


class Refused(Exception):
    """Ends a request with an error: HTTP status, machine-readable code, human-readable message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class TurnChannel(InputChannel):
    """Serves /webhooks/turn. Turns of one conversation run one after another in order of arrival.

    Rasa's own lock does that too, but is polled only once a second.
    """

    def __init__(self, token: Optional[Text]) -> None:
        self._token = token or ""
        self._locks: Dict[Text, _FairLock] = {}

    @classmethod
    def name(cls) -> Text:
        """The channel's place in the address."""
        return "turn"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> TurnChannel:
        """The token comes from the environment: credentials.yml is under version control."""
        return cls(os.environ.get(TOKEN_VARIABLE))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The five calls."""
        calls = Blueprint("turn_channel")
        guarded = self._guarded

        @calls.get("/ready")
        @guarded
        async def ready(request: Request) -> HTTPResponse:
            return _json({"ready": True, "model": _agent(request).model_facts})

        @calls.post("/turn")
        @guarded
        async def turn(request: Request) -> HTTPResponse:
            return _json(await self._turn(_agent(request), _object(request), on_new_message))

        @calls.post("/understand")
        @guarded
        async def understand(request: Request) -> HTTPResponse:
            found = _understand(_agent(request), _texts(_object(request), "texts"))
            return _json({"understood": found, "model": dict(_agent(request).model_facts)})

        @calls.post("/recall")
        @guarded
        async def recall(request: Request) -> HTTPResponse:
            body = _object(request)
            return _json(_agent(request).tracker_store.recall(_text(body, "sender"), _number(body, "before")))

        @calls.post("/forget")
        @guarded
        async def forget(request: Request) -> HTTPResponse:
            sender = _text(_object(request), "sender")
            async with self._alone(sender):
                _agent(request).tracker_store.forget(sender)
            return empty()

        return calls

    async def _turn(
        self, agent: EngineAgent, body: Dict[Text, Any], deliver: Callable[[UserMessage], Awaitable[Any]]
    ) -> Dict[Text, Any]:
        sender, message_id, text = (_text(body, key) for key in ("sender", "message_id", "text"))
        slots, listen = _slots(agent, body), _texts(body, "listen") if "listen" in body else []
        begun = time.perf_counter()
        async with self._alone(sender):
            seen = agent.tracker_store.turn(sender, message_id)
            held = [] if seen else _understand(agent, listen)
            if any(_may_ask(each) for each in held):
                # The gateway decides what was requested, and acts on it, before any rule or action runs.
                return {"message_id": message_id, "held": held, "model": dict(agent.model_facts)}
            turn = seen or await _run(Turn(message_id, slots, dict(agent.model_facts)), sender, text, deliver)
        return answer(turn, replayed=seen is not None, milliseconds=(time.perf_counter() - begun) * 1e3)

    @asynccontextmanager
    async def _alone(self, sender: Text) -> AsyncIterator[None]:
        lock = self._locks.setdefault(sender, _FairLock())
        lock.users += 1
        try:
            async with lock:
                yield
        finally:
            lock.users -= 1
            if not lock.users:
                del self._locks[sender]

    def _guarded(self, handler: Handler) -> Handler:
        """Checks the token and turns every error into the one error shape. No part of a message is logged."""

        @wraps(handler)
        async def guarded(request: Request) -> HTTPResponse:
            try:
                self._check_token(request)
                return await handler(request)
            except Refused as refusal:
                return _error(refusal)
            except Exception as error:
                _log.error("turn channel: %s failed: %s", request.path, _where(error))
                return _error(
                    Refused(500, "turn_failed", "The engine could not finish this turn; nothing of it was kept.")
                )

        return guarded

    def _check_token(self, request: Request) -> None:
        given = request.headers.get(TOKEN_HEADER, "")
        if not self._token or not hmac.compare_digest(given.encode(), self._token.encode()):
            raise Refused(401, "wrong_token", f"Send the engine's token in the header {TOKEN_HEADER}.")


class _FairLock(asyncio.Lock):
    """An asyncio lock, which is first come, first served, with the number of its users."""

    users = 0


def _understand(agent: EngineAgent, texts: Sequence[Text]) -> List[Dict[Text, Any]]:
    found = map(understood, agent.processor.parse_texts(texts))
    return [{key: one[key] for key in ("intent", "confidence", "ranking", "threshold", "requests")} for one in found]


def _may_ask(understood: Dict[Text, Any]) -> bool:
    """Whether a text may hold a standing request: half the threshold is enough for the gateway to decide."""
    return any(one["score"] >= one["threshold"] / 2 for one in understood["requests"].values())


async def _run(turn: Turn, sender: Text, text: Text, deliver: Callable[[UserMessage], Awaitable[Any]]) -> Turn:
    message = UserMessage(
        text, CollectingOutputChannel(), sender, input_channel=TurnChannel.name(), message_id=turn.message_id
    )
    token = CURRENT.set(turn)
    try:
        await deliver(message)
    finally:
        CURRENT.reset(token)
    return turn


def _agent(request: Request) -> EngineAgent:
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        raise Refused(503, "engine_not_ready", "The engine has no model yet; try again in a moment.")
    return agent


def _object(request: Request) -> Dict[Text, Any]:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "bad_request", "Send a JSON object.")
    return body


def _text(body: Dict[Text, Any], key: Text) -> Text:
    value = body.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Refused(400, "bad_request", f"'{key}' must be a text that is not empty.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Refused(400, "bad_request", f"'{key}' holds half a character (a lone surrogate).") from None
    return value


def _texts(body: Dict[Text, Any], key: Text) -> List[Text]:
    values = body.get(key)
    if not isinstance(values, list) or len(values) > MOST_TEXTS:
        raise Refused(400, "bad_request", f"'{key}' must be a list of at most {MOST_TEXTS} texts.")
    return [_text({key: value}, key) for value in values]


def _number(body: Dict[Text, Any], key: Text) -> Optional[int]:
    value = body.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63):
        raise Refused(400, "bad_request", f"'{key}' must be a whole number or null.")
    return value


def _slots(agent: EngineAgent, body: Dict[Text, Any]) -> Dict[Text, Any]:
    slots = body.get("slots") or {}
    if not isinstance(slots, dict):
        raise Refused(400, "bad_request", "'slots' must be an object.")
    known = {slot.name for slot in agent.domain.slots}
    unknown = sorted(set(slots) - known)
    if unknown:
        raise Refused(400, "bad_request", f"The domain has no slot {', '.join(unknown)}.")
    return slots


def _where(error: BaseException) -> str:
    """The error's type and place; its message may repeat what the visitor wrote."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f" at {os.path.basename(frame.tb_frame.f_code.co_filename)}:{frame.tb_lineno}" if frame else ""
    return type(error).__name__ + place


def _json(value: Dict[Text, Any], status: int = 200) -> HTTPResponse:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return raw(body.encode(), status=status, content_type="application/json")


def _error(refusal: Refused) -> HTTPResponse:
    return _json({"error": {"code": refusal.code, "message": refusal.message}}, refusal.status)
