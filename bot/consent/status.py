"""The status of a visitor's consent to each purpose, read from their events: the newest one counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.consent.repository import latest, latest_of_each
from bot.consent.states import ASK_AGAIN, STATES, YES, Scope, State
from bot.consent.subject import subject_id
from bot.core.ids import now
from bot.db.models import ConsentRow, ConversationRow
from bot.policies import Purpose, purposes


@dataclass(frozen=True)
class ConsentStatus:
    """The state in force for one purpose in one conversation, and the event it comes from.

    `gpc`: Global Privacy Control keeps it off, whatever was chosen before.
    """

    state: State
    event: ConsentRow | None
    gpc: bool = False

    @property
    def allowed(self) -> bool:
        """May personal data be read for it?"""
        return self.state == "given" and not self.gpc

    @property
    def objected(self) -> bool:
        """Did the visitor object, so that they are not asked again?"""
        return self.state in ("refused", "withdrawn") and bool(self.event and self.event.evidence.get("objection"))


def status_of(session: Session, conversation: ConversationRow, purpose: Purpose) -> ConsentStatus:
    """The status of the consent to `purpose` in this conversation."""
    event = latest(session, subject_id(session, conversation), purpose.name)
    return status_after(event, conversation, purpose)


def statuses(session: Session, conversation: ConversationRow) -> Mapping[str, ConsentStatus]:
    """As `status_of`, for every purpose, in one query."""
    newest = latest_of_each(session, subject_id(session, conversation))
    return {name: status_after(newest.get(name), conversation, purpose) for name, purpose in purposes().items()}


def status_after(event: ConsentRow | None, conversation: ConversationRow, purpose: Purpose) -> ConsentStatus:
    """What the newest event leaves in this conversation."""
    state = _state(event, conversation, purpose)
    chosen_under_gpc = event is not None and state == "given" and bool(event.evidence.get("gpc"))
    return ConsentStatus(state, event, conversation.gpc and not purpose.under_gpc and not chosen_under_gpc)


def refused_lately(session: Session, conversation: ConversationRow, status: ConsentStatus, purpose: str) -> bool:
    """Was it refused or taken back less than 30 days ago, or objected to? Then nobody asks (rule C2).

    A no from before signing in counts as well: it was said here.
    """
    events = [status.event]
    if conversation.signed_in:
        events.append(latest(session, conversation.visitor_id, purpose))
    return any(event is not None and _is_no(event) for event in events)


def _state(event: ConsentRow | None, conversation: ConversationRow, purpose: Purpose) -> State:
    if event is None:
        return "none"
    if event.state not in YES:
        return STATES[event.state]
    if event.terms != purpose.terms:
        return "invalidated"
    elsewhere = event.scope != Scope.UNTIL_WITHDRAWN and event.conversation_id != conversation.id
    over = event.valid_until is None or event.valid_until <= now()
    return "expired" if elsewhere or over else "given"


def _is_no(event: ConsentRow) -> bool:
    if STATES[event.state] not in ("refused", "withdrawn"):
        return False
    return bool(event.evidence.get("objection")) or event.at > now() - ASK_AGAIN
