"""Decision records opened for people who check them: the very bytes that were committed to, where they are left."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidTag
from sqlalchemy.orm import Session

from bot.core.ids import Json
from bot.db.models import DecisionPayloadRow, DecisionRow
from bot.decisions import repository
from bot.decisions.recorder import Recorder


@dataclass(frozen=True)
class Opened:
    """A record as it is stored. Without salt and payload it was erased, or `damaged`: not what was sealed."""

    row: DecisionRow
    salt: bytes | None = None
    payload: bytes | None = None
    damaged: bool = False

    @cached_property
    def record(self) -> dict[str, Json] | None:
        """The whole record, as `Recorder.read` gives it; None when it cannot be opened."""
        if self.payload is None:
            return None
        return {**json.loads(self.payload), "commitment": self.row.commitment, "leaf_index": self.row.leaf_index}


def open_all(session: Session, recorder: Recorder, rows: Sequence[DecisionRow]) -> list[Opened]:
    """Records in the order given. What they need of the database is read in two statements."""
    payloads = repository.payloads(session, [row.id for row in rows])
    # Held until all is opened: the session forgets rows that nobody holds, and would read each key by itself.
    keys = repository.keys_of(session, payloads.values())
    opened = [_open(session, recorder, row, payloads.get(row.id)) for row in rows]
    del keys
    return opened


def _open(session: Session, recorder: Recorder, row: DecisionRow, payload: DecisionPayloadRow | None) -> Opened:
    if payload is None:
        return Opened(row, damaged=True)
    try:
        found = recorder.open(session, payload)
    except InvalidTag:
        return Opened(row, damaged=True)
    return Opened(row) if found is None else Opened(row, *found)
