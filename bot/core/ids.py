"""Identifiers, the present moment, and the type of a JSON value."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""A value that `json.dumps` takes."""


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def new_id(prefix: str) -> str:
    """A new identifier that sorts by time: prefix, milliseconds in hex, 80 random bits."""
    return f"{prefix}_{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"
