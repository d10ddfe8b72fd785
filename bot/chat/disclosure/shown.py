"""The record that the disclosure was shown: which, in which language, when, and how we know."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.chat.disclosure.notice import Notice
from bot.chat.repository import add_disclosure
from bot.core.errors import Conflict
from bot.core.ids import new_id, now
from bot.db.disclosed import disclosed_version
from bot.db.models import ConversationRow, DisclosureRow


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


def show_first(session: Session, conversation: ConversationRow, notice: Notice) -> None:
    """The door is about to send `notice` as its first message, ahead of everything else."""
    show(session, conversation, notice, "first_message")


def show(session: Session, conversation: ConversationRow, notice: Notice, how: str) -> None:
    """Put on record that `notice` is on the visitor's screen; `how` is `rendered` or `first_message`."""
    add_disclosure(
        session,
        DisclosureRow(
            id=new_id("dis"),
            conversation_id=conversation.id,
            version=notice.version,
            language=notice.language,
            sha256=notice.sha256,
            how=how,
            shown_at=now(),
        ),
    )
