"""Handing a conversation to a human and back. Every step is recorded and announced in the same transaction.

While somebody waits the assistant still answers; only a claim makes a human the owner and the assistant silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy.orm import Session

from bot.core.errors import BadRequest, Conflict, NotFound
from bot.core.i18n import copy
from bot.core.ids import Json, new_id, now
from bot.core.messages import Author, Owner
from bot.db import Keyring, touch
from bot.db.encryption_context import handoff_contact
from bot.db.locks import lock_conversation
from bot.db.models import ConversationRow, HandoffRow
from bot.db.rows import add, load
from bot.db.stopped import active, wholly
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import A_PERSON_ASKED_FOR, BY_A_PERSON, Decision
from bot.handoff import repository
from bot.handoff.contact import certain_address, readable_address
from bot.handoff.states import OPEN, State
from bot.messaging import Outbox
from bot.messaging.pubsub import QUEUE, conversation_topic
from bot.staff import Staff

ASSISTANT_ANSWERS = frozenset({"queued", "withdrawn", "returned", "closed"})
"""Announcements that say the assistant goes on answering; each has a wording for when it is stopped."""


@dataclass(frozen=True)
class _Step:
    """What changes a handoff: in which transaction, and by which of the visitor's messages, if it was one."""

    session: Session
    conversation: ConversationRow
    row: HandoffRow
    turn_id: str | None = None


class Handoffs:
    """The one way into, through and out of a handoff.

    Args:
        wait_seconds: how long a visitor waits before being told that nobody came.
    """

    def __init__(self, outbox: Outbox, recorder: Recorder, keyring: Keyring, wait_seconds: float) -> None:
        self._outbox = outbox
        self._recorder = recorder
        self._keyring = keyring
        self._wait = timedelta(seconds=wait_seconds)

    def request(
        self, session: Session, conversation: ConversationRow, trigger: str, reason: str, turn_id: str | None = None
    ) -> HandoffRow:
        """Put the conversation into the queue; the handoff that is open already, if there is one.

        Args:
            trigger: `button`, `text` or `assistant`.
            reason: one short sentence for the agent, without the visitor's words or data: it is not encrypted.
            turn_id: the visitor's message that asked, when it was a message.
        """
        present = repository.lock_newest(session, conversation.id)
        if present is not None and present.state in OPEN:
            return present
        moment = now()
        row = HandoffRow(
            id=new_id("hnd"),
            conversation_id=conversation.id,
            state=State.QUEUED.value,
            trigger=trigger,
            reason=reason[:160],
            language=conversation.language,
            requested_at=moment,
            queued_at=moment,
            expires_at=moment + self._wait,
        )
        add(session, row)
        step = _Step(session, conversation, row, turn_id)
        self._record(step, "queued", minutes=_minutes(self._wait, conversation.language))
        return row

    def claim(self, session: Session, handoff_id: str, staff: Staff) -> HandoffRow:
        """`staff` takes the conversation: a human owns it from here on. Taking it twice is harmless.

        Raises:
            NotFound: there is no such handoff.
            Conflict: `already_claimed`, somebody was first; `handoff_over`, the visitor waits no longer.
        """
        step = _locked(session, handoff_id)
        row = step.row
        if row.state == State.ACCEPTED and row.agent_id == staff.id:
            return row
        taken = {"agent_id": staff.id, "agent_name": staff.name, "accepted_at": now()}
        if not repository.move(session, row, State.QUEUED, State.ACCEPTED, **taken):
            raise _not_waiting(row)
        self._give_to(step, Owner.HUMAN, staff.name)
        self._record(step, "accepted", name=staff.name)
        self._move_up(session, row)
        return row

    def give_back(self, session: Session, handoff_id: str, staff: Staff) -> HandoffRow:
        """`staff` hands the conversation back to the assistant.

        Raises:
            NotFound: there is no such handoff.
            Conflict: `not_yours` or `not_accepted`.
        """
        return self._end(_locked(session, handoff_id), staff, State.RETURNED)

    def close(self, session: Session, handoff_id: str, staff: Staff) -> HandoffRow:
        """`staff` ends the talk, or takes a request that nobody came for off the desk's list.

        Raises:
            NotFound: there is no such handoff.
            Conflict: `not_yours` or `not_accepted`.
        """
        step = _locked(session, handoff_id)
        row, followed_up = step.row, {"agent_id": staff.id, "agent_name": staff.name}
        if row.state == State.EXPIRED and repository.move(session, row, State.EXPIRED, State.CLOSED, **followed_up):
            self._record(step, None)
            return row
        return self._end(step, staff, State.CLOSED)

    def withdraw(self, session: Session, conversation: ConversationRow) -> HandoffRow:
        """The visitor no longer wants to wait. An address left meanwhile is forgotten. Twice is harmless.

        Raises:
            Conflict: `person_is_here` after somebody came; `not_waiting` when nobody was asked for.
        """
        row, language = repository.lock_newest(session, conversation.id), conversation.language
        if row is None or row.state not in (*OPEN, State.WITHDRAWN):
            raise Conflict(copy("handoff.not_waiting", language), code="not_waiting")
        if row.state == State.ACCEPTED:
            sentence = copy("handoff.person_is_here", language, name=row.agent_name)
            raise Conflict(sentence, code="person_is_here")
        if row.state == State.QUEUED:
            repository.move(session, row, State.QUEUED, State.WITHDRAWN, contact_sealed=None)
            self._record(_Step(session, conversation, row), "withdrawn")
            repository.end(session, row)
            self._move_up(session, row)
        return row

    def expire_due(self, session: Session, moment: datetime) -> int:
        """Tell every visitor whose wait is over at `moment` that nobody came; how many there were."""
        expired = [row for row in repository.overdue(session, moment) if self._expire(session, row)]
        if expired:
            self._move_up(session, expired[0])
        return len(expired)

    def end_for_erasure(self, session: Session, conversation: ConversationRow) -> bool:
        """The visitor is being erased: what waits, runs or was missed ends, on record. Nobody is left to be told.

        Gives whether there was anything.
        """
        row = repository.lock_newest(session, conversation.id)
        if row is None or row.state not in (*OPEN, State.EXPIRED):
            return False
        start = State(row.state)
        end = State.WITHDRAWN if start is State.QUEUED else State.CLOSED
        repository.move(session, row, start, end, contact_sealed=None)
        conversation.owner, conversation.human_name = Owner.ASSISTANT.value, None
        self._recorder.record(session, _decision(_Step(session, conversation, row)))
        repository.end(session, row)
        touch(session, QUEUE)
        if start is State.QUEUED:
            self._move_up(session, row)
        return True

    def leave_contact(
        self,
        session: Session,
        conversation: ConversationRow,
        address: str,
        *,
        turn_id: str | None = None,
        purpose: str | None = None,
    ) -> None:
        """Keep an e-mail address or phone number, sealed, for the desk; the visitor is told.

        Args:
            turn_id: the visitor's message that asked for it, when it was a message.
            purpose: whose consent it was read under; None when the visitor gave the address themselves.

        Raises:
            BadRequest: it is neither.
            Conflict: nobody was asked for, or somebody came.
        """
        row, language = repository.lock_newest(session, conversation.id), conversation.language
        if row is None or row.state not in (State.QUEUED, State.EXPIRED):
            raise Conflict(copy("handoff.no_contact_wanted", language), code="no_contact_wanted")
        readable = readable_address(address, language)
        if readable is None:
            raise BadRequest(copy("handoff.contact_not_understood", language), code="contact_not_understood")
        self._keep_contact(_Step(session, conversation, row, turn_id), readable, purpose)

    def forget_contacts(self, session: Session, conversation_id: str, purposes: Sequence[str]) -> None:
        """Erase the addresses that were read under `purposes`, which the visitor took back. Those they gave stay."""
        if not purposes or not repository.purposes_of_contacts(session, conversation_id).intersection(purposes):
            return
        lock_conversation(session, conversation_id)
        repository.clear_contacts(session, conversation_id, purposes)
        newest = repository.newest(session, conversation_id)
        if newest is not None:
            self._announce(_Step(session, load(session, ConversationRow, conversation_id), newest), None)

    def take_contact(
        self, session: Session, conversation: ConversationRow, text: str, turn_id: str | None = None
    ) -> bool:
        """After nobody came: whether `text` is nothing but an address, which is then kept as by `leave_contact`.

        A number counts only when its country is clear, because a bare number may be that of an order.
        """
        row = repository.newest(session, conversation.id)
        if row is None or row.state != State.EXPIRED or row.contact_sealed is not None:
            return False
        address = certain_address(text, conversation.language)
        if address is None:
            return False
        self._keep_contact(_Step(session, conversation, row, turn_id), address)
        return True

    def contact(self, session: Session, row: HandoffRow) -> str | None:
        if row.contact_sealed is None:
            return None
        conversation = load(session, ConversationRow, row.conversation_id)
        return str(self._keyring.open(session, conversation.visitor_id, handoff_contact(row.id), row.contact_sealed))

    def current(self, session: Session, conversation: ConversationRow) -> HandoffRow | None:
        return repository.newest(session, conversation.id)

    def as_event(self, session: Session, row: HandoffRow) -> dict[str, Json]:
        """The visitor's view: the API's `handoff`."""
        return _as_event(row, repository.position(session, row))

    def _end(self, step: _Step, staff: Staff, end: State) -> HandoffRow:
        row = step.row
        if row.state != State.ACCEPTED:
            raise Conflict("Nobody has taken this conversation, or it has ended.", code="not_accepted")
        if row.agent_id != staff.id:
            raise Conflict(f"{row.agent_name} has this conversation.", code="not_yours")
        repository.move(step.session, row, State.ACCEPTED, end)
        self._give_to(step, Owner.ASSISTANT, None)
        self._record(step, end.value, name=staff.name)
        repository.end(step.session, row)
        return row

    def _expire(self, session: Session, row: HandoffRow) -> bool:
        conversation = lock_conversation(session, row.conversation_id)
        if conversation is None or not repository.move(session, row, State.QUEUED, State.EXPIRED):
            return False
        key = "expired" if row.contact_sealed is None else "expired_contact_left"
        self._record(_Step(session, conversation, row), key)
        repository.end(session, row)
        return True

    def _keep_contact(self, step: _Step, address: str, purpose: str | None = None) -> None:
        about = handoff_contact(step.row.id)
        sealed = self._keyring.seal(step.session, step.conversation.visitor_id, about, address)
        repository.keep_contact(step.session, step.row, sealed, purpose)
        self._announce(step, copy("handoff.contact_left", step.conversation.language, address=address))

    def _move_up(self, session: Session, gone: HandoffRow) -> None:
        """Those behind `gone` have another place now. It follows from the queue, so it is shown and not stored."""
        first = repository.ahead(session, gone) + 1
        for place, row in enumerate(repository.behind(session, gone), first):
            touch(session, conversation_topic(row.conversation_id), ("handoff", _as_event(row, place)))

    def _give_to(self, step: _Step, owner: Owner, human_name: str | None) -> None:
        step.conversation.owner, step.conversation.human_name = owner.value, human_name
        speaker = {"owner": owner.value, "human_name": human_name}
        self._outbox.append(step.session, step.conversation, "speaker", speaker)

    def _record(self, step: _Step, key: str | None, **values: object) -> None:
        """Record the state the handoff has come to, then announce it."""
        self._recorder.record(step.session, _decision(step))
        if key in ASSISTANT_ANSWERS and wholly(active(step.session)):
            key = f"{key}_while_off"
        self._announce(step, None if key is None else copy(f"handoff.{key}", step.conversation.language, **values))

    def _announce(self, step: _Step, text: str | None) -> None:
        self._outbox.append(step.session, step.conversation, "handoff", self.as_event(step.session, step.row))
        if text is not None:
            self._outbox.say(step.session, step.conversation, Author.SYSTEM, text, reply_to=step.turn_id)
        touch(step.session, QUEUE)


def _as_event(row: HandoffRow, position: int | None) -> dict[str, Json]:
    return {
        "id": row.id,
        "state": str(row.state),
        "position": position,
        "queued_at": row.queued_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "agent_name": row.agent_name,
        "contact_left": row.contact_sealed is not None,
    }


def _locked(session: Session, handoff_id: str) -> _Step:
    found = repository.lock(session, handoff_id)
    if found is None:
        raise NotFound("There is no such request for a person.")
    row, conversation = found
    return _Step(session, conversation, row)


def _decision(step: _Step) -> Decision:
    row, conversation = step.row, step.conversation
    by_agent = row.state in (State.ACCEPTED, State.RETURNED, State.CLOSED)
    return Decision(
        kind=Kind.HANDOFF,
        conversation_id=conversation.id,
        visitor_id=conversation.visitor_id,
        turn_id=step.turn_id,
        outcome=f"handoff:{row.state}",
        input={"handoff_id": row.id, "trigger": row.trigger, "reason": row.reason},
        result={"state": str(row.state), "agent": row.agent_name, "expires_at": row.expires_at.isoformat()},
        rule="handoff",
        human_involvement=BY_A_PERSON if by_agent else A_PERSON_ASKED_FOR,
        language=conversation.language,
        gpc=conversation.gpc,
    )


def _not_waiting(row: HandoffRow) -> Conflict:
    if row.state == State.ACCEPTED:
        return Conflict(f"{row.agent_name} took this conversation first.", code="already_claimed")
    return Conflict("The visitor is no longer waiting for a person.", code="handoff_over")


def _minutes(wait: timedelta, language: str) -> str:
    count = max(1, ceil(wait.total_seconds() / 60))
    return copy("handoff.minute" if count == 1 else "handoff.minutes", language, count=count)
