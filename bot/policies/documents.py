"""One text of a policy, in one language and version, known by its hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.copy import LANGUAGES
from bot.errors import SettingsError

DRAFTS = Path(__file__).parent / "drafts"
"""The texts that Candor comes with; an operator's own stand in the folder that CANDOR_POLICY_DIR names."""
FIRST = "2026-11-27"
"""The version of the drafts in this folder, until the operator publishes their own."""


class Kind(StrEnum):
    """What a text is for: `disclosure` and `privacy` are Markdown, one a language; `purposes` is one YAML file."""

    DISCLOSURE = "disclosure"
    PRIVACY = "privacy"
    PURPOSES = "purposes"


@dataclass(frozen=True)
class Document:
    """A text as published. `version` is its date; `language` is "" for the purposes, which hold all of them."""

    kind: Kind
    version: str
    language: str
    text: str
    change: str = ""

    @property
    def sha256(self) -> str:
        """Hex, over the text as UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def drafts(folder: Path = DRAFTS, version: str = FIRST) -> tuple[Document, ...]:
    """The five texts in `folder`, as `version`.

    Raises:
        SettingsError: one is missing or cannot be read.
    """
    names = [(kind, language) for kind in (Kind.DISCLOSURE, Kind.PRIVACY) for language in LANGUAGES]
    found = [_read(folder / f"{kind}.{language}.md", kind, version, language) for kind, language in names]
    return (*found, _read(folder / "purposes.yml", Kind.PURPOSES, version, ""))


def _read(path: Path, kind: Kind, version: str, language: str) -> Document:
    try:
        return Document(kind, version, language, path.read_text("utf-8").strip() + "\n")
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"CANDOR_POLICY_DIR: {path.name} is missing or is no UTF-8 text.") from None
