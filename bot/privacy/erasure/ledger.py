"""`erasures.jsonl` in the data folder: who was erased when, by pseudonym alone, so that a restored backup erases again.

It lies beside the database and not in it: the database is what a restore sets back.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

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
    descriptor = os.open(folder / LEDGER, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "rb+") as file:
        # A power cut may have left half a line, which must not swallow this one.
        file.write(line if _is_whole(file.fileno()) else b"\n" + line)
        file.flush()
        os.fsync(file.fileno())


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
