"""The Socket.IO channel that rasa-webchat and others use: `session_request`, `user_uttered`, `bot_uttered`."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

import socketio
import structlog

from bot.api.rasa.delivery import enter, is_for_client, metadata
from bot.chat.sessions import find
from bot.core.errors import CandorError
from bot.core.i18n import language_of
from bot.core.ids import Json
from bot.core.text import clean_text, storable
from bot.messaging import Event, follow, read_events
from bot.messaging.repository import remember, served
from bot.services import Services

DOOR = "socketio"
MAX_ID = 80
"""Characters in a client's id of a session or a message."""
MAX_SESSIONS = 16
"""Sessions of one socket. A request for a further one is answered with the newest."""
log = structlog.get_logger(__name__)


@dataclass
class _Socket:
    """One connection. A page may ask for several sessions on it; all of them are served."""

    sessions: dict[str, str] = field(default_factory=dict)
    """The conversation of each session id; what names no session belongs to the last."""
    pumps: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    """By conversation."""


class SocketChannel:
    """The Socket.IO server; conversations, rules and records are those of every other channel.

    A session id is made here and opens the session as a token would; an unknown one gets a new session.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._sockets: dict[str, _Socket] = {}
        self.server = socketio.AsyncServer(
            async_mode="asgi", async_handlers=False, cors_allowed_origins=self._may_connect, max_http_buffer_size=65_536
        )
        self.server.on("session_request", self._session_request)
        self.server.on("user_uttered", self._user_uttered)
        self.server.on("disconnect", self._disconnect)

    def _may_connect(self, origin: str | None, environ: dict[str, Any]) -> bool:
        """Pages of this gateway and of the sites that embed it; clients that are no browsers send no origin."""
        own = origin is None or origin.partition("://")[2] == environ.get("HTTP_HOST")
        return own or origin in self._services.settings.origins

    async def close(self) -> None:
        """Stop serving every socket."""
        pumps = [pump for socket in self._sockets.values() for pump in socket.pumps.values()]
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)

    async def _session_request(self, sid: str, data: Json = None) -> None:
        socket = self._sockets.setdefault(sid, _Socket())
        if len(socket.sessions) >= MAX_SESSIONS:
            await self.server.emit("session_confirm", next(reversed(socket.sessions)), to=sid)
            return
        session_id, conversation_id = await self._enter(data if isinstance(data, dict) else {})
        socket.sessions.pop(session_id, None)
        socket.sessions[session_id] = conversation_id
        await self.server.emit("session_confirm", session_id, to=sid)
        if conversation_id not in socket.pumps:
            # Undelivered messages, the disclosure above all, are sent before anything else.
            seen = await self._catch_up(sid, conversation_id)
            if self._sockets.get(sid) is socket:  # it may have gone meanwhile
                socket.pumps[conversation_id] = asyncio.create_task(self._pump(sid, conversation_id, seen))

    async def _user_uttered(self, sid: str, data: Json = None) -> None:
        """Null messages, which rasa-webchat sends when it has no greeting, are ignored."""
        text = data.get("message") if isinstance(data, dict) else None
        if text is None:
            return
        if sid not in self._sockets or not self._sockets[sid].sessions:
            await self._session_request(sid, data)
        sessions = self._sockets[sid].sessions
        named = _id(data.get("session_id"))
        session_id = named if named in sessions else next(reversed(sessions))
        conversation_id = sessions[session_id]
        message_id = data.get("message_id")
        try:
            self._services.message_limit.count(f"{DOOR}:{session_id}")
            await self._services.turns.accept(conversation_id, clean_text(text), _id(message_id))
        except CandorError as error:
            await self.server.emit("bot_uttered", _system(error.message), to=sid)

    async def _disconnect(self, sid: str, *_reason: object) -> None:
        for pump in self._sockets.pop(sid, _Socket()).pumps.values():
            pump.cancel()

    async def _enter(self, data: dict[str, Any]) -> tuple[str, str]:
        given = _id(data.get("session_id"))
        known = given is not None and await self._services.database.run(self._known, given)
        session_id = given if given is not None and known else secrets.token_hex(16)
        custom = data.get("customData")
        tag = custom.get("language") if isinstance(custom, dict) else None
        language = language_of(tag if isinstance(tag, str) else None)
        return session_id, await self._services.database.run(enter, self._services, DOOR, session_id, language)

    def _known(self, session_id: str) -> bool:
        with self._services.database.snapshot() as session:
            return find(session, self._services.keyring, DOOR, session_id) is not None

    async def _catch_up(self, sid: str, conversation_id: str) -> int:
        """Send the events since this session was last served; gives the number of the last one."""
        services = self._services

        def undelivered() -> tuple[int, list[Event]]:
            with services.database.snapshot() as session:
                after = served(session, conversation_id, DOOR)
                return after, read_events(session, services.keyring, conversation_id, after)

        after, batch = await services.database.run(undelivered)
        return await self._serve(sid, conversation_id, batch) or after

    async def _pump(self, sid: str, conversation_id: str, after: int) -> None:
        """Send each event as it comes, in order."""
        services = self._services
        async for batch in follow(services.database, services.keyring, services.pubsub, conversation_id, after):
            await self._serve(sid, conversation_id, batch)
        # The visitor was erased: the next message begins a new conversation.
        socket = self._sockets.get(sid, _Socket())
        socket.pumps.pop(conversation_id, None)
        socket.sessions = {name: one for name, one in socket.sessions.items() if one != conversation_id}

    async def _serve(self, sid: str, conversation_id: str, batch: list[Event]) -> int:
        """Send a batch and remember how far the session has been served; the number of its last event, or 0."""
        for event in batch:
            await self._emit(sid, event)
        seen = max((event.seq for event in batch if event.seq), default=0)
        if seen:
            await self._services.database.run(self._remember, conversation_id, seen)
        return seen

    def _remember(self, conversation_id: str, seen: int) -> None:
        with self._services.database.transaction() as session:
            remember(session, conversation_id, DOOR, seen)

    async def _emit(self, sid: str, event: Event) -> None:
        if is_for_client(event):
            await self.server.emit("bot_uttered", _as_rasa(event.data), to=sid)
        elif event.kind == "unavailable":
            await self.server.emit("bot_uttered", _system(event.data["message"]), to=sid)


def _id(given: object) -> str | None:
    return given if storable(given, MAX_ID) else None


def _as_rasa(data: Json) -> dict[str, Any]:
    buttons = [{"content_type": "text", **button} for button in data["buttons"]]
    return {"text": data["text"], "metadata": metadata(data)} | ({"quick_replies": buttons} if buttons else {})


def _system(text: str) -> dict[str, Any]:
    return {"text": text, "metadata": {"author": "system", "author_name": None}}
