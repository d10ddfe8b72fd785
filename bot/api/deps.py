"""Dependencies of endpoints: the gateway's services, and a session in one transaction.

FastAPI runs `def` endpoints, and the validation of what they return, in 40 threads; a session ends after both. Requests
that held all threads while they wait for a connection, or for SQLite's write lock, would wait for one that needs a
thread to end. Hence three rules:

- sessions are limited in number, and waiting for one takes no thread;
- a `def` endpoint uses the database through its session only, never through a block of its own;
- a dependency uses no session of the endpoint's: it is async, and reads with `await services.database.run(…)`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from weakref import WeakKeyDictionary

from fastapi import Depends, Request
from fastapi.concurrency import contextmanager_in_threadpool
from sqlalchemy.orm import Session

from bot.services import Services

SESSIONS = 20
"""Sessions of endpoints at once: fewer than threads (40) and than connections (26)."""
_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def get_services(request: Request) -> Services:
    """The gateway's services (bot/services.py). Async, so that FastAPI calls it without a thread."""
    services: Services = request.app.state.services
    return services


GatewayServices = Annotated[Services, Depends(get_services)]


async def _transaction(services: GatewayServices) -> AsyncIterator[Session]:
    async with _limit(), contextmanager_in_threadpool(services.database.transaction()) as session:
        yield session


async def _snapshot(services: GatewayServices) -> AsyncIterator[Session]:
    async with _limit(), contextmanager_in_threadpool(services.database.snapshot()) as session:
        yield session


def _limit() -> asyncio.Semaphore:
    """The limit on sessions in this event loop."""
    return _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(SESSIONS))


Transaction = Annotated[Session, Depends(_transaction, scope="function")]
"""A session of one transaction, for a `def` endpoint: committed after the endpoint, before the response is sent."""
Snapshot = Annotated[Session, Depends(_snapshot, scope="function")]
"""A session that only reads, for a `def` endpoint."""
