"""Erasing at a running Candor, and looking for what is left: in its database and in its files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from tests.running import Gateway, wait_until


def spelled(value: str) -> list[bytes]:
    """The ways in which a text may lie in a file."""
    escaped = value.encode("ascii", "backslashreplace")
    return [value.encode(), value.encode("utf-16-le"), value.encode("utf-16-be"), escaped]


def rows(gateway: Gateway, query: str, *values: Any) -> list[Any]:
    with closing(sqlite3.connect(gateway.data_dir / "candor.db", timeout=30)) as database:
        return database.execute(query, values).fetchall()


def visitor_of(gateway: Gateway, conversation_id: str) -> str:
    return str(rows(gateway, "SELECT visitor_id FROM conversation WHERE id = ?", conversation_id)[0][0])


def secrets_of(gateway: Gateway, visitor_id: str) -> list[bytes]:
    """The visitor's wrapped key, and the beginning of everything that is sealed under it."""
    sealed = [
        "SELECT payload_sealed FROM decision_payload WHERE visitor_id = ?",
        "SELECT body_sealed FROM message JOIN conversation c ON c.id = conversation_id WHERE visitor_id = ?",
        "SELECT data_sealed FROM outbox JOIN conversation c ON c.id = conversation_id WHERE visitor_id = ?",
        "SELECT value_sealed FROM placeholder JOIN conversation c ON c.id = conversation_id WHERE visitor_id = ?",
        "SELECT contact_sealed FROM handoff JOIN conversation c ON c.id = conversation_id WHERE visitor_id = ?",
        "SELECT identity_sealed FROM visitor WHERE id = ?",
    ]
    found = [row[0] for query in sealed for row in rows(gateway, query, visitor_id) if row[0]]
    (key,) = rows(gateway, "SELECT wrapped FROM visitor_key WHERE visitor_id = ?", visitor_id)
    return [key[0], *(value[:40] for value in found)]


def erase(gateway: Gateway, *who: str) -> str:
    return gateway.command("visitor", "erase", *who, "--reason", "visitor_request")


def wait_done(gateway: Gateway) -> None:
    """Until every erasure has reached every store."""
    wait_until(lambda: rows(gateway, "SELECT count(*) FROM erasure WHERE done_at IS NULL") == [(0,)])


def verified(gateway: Gateway) -> None:
    """Everything is sealed, and the log is whole and complete."""
    wait_until(lambda: rows(gateway, "SELECT count(*) FROM decision WHERE leaf_index IS NULL") == [(0,)])
    gateway.command("log", "verify")
