"""The receipt of an erasure: each store, what was removed there, and whether it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from sqlalchemy.orm import Session

from bot.core.html import render
from bot.core.i18n import copy
from bot.core.ids import Json
from bot.db.models import ErasureRow
from bot.privacy.categories.base import Clearing
from bot.privacy.categories.registry import cleared, store_of, words_of
from bot.privacy.repository import conversations_of

State: TypeAlias = Literal["done", "pending", "kept"]

DATABASE = ("database", "outbox", "desk", "review")
"""Parts of the database: cleared in one transaction."""
LATER = ("files", "backups")
"""Stores beside the engine's that are cleared afterwards, within seconds."""


def receipt(session: Session, rows: Sequence[ErasureRow], language: str) -> dict[str, Json]:
    """The API's `Receipt` (docs/explanation/architecture.md) for the erasures of one request."""
    request: dict[str, Json] = rows[0].receipt.get("request") or {"what": "everything", "kept": []}
    done = all(row.done_at is not None for row in rows)
    kept = [{"conversation_id": one["conversation_id"], "reason": one["reason"]} for one in request["kept"]]
    ends = [row.done_at for row in rows if row.done_at is not None]
    return {
        "request_id": rows[0].request_id,
        "what": request["what"],
        "asked_at": rows[0].begun_at.isoformat(),
        "done_at": max(ends).isoformat() if done else None,
        "conversations": [one.id for one in conversations_of(session, [row.visitor_id for row in rows])],
        "kept": kept,
        "stores": [_store(name, rows, language) for name in (*DATABASE, *_external(), *LATER)],
        "sentence": _sentence(done, kept, language),
    }


def receipt_page(receipt: Mapping[str, Json], language: str) -> str:
    """HTML of what `receipt` gave in that language, to read and to keep."""
    return render("privacy/templates/receipt.html", language, receipt=receipt)


def receipt_text(receipt: Mapping[str, Json]) -> str:
    """The same as plain text in English, for a terminal."""
    stores = (f"  {one['title']} ({one['state']}): {one['text']}" for one in receipt["stores"])
    kept = (f"  Kept: {one['conversation_id']}, on legal hold: {one['reason']}" for one in receipt["kept"])
    head = f"Receipt {receipt['request_id']}, asked for on {receipt['asked_at'][:19].replace('T', ' at ')} UTC."
    return "\n".join([head, receipt["sentence"], *stores, *kept])


def _external() -> list[str]:
    return [category.name for category in cleared(Clearing.EXTERNAL)]


def _store(name: str, rows: Sequence[ErasureRow], language: str) -> dict[str, Json]:
    state, removed = _state(name, rows), _removed(name, rows)
    text = copy(f"privacy.store_{name}_{state}", language)
    return {
        "store": name,
        "title": copy(f"privacy.store_{name}", language),
        "text": " ".join([text, *_counted(removed, language)]),
        "state": state,
        "removed": removed,
    }


def _state(name: str, rows: Sequence[ErasureRow]) -> State:
    if name not in DATABASE and any(row.done_at is None for row in rows):
        return "pending"
    if name == "backups" and any(_reached(row).get("out_of_reach") for row in rows):
        return "kept"
    return "done"


def _removed(name: str, rows: Sequence[ErasureRow]) -> dict[str, int]:
    """The number of rows of each sort, over all erasures; without zeros."""
    if name == "backups":
        # One backup holds the keys of several visitors.
        blanked = max(int(_reached(row).get("blanked", 0)) for row in rows)
        return {"backups": blanked} if blanked else {}
    sums: Counter[str] = Counter()
    for row in rows:
        if name in DATABASE:
            held: Mapping[str, Json] = {"keys": 1, **(row.receipt.get("database") or {})}
            sums.update({sort: int(held[sort]) for sort in held if sort != "key" and store_of(sort) == name})
        else:
            sums.update(row.receipt.get(name) if name in _external() else {})
    return dict(+sums)


def _reached(row: ErasureRow) -> Mapping[str, Json]:
    """`{blanked, out_of_reach}`: how many backups no longer open it, and how many could not be reached."""
    reached: Mapping[str, Json] = row.receipt.get("backups") or {}
    return reached


def _counted(removed: Mapping[str, int], language: str) -> list[str]:
    if not removed:
        return []
    parts = (
        copy("privacy.removed_item", language, what=words_of(sort, language), count=f"{count:,}")
        for sort, count in removed.items()
    )
    return [copy("privacy.removed", language, what=copy("privacy.removed_mark", language).join(parts))]


def _sentence(done: bool, kept: Sequence[Json], language: str) -> str:
    said = [copy(f"privacy.receipt_{'done' if done else 'pending'}", language)]
    if kept:
        said.append(copy("privacy.receipt_kept", language, count=len(kept)))
    return " ".join(said)
