"""`erasures.jsonl` in the data folder: who was erased when, by pseudonym, so that a restore reapplies the erasures.

It is beside the database, not in it, because a restore replaces the database.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.core.files import private, sync
from bot.db.models import ErasureRow

LEDGER = "erasures.jsonl"


@dataclass(frozen=True)
class Entry:
    """One erasure. `at` is when it began, ISO 8601 in UTC.

    The rest is there where the visitor has a receipt, so that it can still be opened after a restore: what the request
    was, its id, and the keyed hash of the receipt's token.
    """

    visitor_id: str
    erasure_id: str
    reason: str
    at: str
    request_id: str = ""
    receipt_hash: str = ""
    what: str = ""

    @classmethod
    def of(cls, row: ErasureRow) -> Entry:
        """The entry of an erasure."""
        request = row.receipt.get("request") or {}
        return cls(
            visitor_id=row.visitor_id,
            erasure_id=row.id,
            reason=row.reason,
            at=row.begun_at.isoformat(),
            request_id=row.request_id or "",
            receipt_hash=row.receipt_hash or "",
            what=request.get("what", ""),
        )


def append(folder: Path, entry: Entry) -> None:
    """Add a line; it has reached the disk when this returns.

    Raises:
        OSError: it could not be written.
    """
    content = {name: value for name, value in asdict(entry).items() if value}
    line = json.dumps(content, separators=(",", ":")).encode() + b"\n"
    with open(folder / LEDGER, "ab+", opener=private) as file:
        # A power cut may have left half a line, which must not swallow this one.
        file.write(line if _is_whole(file.fileno()) else b"\n" + line)
        sync(file)


def read(folder: Path) -> Iterator[Entry]:
    """All entries, the oldest first; incomplete lines are skipped. Empty where nobody was ever erased."""
    try:
        lines = (folder / LEDGER).read_bytes().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield Entry(**json.loads(line))
        except (ValueError, TypeError):
            continue


def _is_whole(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"
