"""Consent events: appended, never changed, told to the visitor. An end erases what was read under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from sqlalchemy.orm import Session

from bot.consent import repository
from bot.consent.states import (
    DEFAULT_SCOPE,
    EXPIRED,
    GIVEN,
    INVALIDATED,
    MAX_VALIDITY,
    PAUSED,
    REFUSED,
    RENEWED,
    REQUESTED,
    STATES,
    WITHDRAWN,
    YES,
    Scope,
    State,
)
from bot.consent.status import ConsentStatus, status_after, status_of, statuses
from bot.consent.subject import subject_id
from bot.core.ids import Json, new_id, now
from bot.db.erased import is_erased
from bot.db.models import ConsentRow, ConversationRow
from bot.db.rows import load
from bot.messaging import Outbox
from bot.policies import purpose_named, purposes

Forget: TypeAlias = Callable[[Session, str, Mapping[str, State]], object]
Evidence: TypeAlias = Mapping[str, Json]
Choice: TypeAlias = Literal["allow", "refuse", "withdraw", "object"]

SLOTS_UNDER_CONSENT: Mapping[str, tuple[str, ...]] = {"order_history": ("order_reference",)}
"""The engine's slots that are filled under a grant, by purpose."""
SCREENS = 20
"""Conversations of one customer that are told of a choice; the newest."""


class Consents:
    """Writes consent events and shows them to the visitor.

    Args:
        outbox: where the visitor's screens are notified.
        forget: clears what was kept in a conversation under purposes, each with its state (`WithdrawalCleanup`).
        days: how long a consent holds that was given until it is taken back.
    """

    def __init__(self, outbox: Outbox, forget: Forget, days: int) -> None:
        self._outbox = outbox
        self._forget = forget
        self._days = timedelta(days=days)

    def ends(self, scope: Scope) -> datetime:
        """Until when a yes of this scope would hold, given now."""
        return now() + MAX_VALIDITY.get(scope, self._days)

    def request(self, session: Session, conversation: ConversationRow, purpose: str, evidence: Evidence) -> str:
        """The visitor is being asked. `evidence`: in which turn, what waits for the answer. Gives the record's id."""
        return self._append(session, conversation, purpose, REQUESTED, evidence)

    def give(
        self,
        session: Session,
        conversation: ConversationRow,
        purpose: str,
        evidence: Evidence,
        scope: Scope = DEFAULT_SCOPE,
    ) -> str:
        """The visitor said yes, by an act of their own; `evidence` says which. Gives the record's id."""
        state = RENEWED if repository.was_given(session, subject_id(session, conversation), purpose) else GIVEN
        return self._append(session, conversation, purpose, state, evidence, scope)

    def refuse(self, session: Session, conversation: ConversationRow, purpose: str, evidence: Evidence) -> str:
        """The visitor said no. Gives the record's id."""
        return self._append(session, conversation, purpose, REFUSED, evidence)

    def withdraw(self, session: Session, conversation: ConversationRow, purpose: str, evidence: Evidence) -> str:
        """The visitor took a yes back: what was read under it is cleared. Gives the record's id."""
        return self._append(session, conversation, purpose, WITHDRAWN, evidence)

    def pause(self, session: Session, conversation: ConversationRow, purpose: str, evidence: Evidence) -> None:
        """The visitor may have taken a yes back: it serves nothing until they have said so, or that it stays."""
        before = status_of(session, conversation, purpose_named(purpose)).event
        self._append(session, conversation, purpose, PAUSED, evidence, keeping=before)

    def resume(self, session: Session, conversation: ConversationRow, purpose: str, evidence: Evidence) -> None:
        """What was paused holds again, as long as it would have. Nothing happens to what is not paused."""
        before = status_of(session, conversation, purpose_named(purpose))
        if before.state == "paused":
            self._append(session, conversation, purpose, RENEWED, evidence, keeping=before.event)

    def choose(
        self,
        session: Session,
        conversation: ConversationRow,
        purpose: str,
        choice: Choice,
        evidence: Evidence,
        scope: Scope = Scope.UNTIL_WITHDRAWN,
    ) -> ConsentStatus:
        """What a switch or button does. Choosing what already holds changes nothing, but for how long it is to hold.

        `object` is a no that is never asked about again.

        Raises:
            BadRequest: there is no such purpose.
        """
        before = status_of(session, conversation, purpose_named(purpose))
        yes = before.allowed or before.state == "paused"
        no = before.state in ("refused", "withdrawn")
        if choice == "allow":
            if not before.allowed or (before.event is not None and before.event.scope != scope):
                self.give(session, conversation, purpose, evidence, scope)
        elif choice == "object" and not before.objected:
            end = self.withdraw if yes else self.refuse
            end(session, conversation, purpose, {**evidence, "objection": True})
        elif choice != "object" and yes:
            self.withdraw(session, conversation, purpose, evidence)
        elif choice == "refuse" and not no:
            self.refuse(session, conversation, purpose, evidence)
        return status_of(session, conversation, purpose_named(purpose))

    def use_up(self, session: Session, conversation: ConversationRow, event: ConsentRow) -> None:
        """A yes for one time has been used: it is over, and what it opens now is forgotten with the next turn."""
        self._append(session, conversation, event.purpose, EXPIRED, {"how": "used"}, after=event)

    def apply_gpc(self, session: Session, conversation: ConversationRow, gpc: bool) -> None:
        """The browser sends Global Privacy Control, or no longer does. What it turns off is taken back, on record."""
        if conversation.gpc == gpc:
            return
        conversation.gpc = gpc
        for name, status in statuses(session, conversation).items():
            if status.gpc and status.state == "given":
                self.withdraw(session, conversation, name, {"how": "gpc"})

    def end_due(self, session: Session) -> int:
        """Put on record what has run out since; gives how many."""
        return self._end(session, EXPIRED, repository.run_out(session, now()))

    def end_changed(self, session: Session) -> int:
        """End every yes whose purpose, method or data is no longer what was agreed to; gives how many."""
        terms = [purpose.terms for purpose in purposes().values()]
        return self._end(session, INVALIDATED, repository.given_to_other_terms(session, terms, now()))

    def merge(self, session: Session, conversation: ConversationRow, keep: bool) -> None:
        """What to do with the choices made here before signing in, said by the visitor. Asked once a conversation."""
        if not conversation.signed_in or conversation.choices is not None:
            return
        kept = mergeable(session, conversation) if keep else {}
        conversation.choices = "kept" if keep else "left"
        for event in kept.values():
            evidence = {"how": "merged", "record_id": event.id}
            scope = Scope(event.scope) if event.scope else DEFAULT_SCOPE
            self.choose(session, conversation, event.purpose, _choice_of(event) or "refuse", evidence, scope)

    def clear_revoked(self, session: Session, conversation: ConversationRow) -> dict[str, None]:
        """At the start of a turn: forget what no consent covers any more (rule C2). Gives the slots to clear."""
        found = statuses(session, conversation)
        out_of_reach = [name for name, purpose in purposes().items() if purpose.sign_in and not conversation.signed_in]
        over = {name: one.state for name, one in found.items() if not one.allowed or name in out_of_reach}
        self._forget(session, conversation.id, over)
        return {slot: None for name in over for slot in SLOTS_UNDER_CONSENT.get(name, ())}

    def slots_without_consent(self) -> dict[str, None]:
        """The slots to clear where nothing is allowed, as `clear_revoked` gives them."""
        return {slot: None for slots in SLOTS_UNDER_CONSENT.values() for slot in slots}

    def _end(self, session: Session, state: str, events: Sequence[ConsentRow]) -> int:
        for event in events:
            conversation = load(session, ConversationRow, event.conversation_id)
            self._append(session, conversation, event.purpose, state, {"how": "ended"}, after=event)
        return len(events)

    def _append(
        self,
        session: Session,
        conversation: ConversationRow,
        purpose: str,
        state: str,
        evidence: Evidence,
        scope: Scope | None = None,
        after: ConsentRow | None = None,
        keeping: ConsentRow | None = None,
    ) -> str:
        """Append an event: a yes for `scope`, what comes `after` an event of the same words, or what keeps its end."""
        subject = after.subject if after is not None else subject_id(session, conversation)
        before, moment, like = repository.latest(session, subject, purpose), now(), keeping or after
        words = after or purposes().get(purpose)
        row = ConsentRow(
            id=new_id("cns"),
            subject=subject,
            visitor_id=conversation.visitor_id,
            conversation_id=conversation.id,
            purpose=purpose,
            state=state,
            scope=like.scope if like is not None else scope,
            # The newest counts, so no event may be older than the one before it, whatever the clock does.
            at=max(moment, before.at + timedelta(microseconds=1)) if before is not None else moment,
            valid_until=keeping.valid_until if keeping is not None else None,
            notice=words.notice if words is not None else "",
            terms=words.terms if words is not None else "",
            language=conversation.language,
            evidence={**evidence, "gpc": conversation.gpc},
        )
        if scope is not None:
            row.valid_until = row.at + MAX_VALIDITY.get(scope, self._days)
        repository.add_event(session, row)
        self._announce(session, conversation, row, used=evidence.get("how") == "used")
        return row.id

    def _announce(self, session: Session, conversation: ConversationRow, row: ConsentRow, used: bool) -> None:
        """Notify the screens; whatever ends a yes also erases what was read under it, wherever it lies."""
        until = row.valid_until.isoformat() if row.valid_until else None
        data = {"purpose": row.purpose, "state": STATES[row.state], "scope": row.scope, "until": until}
        theirs = repository.conversations_of(session, row.subject)
        if row.state not in (*YES, REQUESTED) and not used:
            for one in theirs:
                self._forget(session, one.id, {row.purpose: _come_to(session, one, row)})
        for one in {each.id: each for each in (conversation, *theirs[:SCREENS])}.values():
            if not is_erased(session, one.visitor_id):
                self._outbox.append(session, one, "consent", data)


def mergeable(session: Session, conversation: ConversationRow) -> dict[str, ConsentRow]:
    """The choices made here before signing in that the visitor has not been asked about yet, by purpose."""
    subject = subject_id(session, conversation)
    if conversation.choices is not None or subject == conversation.visitor_id:
        return {}
    here = repository.latest_of_each(session, conversation.visitor_id)
    theirs = repository.latest_of_each(session, subject)
    return {
        name: event
        for name, event in here.items()
        if name in purposes() and _counts(event, conversation) and _choice_of(event) != _choice_of(theirs.get(name))
    }


def _come_to(session: Session, conversation: ConversationRow, row: ConsentRow) -> State:
    """Where the visitor stands after `row` in this conversation, which may follow the choices of another subject."""
    declared = purposes().get(row.purpose)
    return status_of(session, conversation, declared).state if declared else STATES[row.state]


def _counts(event: ConsentRow, conversation: ConversationRow) -> bool:
    """Is this a choice that is still one: a no, or a yes that holds here?"""
    state = status_after(event, conversation, purposes()[event.purpose])
    return state.allowed or state.state in ("refused", "withdrawn")


def _choice_of(event: ConsentRow | None) -> Choice | None:
    if event is None or STATES[event.state] not in ("given", "refused", "withdrawn"):
        return None
    if event.state in YES:
        return "allow"
    return "object" if event.evidence.get("objection") else "refuse"
