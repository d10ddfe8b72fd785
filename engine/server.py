"""The engine's web application: Sanic with the turn channel as its only route."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import os
import sys
from asyncio import AbstractEventLoop
from pathlib import Path
from typing import Optional

from rasa.core.channels.channel import register
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from engine.actions import ActionEndpoint
from engine.live_tracker import LiveTracker
from engine.processor import EngineAgent
from engine.quiet import silence
from engine.tracker_store import LiveTrackerStore
from engine.turn_channel import TOKEN_VARIABLE, TurnChannel

ENDPOINTS = "endpoints.yml"
_WARM_TEXTS = ("where is my order?", "我的订单在哪里")
_MAX_REQUEST = 1_000_000  # bytes
_HOUR = 3600
_log = logging.getLogger(__name__)


def serve(model: Path, port: int) -> None:
    """Serves until a signal arrives. Raises what loading the model raises."""
    silence()
    agent = _agent(model)
    # Not rasa.core.run.configure_app: it adds a route of its own and cross-origin checks to every request.
    app = Sanic("candor_engine", configure_logging=False)
    app.config.KEEP_ALIVE_TIMEOUT = _HOUR
    app.config.REQUEST_MAX_SIZE = _MAX_REQUEST
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 1.0
    app.config.RESPONSE_TIMEOUT = _HOUR  # the gateway decides how long it waits; actions have their own limit
    app.config.USE_UVLOOP = sys.platform != "darwin"  # Rasa leaves it out on Apple silicon
    register([TurnChannel(os.environ.get(TOKEN_VARIABLE))], app, "/webhooks/")

    async def begin(app: Sanic, loop: AbstractEventLoop) -> None:
        await _warm(agent)
        app.ctx.agent = agent
        silence()  # again, for the loggers that came with the server

    async def announce(app: Sanic, loop: AbstractEventLoop) -> None:
        _log.info("ready on port %d with %s", port, model.name)

    async def end(app: Sanic, loop: AbstractEventLoop) -> None:
        if isinstance(agent.action_endpoint, ActionEndpoint):
            await agent.action_endpoint.close()
        agent.tracker_store.close()

    app.register_listener(begin, "before_server_start")
    app.register_listener(announce, "after_server_start")
    app.register_listener(end, "after_server_stop")
    app.run(host="127.0.0.1", port=port, workers=1, access_log=False, debug=False, motd=False)


def _agent(model: Path) -> EngineAgent:
    endpoints = AvailableEndpoints.read_endpoints(ENDPOINTS)
    agent = EngineAgent(
        generator=endpoints.nlg,
        tracker_store=_store(endpoints.tracker_store),
        lock_store=InMemoryLockStore(),
        action_endpoint=_actions(endpoints.action),
    )
    agent.load_model(model)
    return agent


def _store(configured: Optional[EndpointConfig]) -> TrackerStore:
    store = TrackerStore.create(configured) if configured else None
    return store if isinstance(store, LiveTrackerStore) else LiveTrackerStore()


def _actions(configured: Optional[EndpointConfig]) -> Optional[ActionEndpoint]:
    url = os.environ.get("CANDOR_ACTIONS_URL") or (configured.url if configured else None)
    return ActionEndpoint(url, os.environ.get("CANDOR_ACTIONS_TOKEN")) if url else None


async def _warm(agent: EngineAgent) -> None:
    """Loads what is otherwise loaded at first use, so that the first visitor does not wait for it."""
    processor = agent.processor
    for text in _WARM_TEXTS:
        parse_data = await agent.parse_message(text)
        tracker = LiveTracker("warm", agent.domain.slots)
        heard = UserUttered(text, parse_data["intent"], parse_data["entities"], parse_data)
        tracker.update_with_events([ActionExecuted(ACTION_LISTEN_NAME), heard], agent.domain)
        processor.predict_next_with_tracker_if_should(tracker)
    gc.collect()
    gc.freeze()  # what is loaded stays: the collector skips it from now on
    with contextlib.suppress(OSError, AttributeError):  # other C libraries than glibc
        ctypes.CDLL("libc.so.6").malloc_trim(0)  # gives back what loading left unused, about 30 MB
