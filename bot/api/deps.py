"""Dependencies of endpoints: the gateway's services, and a session in one transaction.

A dependency must not use a `Transaction`: its first statement takes SQLite's write lock, and the endpoint that has to
release it may then wait for a thread which other requests hold while they wait for the lock. Dependencies that read
open a snapshot of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from bot.services import Services


async def get_services(request: Request) -> Services:
    """The gateway's services (bot/services.py). Async, so that FastAPI calls it without a thread."""
    services: Services = request.app.state.services
    return services


GatewayServices = Annotated[Services, Depends(get_services)]


def _transaction(services: GatewayServices) -> Iterator[Session]:
    with services.database.transaction() as session:
        yield session


def _snapshot(services: GatewayServices) -> Iterator[Session]:
    with services.database.snapshot() as session:
        yield session


Transaction = Annotated[Session, Depends(_transaction, scope="function")]
"""A session of one transaction, for a `def` endpoint: committed after the endpoint, before the response is sent."""
Snapshot = Annotated[Session, Depends(_snapshot, scope="function")]
"""A session that only reads, for a `def` endpoint."""
