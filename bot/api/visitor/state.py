"""The state of a conversation as the visitor's screen shows it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.consent import choices, subject_of, to_merge
from bot.core.ids import Json
from bot.db.disclosed import disclosed_version
from bot.db.models import ConversationRow
from bot.oversight import contests
from bot.policies import notice_in_force
from bot.services import Services


def state_of(session: Session, services: Services, conversation: ConversationRow) -> dict[str, Json]:
    """The fields of `ConversationState` (bot/api/schemas/chat.py)."""
    subject = subject_of(session, services.keyring, conversation)
    handoff = services.handoffs.current(session, conversation)
    return {
        "conversation_id": conversation.id,
        "language": conversation.language,
        "owner": conversation.owner,
        "human_name": conversation.human_name,
        "signed_in": conversation.signed_in,
        "customer_name": subject.name if subject else None,
        "disclosure_shown": disclosed_version(session, conversation.id) is not None,
        "handoff": services.handoffs.as_event(session, handoff) if handoff else None,
        "consents": choices(session, conversation, conversation.language),
        "merge": to_merge(session, conversation, conversation.language),
        "gpc": conversation.gpc,
        "policy": notice_in_force(conversation.language),
        "contests": contests.states(session, conversation.id),
        "last_event_id": conversation.last_event,
    }
