"""The export as a document to read: what was said with who said it, and all the rest in plain words.

The same as the JSON, but for the records' inner fields and the engine's inner events, which only programs need.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.html import render
from bot.core.ids import Json
from bot.privacy.categories.registry import CATEGORIES


def document(exported: Mapping[str, Json]) -> str:
    """HTML of what `export` gave, in its language."""
    return render(
        "privacy/templates/export.html",
        exported["language"],
        exported=exported,
        categories=list(CATEGORIES),
        titles={one["category"]: one["title"] for one in exported["kept"]},
    )
