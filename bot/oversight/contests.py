"""A visitor asks a human to check a reply; a reviewer decides with words; the visitor is told. All is on record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.core.errors import BadRequest, Conflict, NotFound
from bot.core.i18n import copy
from bot.core.ids import Json, new_id, now
from bot.core.messages import Author, RawMessage
from bot.core.settings import Settings
from bot.db import Keyring
from bot.db.encryption_context import Part, contest_part
from bot.db.keyring import KeyDestroyed
from bot.db.models import ContestRow, ConversationRow, DecisionRow, MessageRow, StaffRow, VisitorKeyRow
from bot.decisions.models import BY_A_PERSON, Decision, Kind
from bot.masking import Vault, mask
from bot.messaging import Message, Outbox
from bot.staff import Staff

OPEN, UPHELD, OVERTURNED = "open", "upheld", "overturned"
"""Upheld: the reply stands. Overturned: the reply was wrong."""
QUOTED = 160
"""Characters of the contested reply that are repeated to the visitor."""


class Contests:
    """Opens, shows and decides contests.

    Args:
        record: writes a record, `Recorder.record`.
    """

    def __init__(
        self,
        settings: Settings,
        outbox: Outbox,
        record: Callable[[Session, Decision], str],
        keyring: Keyring,
        vault: Vault,
    ) -> None:
        self._settings = settings
        self._outbox = outbox
        self._record = record
        self._keyring = keyring
        self._vault = vault

    def open(
        self,
        session: Session,
        conversation: ConversationRow,
        message_id: str,
        reason: str | None = None,
        contact: str | None = None,
    ) -> tuple[ContestRow, bool]:
        """The visitor contests a reply. Gives the contest, and whether it is a new one: twice is harmless.

        Args:
            reason: why, in the visitor's words; sealed.
            contact: where to write to as well, an address that has been checked; sealed.

        Raises:
            NotFound: there is no such message in this conversation.
            BadRequest: the assistant did not write it.
        """
        message = session.get(MessageRow, message_id)
        if message is None or message.conversation_id != conversation.id:
            raise NotFound("There is no such message in this conversation.")
        if message.author != Author.ASSISTANT:
            raise BadRequest("Only a reply of the AI assistant can be checked.", code="not_a_reply")
        # Of two that press at once, the second waits here and finds the first one's contest.
        session.get_one(ConversationRow, conversation.id, with_for_update=True)
        known = of_message(session, message_id)
        if known is not None:
            return known, False
        row = ContestRow(
            id=new_id("cts"),
            conversation_id=conversation.id,
            message_id=message_id,
            decision_id=_answer_of(session, message),
            state=OPEN,
            language=conversation.language,
            at=now(),
        )
        row.reason_sealed = self._seal(session, conversation, row, "reason", reason)
        row.contact_sealed = self._seal(session, conversation, row, "contact", contact)
        session.add(row)
        session.flush()
        given = {"text": self._masked(session, conversation, row, reason), "contact_left": contact is not None}
        self._tell(session, conversation, row, message, "contested", given, {})
        return row, True

    def decide(
        self, session: Session, staff: Staff, contest_id: str, state: str, words: str, written: bool
    ) -> ContestRow:
        """A reviewer decides; the visitor is told in the chat, with the reviewer's words.

        Args:
            state: `upheld` or `overturned`.
            written: the reviewer says that they wrote to the address that was left, too.

        Raises:
            NotFound: there is no such contest.
            Conflict: `already_decided`.
            KeyDestroyed: the visitor was erased meanwhile: there is nobody to tell.
        """
        row = self.find(session, contest_id)
        conversation = session.get_one(ConversationRow, row.conversation_id, with_for_update=True)
        message = session.get_one(MessageRow, row.message_id)
        sealed = self._seal(session, conversation, row, "answer", words)
        if not _take(session, row, state, staff, sealed):
            raise Conflict("Somebody has decided this contest already.", code="already_decided")
        told = self._tell_visitor(session, conversation, row, message, staff, words)
        result = {
            "state": state,
            "words": words,
            "written": written,
            "staff": {"id": staff.id, "login": staff.login, "name": staff.name},
            "message_ids": [told.id],
        }
        self._tell(session, conversation, row, message, f"contest:{state}", {}, result)
        return row

    def find(self, session: Session, contest_id: str) -> ContestRow:
        """One contest.

        Raises:
            NotFound: there is no such contest.
        """
        row = session.get(ContestRow, contest_id)
        if row is None:
            raise NotFound("There is no such contest.")
        return row

    def listed(self, session: Session, row: ContestRow) -> dict[str, Json]:
        """A contest without what the visitor, the assistant and the reviewer wrote: those are read by opening it."""
        reviewer = session.get(StaffRow, row.reviewer_id) if row.reviewer_id else None
        return {
            "id": row.id,
            "decision_id": row.decision_id,
            "conversation_id": row.conversation_id,
            "message_id": row.message_id,
            "state": row.state,
            "language": row.language,
            "at": row.at.isoformat(),
            "reason": None,
            "contact": None,
            "reply": None,
            "decided_at": row.decided_at.isoformat() if row.decided_at else None,
            "reviewer": reviewer.name if reviewer else None,
            "words": None,
        }

    def whole(self, session: Session, row: ContestRow) -> dict[str, Json]:
        """A contest with everything in it; what was erased is null."""
        conversation = session.get_one(ConversationRow, row.conversation_id)
        try:
            return {
                **self.listed(session, row),
                "reason": self._open(session, conversation, row, "reason", row.reason_sealed),
                "contact": self._open(session, conversation, row, "contact", row.contact_sealed),
                "reply": self._reply(session, conversation, session.get_one(MessageRow, row.message_id)),
                "words": self._open(session, conversation, row, "answer", row.answer_sealed),
            }
        except KeyDestroyed:
            return self.listed(session, row)

    def _tell_visitor(
        self,
        session: Session,
        conversation: ConversationRow,
        row: ContestRow,
        message: MessageRow,
        staff: Staff,
        words: str,
    ) -> Message:
        reply = _shortened(self._reply(session, conversation, message))
        company = self._settings.company
        text = copy(f"oversight.{row.state}", row.language, name=staff.name, company=company, reply=reply, words=words)
        return self._outbox.say(session, conversation, Author.SYSTEM, text)

    def _tell(
        self,
        session: Session,
        conversation: ConversationRow,
        row: ContestRow,
        message: MessageRow,
        outcome: str,
        given: dict[str, Json],
        result: dict[str, Json],
    ) -> None:
        """Record the step, then show the contest's state on every screen of the conversation."""
        about = {"contest_id": row.id, "message_id": row.message_id, "decision_id": row.decision_id}
        decision = Decision(
            kind=Kind.CONTEST,
            conversation_id=conversation.id,
            visitor_id=conversation.visitor_id,
            turn_id=message.reply_to,
            outcome=outcome,
            input={**about, **{key: value for key, value in given.items() if value is not None}},
            result=result,
            rule="contest",
            human_involvement=BY_A_PERSON,
            automation_level=BY_A_PERSON,
            language=row.language,
            gpc=conversation.gpc,
        )
        self._record(session, decision)
        self._outbox.append(session, conversation, "contest", state_of(row))

    def _masked(
        self, session: Session, conversation: ConversationRow, row: ContestRow, reason: str | None
    ) -> str | None:
        if reason is None:
            return None
        raw = RawMessage(row.id, conversation.id, conversation.visitor_id, reason, conversation.language)
        return mask(session, self._vault, raw).text

    def _reply(self, session: Session, conversation: ConversationRow, message: MessageRow) -> str:
        return str(self._outbox.body(session, conversation.visitor_id, message)["text"])

    def _seal(
        self, session: Session, conversation: ConversationRow, row: ContestRow, part: Part, text: str | None
    ) -> bytes | None:
        if text is None:
            return None
        return self._keyring.seal(session, conversation.visitor_id, contest_part(row.id, part), text)

    def _open(
        self, session: Session, conversation: ConversationRow, row: ContestRow, part: Part, sealed: bytes | None
    ) -> str | None:
        if sealed is None:
            return None
        return str(self._keyring.open(session, conversation.visitor_id, contest_part(row.id, part), sealed))


def of_message(session: Session, message_id: str) -> ContestRow | None:
    """The contest of a reply."""
    return session.scalar(select(ContestRow).where(ContestRow.message_id == message_id))


def of_decision(session: Session, decision_id: str) -> ContestRow | None:
    """The newest contest of an answer's record."""
    query = select(ContestRow).where(ContestRow.decision_id == decision_id).order_by(ContestRow.at.desc()).limit(1)
    return session.scalar(query)


def in_state(session: Session, state: str | None, limit: int = 200) -> Sequence[ContestRow]:
    """The contests in a state, or all, longest waiting first; without those of visitors who were erased."""
    erased = (
        select(VisitorKeyRow.visitor_id)
        .join(ConversationRow, ConversationRow.visitor_id == VisitorKeyRow.visitor_id)
        .where(ConversationRow.id == ContestRow.conversation_id, VisitorKeyRow.destroyed_at.is_not(None))
    )
    query = select(ContestRow).where(~erased.exists())
    if state is not None:
        query = query.where(ContestRow.state == state)
    return session.scalars(query.order_by(ContestRow.state != OPEN, ContestRow.at, ContestRow.id).limit(limit)).all()


def states(session: Session, conversation_id: str) -> list[dict[str, str]]:
    """What the visitor's screen shows of a conversation's contests: `[{message_id, state}]`."""
    rows = session.scalars(select(ContestRow).where(ContestRow.conversation_id == conversation_id))
    return [state_of(row) for row in rows]


def state_of(row: ContestRow) -> dict[str, str]:
    """`{message_id, state}`."""
    return {"message_id": row.message_id, "state": row.state}


def _answer_of(session: Session, message: MessageRow) -> str | None:
    """The record of the answer that this message is part of: the last one before it, for one turn may have several."""
    if message.reply_to is None:
        return None
    return session.scalar(
        select(DecisionRow.id)
        .where(
            DecisionRow.turn_id == message.reply_to,
            DecisionRow.conversation_id == message.conversation_id,
            DecisionRow.kind == Kind.ANSWER,
            DecisionRow.at <= message.created_at,
        )
        .order_by(DecisionRow.at.desc(), DecisionRow.id.desc())
        .limit(1)
    )


def _take(session: Session, row: ContestRow, state: str, staff: Staff, answer: bytes | None) -> bool:
    """Of two reviewers who decide at once the database lets one through."""
    taken = session.execute(
        update(ContestRow)
        .where(ContestRow.id == row.id, ContestRow.state == OPEN)
        .values(state=state, decided_at=now(), reviewer_id=staff.id, answer_sealed=answer)
        .returning(ContestRow.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    session.refresh(row)
    return taken is not None


def _shortened(text: str) -> str:
    """The text as it is quoted: one line, cut at a length, between two words where the language has spaces."""
    line = " ".join(text.split())
    if len(line) <= QUOTED:
        return line
    cut = line[: QUOTED - 1]
    whole = cut.rpartition(" ")[0]
    return (whole if len(whole) > QUOTED // 2 else cut) + "…"
