"""The consent gate: no grant without a live consent and a committed record. A failure is a refusal, never a bypass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import structlog
from sqlalchemy.orm import Session

from bot.consent.grant import GATE, MOMENT, Grant
from bot.consent.service import Consents
from bot.consent.states import Scope, State
from bot.consent.status import ConsentStatus, refused_lately, status_of
from bot.consent.subject import Subject, subject_of
from bot.core.ids import now
from bot.db import Database, Keyring
from bot.db.models import ConsentRow, ConversationRow
from bot.db.rows import load
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.policies import Purpose, purpose_named

Reason: TypeAlias = Literal[
    "not_signed_in", "gpc", "not_asked", "refused", "withdrawn", "paused", "expired", "changed", "failed"
]

_REASONS: dict[State, Reason] = {
    "none": "not_asked",
    "requested": "not_asked",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "paused": "paused",
    "expired": "expired",
    "invalidated": "changed",
}
NOBODY = Subject("", "")
"""Whose data a purpose reads that needs no sign-in: this conversation's visitor, whoever they are."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Refused:
    """No grant, and why. The visitor may be asked after `not_asked`, `expired` and `changed` alone."""

    reason: Reason
    decision_id: str | None = None


@dataclass(frozen=True)
class Gate:
    """Answers one question: may this visitor's data be read for this purpose, now?"""

    keyring: Keyring
    recorder: Recorder
    consents: Consents

    async def ask(self, database: Database, conversation_id: str, purpose: str, turn_id: str | None) -> Grant | Refused:
        """A grant, when a live consent stands behind it and the decision is on record; else a refusal. Never raises."""
        try:
            return await database.write(self._ask, database, conversation_id, purpose_named(purpose), turn_id)
        except Exception as error:
            # No record, no grant (rule C1). The type alone is logged: an exception's text may hold values.
            log.error("consent:gate:failed", error=type(error).__name__)
            return Refused("failed")

    def _ask(self, database: Database, conversation_id: str, purpose: Purpose, turn_id: str | None) -> Grant | Refused:
        with database.transaction() as session:
            conversation = load(session, ConversationRow, conversation_id)
            subject = subject_of(session, self.keyring, conversation) if purpose.sign_in else NOBODY
            status = status_of(session, conversation, purpose)
            reason = _reason(session, conversation, purpose, subject, status)
            decision_id = self.recorder.record(session, _decision(conversation, purpose, turn_id, status, reason))
            if reason is not None or subject is None or status.event is None:
                return Refused(reason or "failed", decision_id)
            if status.event.scope == Scope.ONCE:
                self.consents.use_up(session, conversation, status.event)
            return _grant(conversation, purpose, subject, status.event, decision_id)


def _reason(
    session: Session, conversation: ConversationRow, purpose: Purpose, subject: Subject | None, status: ConsentStatus
) -> Reason | None:
    """Why there is no grant; None when there is one."""
    if subject is None:
        return "not_signed_in"
    if status.gpc:
        return "gpc"
    if status.allowed:
        return None
    if refused_lately(session, conversation, status, purpose.name):
        return "withdrawn" if status.state == "withdrawn" else "refused"
    # A no of long ago is no reason not to ask, now that the visitor needs it.
    return "not_asked" if status.state in ("refused", "withdrawn") else _REASONS[status.state]


def _grant(
    conversation: ConversationRow, purpose: Purpose, subject: Subject, event: ConsentRow, decision_id: str
) -> Grant:
    return Grant(
        visitor_id=conversation.visitor_id,
        conversation_id=conversation.id,
        customer_id=subject.customer_id,
        purpose=purpose.name,
        categories=frozenset(purpose.categories),
        consent_record_id=event.id,
        decision_id=decision_id,
        expires_at=now() + MOMENT,
        proof=GATE,
    )


def _decision(
    conversation: ConversationRow, purpose: Purpose, turn_id: str | None, status: ConsentStatus, reason: Reason | None
) -> Decision:
    return Decision(
        kind=Kind.GATE,
        conversation_id=conversation.id,
        visitor_id=conversation.visitor_id,
        turn_id=turn_id,
        outcome="allowed" if reason is None else f"refused:{reason}",
        input={"purpose": purpose.name, "consent": status.state, "signed_in": conversation.signed_in},
        result={"allowed": reason is None, "reason": reason, "notice": purpose.notice},
        policy="consent gate",
        rule=f"purpose {purpose.name}/{purpose.version}",
        consent_record_id=status.event.id if status.event is not None else None,
        lawful_basis=purpose.lawful_basis,
        categories=purpose.categories,
        language=conversation.language,
        gpc=conversation.gpc,
    )
