"""The life of a message: accept, route, mask, think, record, speak. A conversation's turns run one after the other."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TypeAlias

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import masking
from bot.consent import slots_to_clear
from bot.copy import copy, written_language
from bot.decisions import Recorder
from bot.decisions.from_turn import Setting, decisions_of, failure
from bot.errors import Conflict, EngineError, RecordError
from bot.handoff import Handoffs
from bot.messages import Author, Button, EngineReply, Json, Kind, MaskedMessage, Owner, RawMessage
from bot.outbox import Hub, Outbox
from bot.outbox.hub import QUEUE, conversation_topic
from bot.settings import Settings
from bot.storage import Database, Keyring, touch
from bot.storage.disclosed import disclosed_version
from bot.storage.tables import ConversationRow, MessageRow
from bot.thinking import Engine
from bot.turn_queue import TurnQueue

log = structlog.get_logger(__name__)

ASK_FOR_HUMAN = "/request_human"
"""What the button for a human sends, on every door. It is served here, so that it works while the engine does not."""
ROBOT = "are_you_a_robot"
UNRECORDED = (SQLAlchemyError, RecordError, InvalidTag, OSError)


Slots: TypeAlias = dict[str, Json]


class Route(Enum):
    """Who serves a message: the engine, a human at the desk, or the gateway by itself (already done)."""

    ENGINE = "engine"
    DESK = "desk"
    SERVED = "served"


class TurnEnded(Exception):
    """A step has ended the turn: nothing is left to do. Caught in one place, `Turns._turn`."""


@dataclass(frozen=True)
class Accepted:
    """A message that is stored. `duplicate` is True when the same client message id had been accepted before."""

    message_id: str
    event_id: int
    created_at: str
    duplicate: bool


@dataclass(frozen=True)
class Turns:
    """Takes messages through their turns."""

    database: Database
    keyring: Keyring
    settings: Settings
    outbox: Outbox
    hub: Hub
    recorder: Recorder
    vault: masking.Vault
    handoffs: Handoffs
    engine: Engine
    queue: TurnQueue

    async def accept(self, conversation_id: str, text: str, client_message_id: str | None) -> Accepted:
        """Step 1: the message is stored, encrypted and committed; its turn will be taken, whatever happens next.

        Raises:
            Conflict: no disclosure has been shown in this conversation (rule D1).
        """
        accepted, raw = await self.database.write(lambda s: self._store(s, conversation_id, text, client_message_id))
        if raw is not None:
            self._enqueue(raw)
        return accepted

    async def finished(self, message_id: str) -> None:
        """Wait until the turn of this message has ended."""
        await self.queue.finished(message_id)

    async def resume(self) -> int:
        """Take the turns that a crash, or a database that would not write, left open. Gives their number."""
        left = await self.database.read(self._left_open)
        for raw in left:
            self._enqueue(raw)
        return len(left)

    def _enqueue(self, raw: RawMessage) -> None:
        self.queue.put(raw.conversation_id, raw.message_id, lambda: self._turn(raw))

    async def _turn(self, raw: RawMessage) -> None:
        """Steps 2 to 6. The reply is on its way to every screen the moment step 5 has committed."""
        try:
            masked, slots = await self._route_and_mask(raw)
            reply = await self._think(raw, masked, slots)
            await self._record(raw, masked, reply)
        except TurnEnded:
            return
        except UNRECORDED as error:
            self._stay_silent(raw, error)
        except Exception as error:
            # A slip of ours must not repeat for ever or leave the visitor waiting. Its text may hold theirs: unlogged.
            log.error("turn:failed", message_id=raw.message_id, error=type(error).__name__, at=_place(error))
            await self._apologise_or_stay_silent(raw, "internal_error")

    async def _route_and_mask(self, raw: RawMessage) -> tuple[MaskedMessage, Slots]:
        """Steps 2 and 3, in one transaction. A human owns the conversation? Then the message is on the desk already.

        Else identifiers become placeholders, and the slots that no consent covers any more are to be cleared (rule C2).
        """

        def work(session: Session) -> tuple[Route, MaskedMessage, Slots]:
            route = self._route(session, raw)
            return route, masking.mask(session, self.vault, raw), self._slots(session, raw)

        route, masked, slots = await self.database.write(work)
        if route is Route.DESK:
            await self._tell_who_answers(raw, masked)
        if route is not Route.ENGINE:
            raise TurnEnded
        return masked, slots

    async def _think(self, raw: RawMessage, masked: MaskedMessage, slots: Slots) -> EngineReply:
        """Step 4: the engine takes its turn. It is handed a MaskedMessage and nothing else of the visitor's."""
        self.hub.tell(conversation_topic(raw.conversation_id), "working", {"message_id": raw.message_id})
        try:
            reply = await self.engine.turn(masked, slots)
        except EngineError as error:
            await self._apologise(raw, masked, error.code)
            raise TurnEnded from error
        if reply.failures:
            log.error("turn:action:failed", message_id=raw.message_id, failures=list(reply.failures))
        if not reply.said:
            await self._apologise(raw, masked, "action_failed" if reply.failures else "no_answer")
            raise TurnEnded
        return reply

    async def _record(self, raw: RawMessage, masked: MaskedMessage, reply: EngineReply) -> None:
        """Steps 5 and 6: records and the reply's outbox rows in one transaction; its commit wakes the watchers."""
        await self.database.write(lambda s: self._recorded(s, raw, masked, reply))

    # What each step does inside its transaction.

    def _store(
        self, session: Session, conversation_id: str, text: str, client_id: str | None
    ) -> tuple[Accepted, RawMessage | None]:
        conversation = session.get_one(ConversationRow, conversation_id, with_for_update=True)
        if client_id and (earlier := _sent_before(session, conversation_id, client_id)):
            return Accepted(earlier.id, 0, earlier.created_at.isoformat(), duplicate=True), None
        if disclosed_version(session, conversation_id) is None:
            raise Conflict(
                "Show the AI disclosure and confirm it before sending messages.", code="disclosure_not_shown"
            )
        title = self._title(session, conversation, text)
        message = self.outbox.say(
            session,
            conversation,
            Author.VISITOR,
            title or text,
            payload=text if title else None,
            client_message_id=client_id,
            turn="accepted",
        )
        accepted = Accepted(message.id, conversation.last_event, message.created_at.isoformat(), duplicate=False)
        return accepted, _raw(conversation, message, text)

    def _left_open(self, session: Session) -> list[RawMessage]:
        """Only what is not under way is decrypted: this is asked every second."""
        messages = session.scalars(
            select(MessageRow).where(MessageRow.turn == "accepted").order_by(MessageRow.created_at)
        ).all()
        return [self._load(session, message) for message in messages if message.id not in self.queue]

    def _load(self, session: Session, message: MessageRow) -> RawMessage:
        conversation = session.get_one(ConversationRow, message.conversation_id)
        body = self.outbox.body(session, conversation.visitor_id, message)
        return _raw(conversation, message, body["payload"] or body["text"])

    def _route(self, session: Session, raw: RawMessage) -> Route:
        conversation = session.get_one(ConversationRow, raw.conversation_id, with_for_update=True)
        route = self._choose_route(session, conversation, raw)
        if route is not Route.ENGINE:
            _end(session, raw)
        return route

    def _choose_route(self, session: Session, conversation: ConversationRow, raw: RawMessage) -> Route:
        if conversation.owner == Owner.HUMAN:
            touch(session, QUEUE)
            return Route.DESK
        if raw.text.strip() == ASK_FOR_HUMAN:
            self.handoffs.request(session, conversation, "button", "Asked for a human", raw.message_id)
            return Route.SERVED
        taken = self.handoffs.take_contact(session, conversation, raw.text, raw.message_id)
        return Route.SERVED if taken else Route.ENGINE

    def _slots(self, session: Session, raw: RawMessage) -> Slots:
        conversation = session.get_one(ConversationRow, raw.conversation_id)
        cleared = slots_to_clear(session, conversation)
        return {"language": raw.language, "company": self.settings.company, **cleared}

    def _recorded(self, session: Session, raw: RawMessage, masked: MaskedMessage, reply: EngineReply) -> None:
        conversation = session.get_one(ConversationRow, raw.conversation_id, with_for_update=True)
        if not _end(session, raw):
            return
        self.recorder.record_all(session, decisions_of(_setting(conversation, raw), masked, reply))
        # A human may have taken over while the engine was thinking: then the answer stays unsaid (rule H1).
        if conversation.owner != Owner.HUMAN:
            for said in reply.said:
                self.outbox.say(
                    session,
                    conversation,
                    Author.ASSISTANT,
                    self.vault.fill(session, conversation.id, said.text),
                    author_name=self.settings.assistant_name,
                    buttons=said.buttons,
                    consent_request=said.custom.get("consent_request"),
                    reply_to=raw.message_id,
                )

    # When there is no answer.

    async def _apologise_or_stay_silent(self, raw: RawMessage, code: str) -> None:
        try:
            await self._apologise(raw, None, code)
        except UNRECORDED as error:
            self._stay_silent(raw, error)

    async def _apologise(self, raw: RawMessage, masked: MaskedMessage | None, code: str) -> None:
        """The engine gave no answer: say so honestly, with the way to a human. The failure is on record first."""

        def work(session: Session) -> None:
            conversation = session.get_one(ConversationRow, raw.conversation_id, with_for_update=True)
            if not _end(session, raw):
                return
            self.recorder.record(session, failure(_setting(conversation, raw), masked, code))
            if conversation.owner != Owner.HUMAN:
                self._say_as_system(session, conversation, raw, "turn.no_answer", offer_human=True)

        log.warning("turn:engine:failed", message_id=raw.message_id, code=code)
        await self.database.write(work)

    def _stay_silent(self, raw: RawMessage, error: Exception) -> None:
        """Nothing could be recorded, so nothing is said (rule L1). The message stays open; `resume` takes it up."""
        log.error("turn:record:failed", message_id=raw.message_id, error=type(error).__name__)
        message = copy("turn.record_unavailable", raw.language)
        data = {"message_id": raw.message_id, "code": "record_unavailable", "message": message}
        self.hub.tell(conversation_topic(raw.conversation_id), "unavailable", data)

    # Who answers, while a human does.

    async def _tell_who_answers(self, raw: RawMessage, masked: MaskedMessage) -> None:
        """'Are you a robot?' gets the true answer also while a human answers: from the system, which says who does."""
        try:
            understood = await self.engine.understand(masked)
        except EngineError:
            return
        if understood.intent != ROBOT:
            return

        def work(session: Session) -> None:
            conversation = session.get_one(ConversationRow, raw.conversation_id, with_for_update=True)
            if conversation.owner != Owner.HUMAN:
                return
            self.recorder.record(session, _setting(conversation, raw).decision(Kind.ANSWER, "who_answers"))
            self._say_as_system(session, conversation, raw, "turn.human_answers", name=conversation.human_name)

        await self.database.write(work)

    def _say_as_system(
        self,
        session: Session,
        conversation: ConversationRow,
        raw: RawMessage,
        key: str,
        *,
        offer_human: bool = False,
        **values: object,
    ) -> None:
        language = raw.language
        human = Button(copy("turn.talk_to_a_human", language), ASK_FOR_HUMAN)
        text = copy(key, language, company=self.settings.company, **values)
        buttons = (human,) if offer_human else ()
        self.outbox.say(session, conversation, Author.SYSTEM, text, buttons=buttons, reply_to=raw.message_id)

    def _title(self, session: Session, conversation: ConversationRow, text: str) -> str | None:
        """The title of the button that sends `text`, if one was offered lately."""
        if not text.startswith("/"):
            return None
        recent = session.scalars(
            select(MessageRow)
            .where(MessageRow.conversation_id == conversation.id, MessageRow.author != Author.VISITOR)
            .order_by(MessageRow.created_at.desc())
            .limit(20)
        )
        bodies = (self.outbox.body(session, conversation.visitor_id, message) for message in recent)
        offered = (button for body in bodies for button in body["buttons"])
        return next((button["title"] for button in offered if button["payload"] == text), None)


def _place(error: BaseException) -> str:
    """The file and line an error came from: enough to find it, and no visitor's text."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _raw(conversation: ConversationRow, message: MessageRow, text: str) -> RawMessage:
    language = written_language(text, conversation.language)
    return RawMessage(message.id, conversation.id, conversation.visitor_id, text, language)


def _setting(conversation: ConversationRow, raw: RawMessage) -> Setting:
    return Setting(
        conversation_id=conversation.id,
        visitor_id=conversation.visitor_id,
        turn_id=raw.message_id,
        language=raw.language,
        gpc=conversation.gpc,
    )


def _end(session: Session, raw: RawMessage) -> bool:
    """Mark the turn as taken. False when it was already: whoever comes second leaves it at that."""
    message = session.get_one(MessageRow, raw.message_id)
    first, message.turn = message.turn == "accepted", "done"
    return first


def _sent_before(session: Session, conversation_id: str, client_message_id: str) -> MessageRow | None:
    return session.scalar(
        select(MessageRow).where(
            MessageRow.conversation_id == conversation_id, MessageRow.client_message_id == client_message_id
        )
    )
