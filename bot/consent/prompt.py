"""The question for consent that stands open in a conversation."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.consent import repository
from bot.consent.subject import subject_id
from bot.db.models import ConversationRow


@dataclass(frozen=True)
class Asked:
    """The visitor was asked for consent in this conversation.

    Attributes:
        unanswered: no choice has been made since.
        just_now: nothing has been said here since but the question: only then does a bare "yes" or "no" answer it.
        card_event: the number of the outbox event that carried the card; None while its turn has not ended.
    """

    purpose: str
    unanswered: bool
    just_now: bool
    card_event: int | None


def asked(session: Session, conversation: ConversationRow, purpose: str | None = None) -> Asked | None:
    """The newest asking in this conversation, for `purpose` if given."""
    subject = subject_id(session, conversation)
    row = repository.latest_request(session, conversation.id, subject, purpose)
    if row is None:
        return None
    newest, turn = repository.latest(session, subject, row.purpose), row.evidence.get("turn_id")
    unanswered = newest is not None and newest.id == row.id
    said_last = turn is not None and repository.last_replied_to(session, conversation.id) == turn
    # The card is the last word of the turn that asked.
    card_event = repository.last_event_of_turn(session, conversation.id, turn)
    return Asked(row.purpose, unanswered, unanswered and said_last, card_event)
