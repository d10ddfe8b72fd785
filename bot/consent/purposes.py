"""The purposes that personal data may be used for: a versioned file, whose hash every consent points to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.errors import BadRequest
from bot.messages import Json

ORDER_HISTORY = "order_history"
"""To read a signed-in customer's orders."""


@dataclass(frozen=True)
class Purpose:
    """One purpose with its words in each language. `notice` names the exact text: purpose, version, hash."""

    name: str
    version: str
    titles: Mapping[str, str]
    whys: Mapping[str, str]
    categories: tuple[str, ...]
    lawful_basis: str
    notice: str

    def title(self, language: str) -> str:
        """What is asked, as a heading."""
        return self.titles.get(language) or self.titles["en"]

    def why(self, language: str) -> str:
        """What for, in a sentence or two."""
        return self.whys.get(language) or self.whys["en"]


@cache
def purposes() -> Mapping[str, Purpose]:
    """All purposes by name."""
    content: dict[str, dict[str, Json]] = yaml.safe_load((Path(__file__).parent / "purposes.yml").read_text("utf-8"))
    return {name: _purpose(name, entry) for name, entry in content.items()}


def purpose_named(name: str) -> Purpose:
    """The purpose of that name.

    Raises:
        BadRequest: there is no such purpose.
    """
    found = purposes().get(name)
    if found is None:
        raise BadRequest(
            "There is no such purpose; use one of those listed with the conversation.", code="unknown_purpose"
        )
    return found


def _purpose(name: str, entry: dict[str, Json]) -> Purpose:
    text = json.dumps(entry, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Purpose(
        name=name,
        version=entry["version"],
        titles=entry["title"],
        whys=entry["why"],
        categories=tuple(entry["categories"]),
        lawful_basis=entry["lawful_basis"],
        notice=f"{name}/{entry['version']}#sha256:{digest[:32]}",
    )
