"""Reads the drafts of the policies from a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.core.errors import SettingsError
from bot.core.files import parse_yaml
from bot.core.i18n import LANGUAGES
from bot.core.ids import Json
from bot.core.settings import POLICY_DRAFTS
from bot.policies.documents import Document, Kind, file_of, filled

FIRST = "2026-11-27"
"""The version of the texts that Candor comes with."""
PARTS = (*((kind, language) for kind in (Kind.DISCLOSURE, Kind.PRIVACY) for language in LANGUAGES), (Kind.PURPOSES, ""))
"""Kind and language of each required text."""


def drafts(folder: Path = POLICY_DRAFTS, version: str = FIRST) -> tuple[Document, ...]:
    """The five texts in `folder`, as `version`. What the privacy notices quote of the purposes is put in.

    A published notice is complete by itself, and a new address or number of days makes a new version.

    Raises:
        SettingsError: one is missing or cannot be read. Their content is checked in validation.py.
    """
    raw = [Document(kind, version, language, read(folder, file_of(kind, language))) for kind, language in PARTS]
    values = quoted(parse_yaml(raw[-1].text))
    return tuple(_with(document, values) for document in raw)


def read(folder: Path, name: str) -> str:
    """The text of one draft, with one line feed at its end.

    Raises:
        SettingsError: it is missing or no UTF-8 text.
    """
    try:
        return (folder / name).read_text("utf-8").strip() + "\n"
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{name}: is missing in CANDOR_POLICY_DIR or is no UTF-8 text; put it there.") from None


def quoted(purposes: Json) -> dict[str, str]:
    """What a privacy notice may quote of the file of purposes: `{address}`, `{conversation_days}` …"""
    return dict(_quoted(purposes))


def _quoted(purposes: Json) -> Iterator[tuple[str, str]]:
    for name, value in purposes["controller"].items():
        yield "controller" if name == "name" else name, str(value)
    for name, entry in purposes["kept"].items():
        yield f"{name}_days", str(entry["days"])


def _with(document: Document, values: dict[str, str]) -> Document:
    if document.kind is not Kind.PRIVACY:
        return document
    return Document(document.kind, document.version, document.language, filled(document.text, values))
