"""What is stored of the caller, by the categories that the published purposes declare."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.core.ids import Json
from bot.policies import processing, spoken
from bot.privacy.categories import (
    addresses,
    contests,
    decisions,
    engine_memory,
    handoffs,
    identifiers,
    identity,
    messages,
    training,
)
from bot.privacy.categories.base import Page, Reader
from bot.privacy.categories.engine_memory import Memory
from bot.privacy.retention import TOGETHER

SHOWN = 50
"""Items of a category in the overview; the export has all."""
ENGINE = "engine"
PAGES: Mapping[str, Callable[[Reader, int], Page]] = {
    "conversation": messages.page,
    "identity": identity.page,
    "decisions": decisions.page,
    "contests": contests.page,
    "handoffs": handoffs.page,
    "contact": addresses.page,
    "identifiers": identifiers.page,
    "training": training.page,
}
"""How each category is read, but for the engine's, which lies in another store."""


def stored(reader: Reader, memory: Memory) -> list[dict[str, Json]]:
    """Each category with its words, how long it is kept, and the newest of what it holds."""
    return [_category(reader, name, entry, memory) for name, entry in processing().kept.items()]


def days_of(category: str) -> int:
    """For how many days after the last message a category is kept; some go together, with the longest of them."""
    kept = processing().kept
    names = TOGETHER if category in TOGETHER else (category,)
    return max(int(kept[name]["days"]) for name in names if name in kept)


def _category(reader: Reader, name: str, entry: Mapping[str, Json], memory: Memory) -> dict[str, Json]:
    page = engine_memory.page(reader, memory, SHOWN) if name == ENGINE else PAGES[name](reader, SHOWN)
    days = days_of(name)
    return {
        "category": name,
        "title": spoken(entry["title"], reader.language),
        "what": spoken(entry["what"], reader.language),
        "days": days,
        "kept": reader.words("kept", days=days),
        "total": page.total,
        "items": [item.as_json() for item in page.items],
        "note": page.note,
    }
