"""Tells a conversation, once, what has changed in what visitors are told; nothing else decides about that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.chat.repository import take_notice
from bot.core.i18n import copy
from bot.core.messages import Author
from bot.db.disclosed import disclosed_version
from bot.db.models import ConversationRow
from bot.messaging import Outbox
from bot.policies import Kind, address, in_force
from bot.policies.documents import order
from bot.policies.repository import Edition, news_after

SPOKEN_OF = (Kind.PRIVACY, Kind.PURPOSES, Kind.DISCLOSURE)
"""Of several texts that changed at once, the first of these is named and linked to."""


@dataclass(frozen=True)
class PolicyNotice:
    """Says in a conversation what was published since its visitor was last told.

    `public_url` is where visitors reach this gateway; empty: links are paths.
    """

    outbox: Outbox
    public_url: str

    def due(self, told: str | None) -> bool:
        """Whether `announce` has anything to do in a conversation that knows of version `told`. Asks no database."""
        return told is None or order(told) < order(in_force().version)

    def announce(self, session: Session, conversation: ConversationRow) -> None:
        """Say in one message what has changed, if anything has. A fresh conversation begins with what is in force.

        Nothing happens before the disclosure was shown: until then nothing may be said (rule D1).
        """
        if not self.due(conversation.policy_version) or disclosed_version(session, conversation.id) is None:
            return
        told = conversation.policy_version
        if not take_notice(session, conversation, in_force().version) or told is None:
            return
        news = news_after(session, told)
        if news:
            self.outbox.say(session, conversation, Author.SYSTEM, self._message(news, conversation.language))

    def _message(self, news: Sequence[Edition], language: str) -> str:
        changed = {kind for edition in news for kind in edition.kinds}
        kind = next(kind for kind in SPOKEN_OF if kind in changed)
        newest = next(edition for edition in reversed(news) if kind in edition.kinds)
        gap = "" if language == "zh" else " "
        return copy(
            f"policies.changed_{kind}",
            language,
            change=gap.join(edition.change_in(language) for edition in news),
            url=self.public_url.rstrip("/") + address(kind, newest.version, language),
        )
