"""A visitor asks a human to check a reply; a reviewer decides with words; the visitor is notified. All is on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.core.errors import BadRequest, Conflict, NotFound
from bot.core.i18n import copy
from bot.core.ids import Json, new_id, now
from bot.core.messages import Author, RawMessage
from bot.core.settings import Settings
from bot.db import Keyring
from bot.db.encryption_context import Part, contest_part
from bot.db.keyring import KeyDestroyed
from bot.db.locks import lock_conversation
from bot.db.models import ContestRow, ConversationRow, MessageRow
from bot.db.rows import add, find, find_or_refuse, load
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.masking import PlaceholderStore, mask
from bot.messaging import Outbox
from bot.oversight.repository import contests as repository
from bot.oversight.repository.contests import OPEN
from bot.staff import Staff
from bot.staff.repository import names

NO_CONTEST = "There is no such contest."
QUOTED = 160
"""Characters of the contested reply that are repeated to the visitor."""


@dataclass(frozen=True)
class Contest:
    """A contest with its texts in clear; those that were not read, not written or erased are None."""

    row: ContestRow
    reviewer: str | None = None
    reason: str | None = None
    contact: str | None = None
    reply: str | None = None
    words: str | None = None


@dataclass(frozen=True)
class _Case:
    """A contest with the reply that it is about, and where that was said."""

    row: ContestRow
    message: MessageRow
    conversation: ConversationRow


class Contests:
    """Opens, shows and decides contests."""

    def __init__(
        self,
        settings: Settings,
        outbox: Outbox,
        recorder: Recorder,
        keyring: Keyring,
        placeholders: PlaceholderStore,
    ) -> None:
        self._settings = settings
        self._outbox = outbox
        self._recorder = recorder
        self._keyring = keyring
        self._placeholder_store = placeholders

    def open(
        self,
        session: Session,
        conversation: ConversationRow,
        message_id: str,
        reason: str | None = None,
        contact: str | None = None,
    ) -> tuple[ContestRow, bool]:
        """The visitor contests a reply. Gives the contest, and whether it is a new one: repeating it is harmless.

        Args:
            reason: why, in the visitor's words; sealed.
            contact: where to write to as well, an address that has been checked; sealed.

        Raises:
            NotFound: there is no such message in this conversation.
            BadRequest: the assistant did not write it.
        """
        message = find(session, MessageRow, message_id)
        if message is None or message.conversation_id != conversation.id:
            raise NotFound("There is no such message in this conversation.")
        if message.author != Author.ASSISTANT:
            raise BadRequest("Only a reply of the AI assistant can be checked.", code="not_a_reply")
        # Of two requests at once the second waits here, and finds the contest of the first.
        lock_conversation(session, conversation.id)
        known = repository.of_message(session, message_id)
        if known is not None:
            return known, False
        row = ContestRow(
            id=new_id("cts"),
            conversation_id=conversation.id,
            message_id=message_id,
            decision_id=repository.answer_record(session, message),
            state=OPEN,
            language=conversation.language,
            at=now(),
        )
        case = _Case(row, message, conversation)
        row.reason_sealed = self._seal(session, case, "reason", reason)
        row.contact_sealed = self._seal(session, case, "contact", contact)
        add(session, row)
        given: dict[str, Json] = {"contact_left": contact is not None}
        if reason is not None:
            raw = RawMessage(row.id, conversation.id, conversation.visitor_id, reason, conversation.language)
            given = {"text": mask(session, self._placeholder_store, raw).text, **given}
        self._record(session, case, "contested", given, {})
        return row, True

    def decide(
        self, session: Session, staff: Staff, contest_id: str, state: str, words: str, written: bool
    ) -> ContestRow:
        """A reviewer decides; the visitor is notified in the chat, with the reviewer's words.

        Args:
            state: `upheld` or `overturned`.
            written: the reviewer says that they wrote to the address that was left, too.

        Raises:
            NotFound: there is no such contest.
            Conflict: `already_decided`.
            KeyDestroyed: the visitor was erased meanwhile, and cannot be notified.
        """
        row = find_or_refuse(session, ContestRow, contest_id, NO_CONTEST)
        lock_conversation(session, row.conversation_id)
        case = _case(session, row)
        if not repository.decide(session, row, state, staff.id, self._seal(session, case, "answer", words)):
            raise Conflict("Somebody has decided this contest already.", code="already_decided")
        named = {"name": staff.name, "company": self._settings.company, "words": words}
        text = copy(f"oversight.{state}", row.language, reply=_shortened(self._reply(session, case)), **named)
        notice = self._outbox.say(session, case.conversation, Author.SYSTEM, text)
        result = {
            "state": state,
            "words": words,
            "written": written,
            "staff": staff.as_record(),
            "message_ids": [notice.id],
        }
        self._record(session, case, f"contest:{state}", {}, result)
        return row

    def listed(self, session: Session, state: str | None) -> list[Contest]:
        """The contests in a state, or all, longest waiting first; without the texts, which `read` gives."""
        rows = repository.in_state(session, state)
        reviewers = names(session, [row.reviewer_id for row in rows if row.reviewer_id])
        return [Contest(row, reviewers.get(row.reviewer_id or "")) for row in rows]

    def read(self, session: Session, row: ContestRow) -> Contest:
        reviewer = names(session, [row.reviewer_id])[row.reviewer_id] if row.reviewer_id else None
        case = _case(session, row)
        try:
            return Contest(
                row,
                reviewer,
                self._open(session, case, "reason", row.reason_sealed),
                self._open(session, case, "contact", row.contact_sealed),
                self._reply(session, case),
                self._open(session, case, "answer", row.answer_sealed),
            )
        except KeyDestroyed:
            return Contest(row, reviewer)

    def _record(
        self, session: Session, case: _Case, outcome: str, given: Mapping[str, Json], result: Mapping[str, Json]
    ) -> None:
        """Record the step, and send the contest's state to every screen of the conversation."""
        row, conversation = case.row, case.conversation
        decision = Decision.by_person(
            Kind.CONTEST,
            conversation.id,
            conversation.visitor_id,
            outcome,
            turn_id=case.message.reply_to,
            input={"contest_id": row.id, "message_id": row.message_id, "decision_id": row.decision_id, **given},
            result=result,
            rule="contest",
            language=row.language,
            gpc=conversation.gpc,
        )
        self._recorder.record(session, decision)
        self._outbox.append(session, conversation, "contest", state_of(row))

    def _reply(self, session: Session, case: _Case) -> str:
        return str(self._outbox.body(session, case.conversation.visitor_id, case.message)["text"])

    def _seal(self, session: Session, case: _Case, part: Part, text: str | None) -> bytes | None:
        about = contest_part(case.row.id, part)
        return None if text is None else self._keyring.seal(session, case.conversation.visitor_id, about, text)

    def _open(self, session: Session, case: _Case, part: Part, sealed: bytes | None) -> str | None:
        about = contest_part(case.row.id, part)
        return None if sealed is None else str(self._keyring.open(session, case.conversation.visitor_id, about, sealed))


def _case(session: Session, row: ContestRow) -> _Case:
    return _Case(row, load(session, MessageRow, row.message_id), load(session, ConversationRow, row.conversation_id))


def states(session: Session, conversation_id: str) -> list[dict[str, str]]:
    """What the visitor's screen shows of a conversation's contests: `[{message_id, state}]`."""
    return [state_of(row) for row in repository.of_conversation(session, conversation_id)]


def state_of(row: ContestRow) -> dict[str, str]:
    return {"message_id": row.message_id, "state": row.state}


def _shortened(text: str) -> str:
    """The text as it is quoted: one line, cut at a length, between two words where the language has spaces."""
    line = " ".join(text.split())
    if len(line) <= QUOTED:
        return line
    cut = line[: QUOTED - 1]
    whole = cut.rpartition(" ")[0]
    return (whole if len(whole) > QUOTED // 2 else cut) + "…"
