"""The AI disclosure as it is shown, and the proof that it was, before the assistant speaks (rule D1)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from bot.chat.repository import add_disclosure
from bot.core.errors import Conflict
from bot.core.ids import new_id, now
from bot.db.disclosed import disclosed_version
from bot.db.models import ConversationRow
from bot.policies import in_force


@dataclass(frozen=True)
class Notice:
    """One disclosure as it is shown. `version` is its date; paragraphs of `text` are parted by an empty line."""

    version: str
    language: str
    title: str
    text: str

    @property
    def sha256(self) -> str:
        """Of title, a line feed and text: what the record keeps, to show later which words were on the screen."""
        return hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()


def current_notice(language: str, company: str) -> Notice:
    """The disclosure in force in `language` (`en`, `zh`), naming `company`."""
    document = in_force().disclosure(language)
    title, _, text = document.shown(company).strip().partition("\n")
    return Notice(document.version, language, title.removeprefix("# "), text.strip())


def confirm(session: Session, conversation: ConversationRow, notice: Notice, version: str) -> None:
    """The widget says that it has rendered `version`. Confirming again changes nothing.

    Raises:
        Conflict: another version is in force; the widget has to show that one.
    """
    if version != notice.version:
        raise Conflict(
            f"The disclosure in force is version {notice.version}; show that one.", code="disclosure_changed"
        )
    if disclosed_version(session, conversation.id) != notice.version:
        show(session, conversation, notice, "rendered")


def show(
    session: Session, conversation: ConversationRow, notice: Notice, how: Literal["rendered", "first_message"]
) -> None:
    """Put on record that `notice` is on the visitor's screen, or is about to be, ahead of everything else."""
    row = {
        "id": new_id("dis"),
        "conversation_id": conversation.id,
        "version": notice.version,
        "language": notice.language,
        "sha256": notice.sha256,
        "how": how,
        "shown_at": now(),
    }
    add_disclosure(session, row)
