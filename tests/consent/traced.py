"""What SQLite itself is asked for: every statement that runs on a database, as the database traces it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bot.db import Database

PERSONAL = re.compile(r"\b(FROM|JOIN)\s+\"?(shop_order|shop_customer|shop_view)\b", re.IGNORECASE)
"""Rows of customers: nothing of ours may read them without a grant."""


@contextmanager
def personal_reads(database: Database) -> Iterator[list[str]]:
    """The statements within the block that read a customer's rows."""
    found: list[str] = []

    def traced(statement: str) -> None:
        if PERSONAL.search(statement):
            found.append(statement)

    def checkout(connection: Any, *_: object) -> None:
        connection.set_trace_callback(traced)

    event.listen(database.engine, "checkout", checkout)
    try:
        yield found
    finally:
        event.remove(database.engine, "checkout", checkout)
        event.listen(database.engine, "checkout", _untraced)


def _untraced(connection: Any, *_: object) -> None:
    connection.set_trace_callback(None)
