"""The consent gate: no grant without a live consent and a committed record. A failure is a refusal, never a bypass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import structlog
from sqlalchemy.orm import Session

from bot.consent.consents import State, latest, state_after
from bot.consent.grant import GATE, MOMENT, Grant
from bot.consent.purposes import Purpose, purpose_named
from bot.consent.subject import Subject, subject_of
from bot.messages import Decision, Kind, now
from bot.storage import Database, Keyring
from bot.storage.tables import ConversationRow

Reason: TypeAlias = Literal["not_signed_in", "not_asked", "refused", "withdrawn", "expired", "failed"]
Record: TypeAlias = Callable[[Session, Decision], str]

_REASONS: dict[State, Reason] = {
    "none": "not_asked",
    "requested": "not_asked",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "expired": "expired",
}
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Refused:
    """No grant, and why."""

    reason: Reason
    decision_id: str | None = None


class Gate:
    """Answers one question: may this visitor's data be read for this purpose, now?

    Args:
        record: writes a decision record in the given session and gives its id (`Recorder.record`).
    """

    def __init__(self, keyring: Keyring, record: Record) -> None:
        self._keyring = keyring
        self._record = record

    async def ask(self, database: Database, conversation_id: str, purpose: str, turn_id: str | None) -> Grant | Refused:
        """A grant, when a live consent stands behind it and the decision is on record; else a refusal. Never raises."""
        try:
            return await database.write(lambda s: self._answer(s, conversation_id, purpose_named(purpose), turn_id))
        except Exception as error:
            # Whatever went wrong: no record, no grant (rule C1). The type alone is logged; messages may hold values.
            log.error("consent:gate:failed", error=type(error).__name__)
            return Refused("failed")

    def _answer(self, session: Session, conversation_id: str, purpose: Purpose, turn_id: str | None) -> Grant | Refused:
        conversation = session.get_one(ConversationRow, conversation_id)
        subject = subject_of(session, self._keyring, conversation)
        event = latest(session, conversation.visitor_id, purpose.name)
        state = state_after(event)
        reason = "not_signed_in" if subject is None else _REASONS.get(state)
        consent_id = event.id if event is not None else None
        decision = _decision(conversation, purpose, turn_id, state, reason, consent_id)
        decision_id = self._record(session, decision)
        if reason is not None or subject is None or consent_id is None:
            return Refused(reason or "failed", decision_id)
        return _grant(conversation, purpose, subject, consent_id, decision_id)


def _grant(
    conversation: ConversationRow, purpose: Purpose, subject: Subject, consent_id: str, decision_id: str
) -> Grant:
    return Grant(
        visitor_id=conversation.visitor_id,
        conversation_id=conversation.id,
        customer_id=subject.customer_id,
        purpose=purpose.name,
        categories=frozenset(purpose.categories),
        consent_record_id=consent_id,
        decision_id=decision_id,
        expires_at=now() + MOMENT,
        proof=GATE,
    )


def _decision(
    conversation: ConversationRow,
    purpose: Purpose,
    turn_id: str | None,
    state: State,
    reason: Reason | None,
    consent_id: str | None,
) -> Decision:
    return Decision(
        kind=Kind.GATE,
        conversation_id=conversation.id,
        visitor_id=conversation.visitor_id,
        turn_id=turn_id,
        outcome="allowed" if reason is None else f"refused:{reason}",
        input={"purpose": purpose.name, "consent": state, "signed_in": conversation.signed_in},
        result={"allowed": reason is None, "reason": reason, "notice": purpose.notice},
        policy="consent gate",
        rule=f"purpose {purpose.name}/{purpose.version}",
        consent_record_id=consent_id,
        lawful_basis=purpose.lawful_basis,
        categories=purpose.categories,
        language=conversation.language,
        gpc=conversation.gpc,
    )
