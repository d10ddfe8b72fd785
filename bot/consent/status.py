"""Where a visitor stands with each purpose, read from their events: the newest one counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from bot.consent.states import ASK_AGAIN, STATES, YES, Scope, State
from bot.consent.subject import in_whose_name
from bot.core.ids import now
from bot.db.models import ConsentRow, ConversationRow
from bot.policies import Purpose, purposes


@dataclass(frozen=True)
class Standing:
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


def standing(session: Session, conversation: ConversationRow, purpose: Purpose) -> Standing:
    """Where the visitor stands with `purpose` in this conversation."""
    event = latest(session, in_whose_name(session, conversation), purpose.name)
    return standing_after(event, conversation, purpose)


def standings(session: Session, conversation: ConversationRow) -> Mapping[str, Standing]:
    """As `standing`, for every purpose, in one query."""
    newest = newest_of(session, in_whose_name(session, conversation))
    return {name: standing_after(newest.get(name), conversation, purpose) for name, purpose in purposes().items()}


def standing_after(event: ConsentRow | None, conversation: ConversationRow, purpose: Purpose) -> Standing:
    """What the newest event leaves in this conversation."""
    state = _state(event, conversation, purpose)
    chosen_under_gpc = event is not None and state == "given" and bool(event.evidence.get("gpc"))
    return Standing(state, event, conversation.gpc and not purpose.under_gpc and not chosen_under_gpc)


def refused_lately(session: Session, conversation: ConversationRow, standing: Standing, purpose: str) -> bool:
    """Was it refused or taken back less than 30 days ago, or objected to? Then nobody asks (rule C2).

    A no from before signing in counts as well: it was said here.
    """
    events = [standing.event]
    if conversation.signed_in:
        events.append(latest(session, conversation.visitor_id, purpose))
    return any(event is not None and _is_no(event) for event in events)


def latest(session: Session, subject: str, purpose: str) -> ConsentRow | None:
    """The newest event of a subject (visitor or customer, by pseudonym) and purpose."""
    return session.scalar(
        select(ConsentRow)
        .where(ConsentRow.subject == subject, ConsentRow.purpose == purpose)
        .order_by(ConsentRow.at.desc(), ConsentRow.id.desc())
        .limit(1)
    )


def newest_of(session: Session, subject: str) -> dict[str, ConsentRow]:
    """The newest event of each purpose."""
    return {event.purpose: event for event in session.scalars(_NEWEST, {"subject": subject})}


def _newest() -> Select[ConsentRow]:
    place = func.row_number().over(
        partition_by=ConsentRow.purpose, order_by=(ConsentRow.at.desc(), ConsentRow.id.desc())
    )
    ranked = select(ConsentRow, place.label("place")).where(ConsentRow.subject == bindparam("subject")).subquery()
    return select(aliased(ConsentRow, ranked)).where(ranked.c.place == 1)


_NEWEST = _newest()
"""Made once: it is asked with each turn, and making it takes as long as the answer."""


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
