"""The gateway's view of the engine: a masked message goes in, a whole turn comes out, or an EngineError."""

from __future__ import annotations

import asyncio
import json
import select
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.core.errors import EngineError
from bot.core.ids import Json
from bot.core.messages import Button, EngineReply, Executed, MaskedMessage, Ranked, Said, Understanding


@dataclass(frozen=True)
class Held:
    """No turn was taken: a text that was listened to may hold a standing request. One understanding for each."""

    understood: tuple[Understanding, ...]


@dataclass(frozen=True)
class Recalled:
    """What the engine keeps of a conversation: its newest events, the oldest of them first, and the slots that are set.

    `texts` is how many of all events, also of those left out, hold what somebody said (`user` and `bot`).
    """

    events: tuple[Mapping[str, Json], ...] = field(repr=False)
    slots: Mapping[str, Json] = field(repr=False)
    texts: int


class Engine(Protocol):
    """What a turn needs of a dialogue engine. `RasaEngine` is the real one; tests have a scripted one beside it."""

    async def turn(self, message: MaskedMessage, slots: Mapping[str, Json]) -> EngineReply:
        """One whole turn. Raises EngineError when there is none to be had."""

    async def listen(
        self, message: MaskedMessage, slots: Mapping[str, Json], parts: Sequence[MaskedMessage]
    ) -> EngineReply | Held:
        """As `turn`; but no turn is taken when one of `parts` may hold a standing request. Raises EngineError."""

    async def understand(self, messages: Sequence[MaskedMessage]) -> tuple[Understanding, ...]:
        """What each message means, without touching the conversation. Raises EngineError."""

    async def recall(self, conversation_id: str, *, whole: bool = False) -> Recalled:
        """What is kept of this conversation: its newest events, or all when `whole`. Raises EngineError."""

    async def forget(self, conversation_id: str) -> None:
        """Remove all that is kept of this conversation; twice is harmless. Raises EngineError."""

    async def fingerprint(self) -> str:
        """The fingerprint of the model in use. Raises EngineError."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore")


M = TypeVar("M", bound=_Model)
_PATH = "/webhooks/turn"


class _Message(_Model):
    text: str | None = None
    buttons: list[dict[str, str]] = []
    custom: dict[str, Any] = {}
    utter_action: str | None = None


class _Trace(_Model):
    intent: str | None = None
    confidence: float | None = None
    source: str = "classifier"
    ranking: tuple[Ranked, ...] = ()
    threshold: float | None = None
    actions: tuple[Executed, ...] = ()
    slots: dict[str, Any] = {}


class _Served(_Model):
    file: str
    fingerprint: str = ""


class _Failure(_Model):
    action: str | None = None
    error: str = ""


class _Understood(_Model):
    understood: tuple[Understanding, ...]
    model: _Served | None = None


class _Turn(_Model):
    messages: list[_Message] = []
    trace: _Trace = _Trace()
    model: _Served | None = None
    held: tuple[Understanding, ...] = ()
    failures: list[_Failure] = []
    ms: float = 0.0


class _Ready(_Model):
    model: _Served


class _Page(_Model):
    events: list[dict[str, Any]]
    before: int | None
    texts: int
    slots: dict[str, Any]


class RasaEngine:
    """The real engine, over loopback.

    Args:
        url: the engine's address, such as http://127.0.0.1:5005.
        token: the shared secret of its door.
        timeout: seconds one turn may take.
        turns: turns in flight at once; further ones wait in the order they came.
    """

    def __init__(self, url: str, token: str, timeout: float, turns: int) -> None:
        parts = urlsplit(url)
        self._address, self._timeout = (parts.hostname or "", parts.port), timeout
        self._idle: list[HTTPConnection] = []
        self._headers = {"X-Candor-Token": token, "Content-Type": "application/json"}
        self._threads = ThreadPoolExecutor(turns, thread_name_prefix="candor-engine")

    async def turn(self, message: MaskedMessage, slots: Mapping[str, Json]) -> EngineReply:
        return _reply(await self._ask("/turn", _turn(message, slots), _Turn))

    async def listen(
        self, message: MaskedMessage, slots: Mapping[str, Json], parts: Sequence[MaskedMessage]
    ) -> EngineReply | Held:
        body = {**_turn(message, slots), "listen": [part.text for part in parts]}
        turn = await self._ask("/turn", body, _Turn)
        return Held(_understood(turn.held, turn.model)) if turn.held else _reply(turn)

    async def understand(self, messages: Sequence[MaskedMessage]) -> tuple[Understanding, ...]:
        found = await self._ask("/understand", {"texts": [message.text for message in messages]}, _Understood)
        return _understood(found.understood, found.model)

    async def recall(self, conversation_id: str, *, whole: bool = False) -> Recalled:
        page = await self._ask("/recall", {"sender": conversation_id}, _Page)
        events, before = page.events, page.before
        while whole and before is not None:
            earlier = await self._ask("/recall", {"sender": conversation_id, "before": before}, _Page)
            events, before = [*events, *earlier.events], earlier.before
        return Recalled(tuple(reversed(events)), page.slots, page.texts)

    async def forget(self, conversation_id: str) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, self._request, "/forget", {"sender": conversation_id})

    async def fingerprint(self) -> str:
        return (await self._ask("/ready", None, _Ready)).model.fingerprint

    def close(self) -> None:
        """Ends the threads and closes their connections."""
        self._threads.shutdown(cancel_futures=True)
        for connection in self._idle:
            connection.close()

    async def _ask(self, path: str, body: Json, model: type[M]) -> M:
        loop = asyncio.get_running_loop()
        content = await loop.run_in_executor(self._threads, self._request, path, body)
        try:
            return model.model_validate_json(content)
        except ValidationError as error:
            raise EngineError("The assistant's answer was not complete.", code="engine_garbled") from error

    def _request(self, path: str, body: Json) -> bytes:
        """One exchange. Straight through http.client: requests adds about a millisecond."""
        method, data = ("GET", None) if body is None else ("POST", json.dumps(body, separators=(",", ":")).encode())
        connection = self._connection()
        try:
            connection.request(method, _PATH + path, data, self._headers)
            response = connection.getresponse()
            content = response.read()
        except TimeoutError as error:
            connection.close()
            raise EngineError("The assistant took too long.", code="engine_slow") from error
        except (OSError, HTTPException) as error:
            connection.close()
            raise EngineError("The assistant is not reachable.", code="engine_down") from error
        self._idle.append(connection)
        if response.status not in (200, 204):
            raise EngineError("The assistant could not finish this turn.", code=f"engine_{response.status}")
        return content

    def _connection(self) -> HTTPConnection:
        """One that nobody uses, or a new one. http.client opens those that are closed."""
        try:
            connection = self._idle.pop()
        except IndexError:
            return HTTPConnection(*self._address, timeout=self._timeout)
        if connection.sock is not None:
            unasked = select.poll()  # the engine's end of a connection that it closed meanwhile
            unasked.register(connection.sock, select.POLLIN)
            if unasked.poll(0):
                connection.close()
        return connection


def _turn(message: MaskedMessage, slots: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "sender": message.conversation_id,
        "message_id": message.message_id,
        "text": message.text,
        "slots": dict(slots),
    }


def _understood(found: tuple[Understanding, ...], model: _Served | None) -> tuple[Understanding, ...]:
    if model is None:
        return found
    return tuple(replace(one, model=model.file, fingerprint=model.fingerprint) for one in found)


def _reply(turn: _Turn) -> EngineReply:
    trace = turn.trace
    if turn.model is None:
        raise EngineError("The assistant's answer was not complete.", code="engine_garbled")
    return EngineReply(
        said=tuple(_said(m) for m in turn.messages if m.text or m.buttons or m.custom),
        intent=trace.intent,
        confidence=trace.confidence,
        source=trace.source,
        ranking=trace.ranking,
        threshold=trace.threshold,
        actions=trace.actions,
        slots=trace.slots,
        model=turn.model.file,
        fingerprint=turn.model.fingerprint,
        failures=tuple(f"{f.action or 'action'}: {f.error}" for f in turn.failures),
        milliseconds=turn.ms,
    )


def _said(message: _Message) -> Said:
    buttons = tuple(Button(b.get("title", ""), b.get("payload", "")) for b in message.buttons)
    return Said(message.text or "", buttons, message.utter_action, message.custom)
