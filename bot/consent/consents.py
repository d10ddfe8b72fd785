"""Consent events: appended, never changed. The newest event of a visitor and purpose is the state in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.consent.purposes import purpose_named, purposes
from bot.messages import Author, Json, new_id, now
from bot.storage.tables import ConsentRow, ConversationRow, MessageRow

State: TypeAlias = Literal["none", "requested", "given", "refused", "withdrawn", "expired"]
Announce: TypeAlias = Callable[[Session, ConversationRow, str, Json], object]
Forget: TypeAlias = Callable[[Session, str, str], object]

REQUESTED, GIVEN, REFUSED, WITHDRAWN = "ConsentRequested", "ConsentGiven", "ConsentRefused", "ConsentWithdrawn"
"""DPV's words for the states, as they stand in the table."""
_STATES: Mapping[str, State] = {
    REQUESTED: "requested",
    GIVEN: "given",
    REFUSED: "refused",
    WITHDRAWN: "withdrawn",
}
SLOTS_UNDER_CONSENT: Mapping[str, tuple[str, ...]] = {"order_history": ("order_reference",)}
"""The engine's slots that are filled under a grant, by purpose."""


class Consents:
    """Writes consent events and shows them to the visitor.

    Args:
        announce: appends an event to the conversation's outbox (`Outbox.append`).
        forget: erases what was kept under a purpose in a conversation (`Vault.forget`).
        days: how long a consent holds.
    """

    def __init__(self, announce: Announce, forget: Forget, days: int) -> None:
        self._announce = announce
        self._forget = forget
        self._valid = timedelta(days=days)

    def request(
        self, session: Session, conversation: ConversationRow, purpose: str, evidence: Mapping[str, Json]
    ) -> str:
        """The visitor is being asked. `evidence`: in which turn, what waits for the answer. Gives the record's id."""
        return self._append(session, conversation, purpose, REQUESTED, evidence)

    def give(self, session: Session, conversation: ConversationRow, purpose: str, evidence: Mapping[str, Json]) -> str:
        """The visitor said yes, by an act of their own; `evidence` says which. Gives the record's id."""
        return self._append(session, conversation, purpose, GIVEN, evidence)

    def refuse(
        self, session: Session, conversation: ConversationRow, purpose: str, evidence: Mapping[str, Json]
    ) -> str:
        """The visitor said no. Gives the record's id."""
        return self._append(session, conversation, purpose, REFUSED, evidence)

    def withdraw(
        self, session: Session, conversation: ConversationRow, purpose: str, evidence: Mapping[str, Json]
    ) -> str:
        """The visitor took a yes back: what was read under it is erased from the vault. Gives the record's id."""
        self._forget(session, conversation.id, purpose)
        return self._append(session, conversation, purpose, WITHDRAWN, evidence)

    def choose(
        self, session: Session, conversation: ConversationRow, purpose: str, choice: str, evidence: Mapping[str, Json]
    ) -> State:
        """What a switch or button does: `allow`, `refuse` or `withdraw`. Choosing what already holds changes nothing.

        Raises:
            BadRequest: there is no such purpose.
        """
        state = state_of(session, conversation.visitor_id, purpose_named(purpose).name)
        if choice == "allow" and state != "given":
            self.give(session, conversation, purpose, evidence)
        elif choice != "allow" and state == "given":
            self.withdraw(session, conversation, purpose, evidence)
        elif choice == "refuse" and state not in ("refused", "withdrawn"):
            self.refuse(session, conversation, purpose, evidence)
        return state_of(session, conversation.visitor_id, purpose)

    def _append(
        self, session: Session, conversation: ConversationRow, purpose: str, state: str, evidence: Mapping[str, Json]
    ) -> str:
        moment = now()
        row = ConsentRow(
            id=new_id("con"),
            visitor_id=conversation.visitor_id,
            conversation_id=conversation.id,
            purpose=purpose,
            state=state,
            at=moment,
            valid_until=moment + self._valid if state == GIVEN else None,
            notice=purpose_named(purpose).notice,
            language=conversation.language,
            evidence={**evidence, "gpc": conversation.gpc},
        )
        session.add(row)
        session.flush()
        self._announce(session, conversation, "consent", {"purpose": purpose, "state": _STATES[state]})
        return row.id


def latest(session: Session, visitor_id: str, purpose: str) -> ConsentRow | None:
    """The newest event of a visitor and purpose."""
    return session.scalar(
        select(ConsentRow)
        .where(ConsentRow.visitor_id == visitor_id, ConsentRow.purpose == purpose)
        .order_by(ConsentRow.at.desc(), ConsentRow.id.desc())
        .limit(1)
    )


def state_of(session: Session, visitor_id: str, purpose: str) -> State:
    """The state in force: `none requested given refused withdrawn expired`."""
    return state_after(latest(session, visitor_id, purpose))


def state_after(row: ConsentRow | None) -> State:
    """The state that the newest event leaves. A yes to an older notice no longer holds."""
    if row is None:
        return "none"
    if row.state == GIVEN and (row.valid_until is None or row.valid_until <= now() or not _current(row)):
        return "expired"
    return _STATES[row.state]


@dataclass(frozen=True)
class Asked:
    """The visitor was asked for consent in this conversation.

    `just_now` says that nothing has been said here since but the question: only then does a bare "yes" answer it.
    """

    resume: str | None
    reference: str | None
    just_now: bool


def asked(session: Session, conversation: ConversationRow, purpose: str) -> Asked | None:
    """The newest asking for `purpose` in this conversation."""
    row = session.scalar(
        select(ConsentRow)
        .where(
            ConsentRow.conversation_id == conversation.id,
            ConsentRow.visitor_id == conversation.visitor_id,
            ConsentRow.purpose == purpose,
            ConsentRow.state == REQUESTED,
        )
        .order_by(ConsentRow.at.desc(), ConsentRow.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    unanswered = state_of(session, conversation.visitor_id, purpose) == "requested"
    evidence = row.evidence
    return Asked(evidence.get("resume_action"), evidence.get("reference"), unanswered and _said_last(session, row))


def _said_last(session: Session, request: ConsentRow) -> bool:
    """Is the newest message that is not the visitor's the one of the turn that asked?"""
    last = session.scalar(
        select(MessageRow)
        .where(MessageRow.conversation_id == request.conversation_id, MessageRow.author != Author.VISITOR)
        .order_by(MessageRow.created_at.desc(), MessageRow.id.desc())
        .limit(1)
    )
    turn = request.evidence.get("turn_id")
    return last is not None and turn is not None and last.reply_to == turn


def states(session: Session, conversation: ConversationRow, language: str) -> list[dict[str, str]]:
    """Every purpose as the visitor's API lists it: `{purpose, title, why, state}`."""
    return [
        {
            "purpose": purpose.name,
            "title": purpose.title(language),
            "why": purpose.why(language),
            "state": state_of(session, conversation.visitor_id, purpose.name),
        }
        for purpose in purposes().values()
    ]


def slots_to_clear(session: Session, conversation: ConversationRow) -> dict[str, None]:
    """The slots filled under a consent that holds no more. Sent with every turn: the very next one obeys (rule C2)."""
    return {
        slot: None
        for purpose, slots in SLOTS_UNDER_CONSENT.items()
        if not conversation.signed_in or state_of(session, conversation.visitor_id, purpose) != "given"
        for slot in slots
    }


def _current(row: ConsentRow) -> bool:
    return row.notice == purpose_named(row.purpose).notice
