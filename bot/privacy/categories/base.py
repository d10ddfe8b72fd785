"""What every category is read with, and the shape in which the overview shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.core.i18n import copy
from bot.core.ids import Json
from bot.db import Keyring
from bot.decisions import Recorder
from bot.privacy.data_subject import Mine
from bot.privacy.decryption import Gone, Opened, open_value, shown


@dataclass(frozen=True)
class Item:
    """One value that is kept, with words around it. `at` is when it came to be kept, ISO 8601."""

    id: str
    label: str
    value: str
    at: str
    conversation_id: str
    author: str | None = None
    correctable: bool = False

    def as_json(self) -> dict[str, Json]:
        """The API's `item`."""
        return asdict(self)


@dataclass(frozen=True)
class Page:
    """Items of a category, the newest first; how many there are in all; and what else is to be said about it."""

    total: int
    items: Sequence[Item]
    note: str | None = None


@dataclass(frozen=True)
class Reader:
    """Reads what is the caller's and puts it into their language."""

    session: Session
    keyring: Keyring
    recorder: Recorder
    mine: Mine
    language: str

    def open(self, conversation_id: str, about: str, sealed: bytes) -> Opened:
        """A value sealed for the visitor of one of the caller's conversations."""
        return open_value(self.session, self.keyring, self.mine.visitor_of[conversation_id], about, sealed)

    def open_text(self, conversation_id: str, about: str, sealed: bytes) -> str:
        """The same, or why it cannot be opened, in words."""
        return shown(self.open(conversation_id, about, sealed), self.language)

    def words(self, key: str, **values: object) -> str:
        """The text `key` of bot/core/i18n/privacy.yml."""
        return copy(f"privacy.{key}", self.language, **values)


def plain(value: Opened) -> dict[str, Json]:
    """An opened value in the export: `{value}`, or `{value: null, gone}` with the reason."""
    return {"value": None, "gone": value.value} if isinstance(value, Gone) else {"value": value}


def iso(moment: datetime | None) -> str | None:
    """ISO 8601, or None."""
    return moment.isoformat() if moment is not None else None
