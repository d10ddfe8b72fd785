"""One text of a policy, in one language and version, known by its hash."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.core.i18n import FALLBACK

FIELD = re.compile(r"\{(\w+)\}")
"""A place in a text where a value is put in: `{company}`."""


class Kind(StrEnum):
    """What a text is for: `disclosure` and `privacy` are Markdown, one a language; `purposes` is one YAML file."""

    DISCLOSURE = "disclosure"
    PRIVACY = "privacy"
    PURPOSES = "purposes"


@dataclass(frozen=True)
class Document:
    """A text as published. `version` is its date: `2026-11-27`, and `2026-11-27.2` for the second one of that day.

    `language` is "" for the purposes, which hold all of them.

    `change` is a sentence for returning visitors, as JSON by language; "" for a first version.
    """

    kind: Kind
    version: str
    language: str
    text: str
    change: str = ""
    published_at: datetime | None = None

    @property
    def sha256(self) -> str:
        """Hex, over the text as UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def file(self) -> str:
        """The name of its draft."""
        return file_of(self.kind, self.language)

    def change_in(self, language: str) -> str:
        """The sentence about what changed, in `language`; "" for a first version."""
        return change_in(self.change, language)

    def shown(self, company: str) -> str:
        """The text as people read it, naming `company`."""
        return filled(self.text, {"company": company})


def file_of(kind: Kind, language: str) -> str:
    """The name of a draft: `privacy.en.md`, `purposes.yml`."""
    return "purposes.yml" if kind is Kind.PURPOSES else f"{kind}.{language}.md"


def change_in(change: str, language: str) -> str:
    """The sentence in `language` of what a row's `change` holds."""
    sentences: dict[str, str] = json.loads(change) if change else {}
    return sentences.get(language) or sentences.get(FALLBACK, "")


def filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with `{name}` replaced where there is a value of that name; the rest stays as it is."""
    return FIELD.sub(lambda found: values.get(found[1], found[0]), text)


def order(version: str) -> tuple[str, int]:
    """Sorts versions from the oldest to the newest."""
    day, _, number = version.partition(".")
    return day, int(number or 1)


def following(newest: str | None, today: date) -> str:
    """The version of what is published today, after `newest`: never an older one, whatever the clock says."""
    if newest is None:
        return today.isoformat()
    day, number = order(newest)
    return f"{day}.{number + 1}" if today.isoformat() <= day else today.isoformat()
