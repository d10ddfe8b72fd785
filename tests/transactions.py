"""One transaction or snapshot for a single expression of a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.db import Database

T = TypeVar("T")


def write(database: Database, work: Callable[[Session], T]) -> T:
    """What `work` gives within a transaction."""
    with database.transaction() as session:
        return work(session)


def read(database: Database, work: Callable[[Session], T]) -> T:
    """What `work` gives within a snapshot."""
    with database.snapshot() as session:
        return work(session)
