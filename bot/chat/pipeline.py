"""The life of a message: accept, route, mask, think, record, speak. A conversation's turns run one after the other."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TypeAlias

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import masking
from bot.chat.inbox import Accepted, Inbox, end, is_open
from bot.chat.turn_queue import TurnQueue
from bot.consent import Consents
from bot.core.errors import EngineError, RecordError
from bot.core.i18n import copy
from bot.core.ids import Json, new_id
from bot.core.messages import Author, Button, EngineReply, MaskedMessage, Owner, RawMessage, Said
from bot.core.settings import Settings
from bot.db import Database, Keyring, touch
from bot.db.keyring import KeyDestroyed
from bot.db.models import ConversationRow, StopRow
from bot.decisions import Recorder, repository
from bot.decisions.models import Kind
from bot.decisions.timing import Clock
from bot.decisions.turn_decisions import Setting, decisions_of, failure, route_of, understanding
from bot.handoff import Handoffs
from bot.masking.excerpts import recalled
from bot.messaging import Hub, Outbox
from bot.messaging.pubsub import QUEUE, conversation_topic
from bot.oversight import stops
from bot.oversight.stops import ASK_FOR_HUMAN, Stops
from bot.privacy.erasure.service import turn_ended
from bot.rasa import Engine, Held, Understanding
from bot.standing_requests.hearing import Parts, parts_of, plainly, surely, topical
from bot.standing_requests.requests import Heard, Request
from bot.standing_requests.service import Obeyed, StandingRequests

log = structlog.get_logger(__name__)

RESUMED = "resumed"
"""The source of an understanding that belongs to a question of earlier, which a yes has let go on."""
UNRECORDED = (SQLAlchemyError, RecordError, InvalidTag, OSError)

Slots: TypeAlias = dict[str, Json]


class Route(Enum):
    """Who serves a message: the engine, a human at the desk, the gateway by itself, or nobody: the assistant is off."""

    ENGINE = "engine"
    DESK = "desk"
    GATEWAY = "gateway"
    STOPPED = "stopped"


class TurnEnded(Exception):
    """A step has ended the turn: nothing is left to do. Caught in one place, `Turns._turn`."""


@dataclass(frozen=True)
class Opened:
    """A message after steps 2 and 3.

    Attributes:
        parts: the masked message, whole and in parts.
        off: the stops that are on.
        plain: the standing requests that were found by button or phrase, and what came of them.
    """

    route: Route
    parts: Parts
    slots: Slots
    off: Sequence[StopRow]
    plain: Obeyed

    @property
    def listens_first(self) -> bool:
        """Whether what the message means has to be known before the engine may take a turn, if it takes one at all."""
        return self.route is not Route.ENGINE or bool(self.off) or bool(self.plain.heard)


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
    consents: Consents
    handoffs: Handoffs
    stops: Stops
    requests: StandingRequests
    engine: Engine
    inbox: Inbox
    queue: TurnQueue

    async def accept(self, conversation_id: str, text: str, client_message_id: str | None) -> Accepted:
        """Step 1: the message is stored, encrypted and committed; its turn will be taken, whatever happens next.

        Raises:
            Conflict: no disclosure has been shown in this conversation (rule D1).
        """
        accepted, raw = await self.database.write(
            lambda s: self.inbox.store(s, conversation_id, text, client_message_id)
        )
        if raw is not None:
            self._enqueue(raw)
        return accepted

    async def finished(self, message_id: str) -> None:
        """Wait until the turn of this message has ended."""
        await self.queue.finished(message_id)

    async def resume(self) -> int:
        """Take the turns that a crash, or a database that would not write, left open. Gives their number."""
        left = await self.database.read(lambda s: self.inbox.left_open(s, self.queue.__contains__))
        for raw in left:
            self._enqueue(raw)
        return len(left)

    def _enqueue(self, raw: RawMessage) -> None:
        self.queue.put(raw.conversation_id, raw.message_id, lambda: self._turn(raw))

    async def _turn(self, raw: RawMessage) -> None:
        """Steps 2 to 6. The reply is on its way to every screen the moment step 5 has committed."""
        clock = Clock(raw.accepted_at)
        try:
            opened = await self._route_and_mask(raw, clock)
            question, reply = await self._think(raw, opened, clock)
            await self._record(raw, question, reply, clock)
        except TurnEnded:
            return
        except KeyDestroyed:
            await self._end_erased(raw)
        except UNRECORDED as error:
            self._stay_silent(raw, error)
        except Exception as error:
            # A slip of ours must not repeat for ever or leave the visitor waiting. Its text may hold theirs: unlogged.
            log.error("turn:failed", message_id=raw.message_id, error=type(error).__name__, at=_place(error))
            await self._apologise_or_stay_silent(raw, "internal_error", clock)

    async def _route_and_mask(self, raw: RawMessage, clock: Clock) -> Opened:
        """Steps 2 and 3, in one transaction.

        Standing requests by button or phrase are obeyed here, whoever owns the conversation. What the gateway serves by
        itself is on record and ends here.
        """
        # Before the transaction, and beside the event loop: however much there is to find, nobody waits for it.
        found = await asyncio.to_thread(masking.find, self.vault.finder, raw.text)

        def work(session: Session) -> Opened:
            conversation = session.get_one(ConversationRow, raw.conversation_id, with_for_update=True)
            if not is_open(session, raw):
                raise TurnEnded
            off = stops.active(session)
            parts = parts_of(masking.mask(session, self.vault, raw, found))
            route, plain = self._route(session, conversation, raw, off), Obeyed()
            if route is not Route.GATEWAY:
                plain = self._obey(session, conversation, raw, plainly(parts), route, clock)
            if plain.whole and plain.resume is None:
                route = Route.GATEWAY
            if route is Route.GATEWAY:
                self._end_at_gateway(session, conversation, raw, clock)
            return Opened(route, parts, self._slots(session, conversation, raw), off, plain)

        with clock.step("mask"):
            opened = await self.database.write(work)
        if opened.route is Route.GATEWAY:
            raise TurnEnded
        return opened

    async def _think(self, raw: RawMessage, opened: Opened, clock: Clock) -> tuple[MaskedMessage, EngineReply]:
        """Step 4: the engine takes its turn. It is handed a MaskedMessage and nothing else of the visitor's.

        It listens for standing requests first, and what it hears is obeyed before any rule or action runs. Gives what
        it was asked, which may be a part of the message or a question of earlier, and its answer.
        """
        slots = opened.slots
        if opened.plain.resume is not None:
            question = recalled(opened.parts.whole, opened.plain.resume)
            return question, replace(await self._take_turn(raw, question, slots, clock), source=RESUMED)
        if not opened.listens_first:
            reply = await self._listen(raw, opened, clock)
            if isinstance(reply, EngineReply):
                return opened.parts.whole, await self._complete(raw, opened.parts.whole, reply, clock)
            understood = reply.understood
        else:
            understood = await self._understand(raw, opened, clock)
        question, slots = await self._obey_understood(raw, opened, understood, clock)
        return question, await self._take_turn(raw, question, slots, clock)

    async def _listen(self, raw: RawMessage, opened: Opened, clock: Clock) -> EngineReply | Held:
        """The engine's turn, unless it heard what may be a standing request."""
        self._tell_working(raw)
        try:
            with clock.step("think"):
                return await self.engine.listen(opened.parts.whole, opened.slots, opened.parts.all)
        except EngineError as error:
            await self._apologise(raw, opened.parts.whole, error.code, clock)
            raise TurnEnded from error

    async def _understand(self, raw: RawMessage, opened: Opened, clock: Clock) -> tuple[Understanding, ...]:
        """What each part means. Without the engine a message to people stays theirs, and any other gets an apology."""
        try:
            with clock.step("understand"):
                return await self.engine.understand(opened.parts.all)
        except EngineError as error:
            if opened.route is Route.ENGINE:
                await self._apologise(raw, opened.parts.whole, error.code, clock)
                raise TurnEnded from error
            return ()

    async def _take_turn(self, raw: RawMessage, question: MaskedMessage, slots: Slots, clock: Clock) -> EngineReply:
        self._tell_working(raw)
        try:
            with clock.step("think"):
                reply = await self.engine.turn(question, slots)
        except EngineError as error:
            await self._apologise(raw, question, error.code, clock)
            raise TurnEnded from error
        return await self._complete(raw, question, reply, clock)

    async def _complete(
        self, raw: RawMessage, question: MaskedMessage, reply: EngineReply, clock: Clock
    ) -> EngineReply:
        if reply.failures:
            log.error("turn:action:failed", message_id=raw.message_id, failures=list(reply.failures))
        if not reply.said:
            await self._apologise(raw, question, "action_failed" if reply.failures else "no_answer", clock)
            raise TurnEnded
        return reply

    async def _obey_understood(
        self, raw: RawMessage, opened: Opened, understood: Sequence[Understanding], clock: Clock
    ) -> tuple[MaskedMessage, Slots]:
        """Obey what the engine heard, in one transaction. Gives what is left to answer; else the turn ends here."""

        def work(session: Session) -> tuple[MaskedMessage, Slots] | None:
            conversation = session.get_one(ConversationRow, raw.conversation_id, with_for_update=True)
            if not is_open(session, raw):
                return None
            heard = surely(opened.parts, understood, opened.plain.heard)
            obeyed = self._obey(session, conversation, raw, heard, opened.route, clock).after(opened.plain)
            question = self._question(session, conversation, raw, opened, understood, obeyed, clock)
            return None if question is None else (question, self._slots(session, conversation, raw))

        left = await self.database.write(work)
        if left is None:
            raise TurnEnded
        return left

    async def _record(self, raw: RawMessage, question: MaskedMessage, reply: EngineReply, clock: Clock) -> None:
        """Steps 5 and 6: records and the reply's outbox rows in one transaction; its commit wakes the watchers."""
        await self.database.write(lambda s: self._recorded(s, raw, question, reply, clock))

    # What each step does inside its transaction.

    def _route(self, session: Session, conversation: ConversationRow, raw: RawMessage, off: Sequence[StopRow]) -> Route:
        """Step 2. Who serves this message, if it is no standing request."""
        if conversation.owner == Owner.HUMAN:
            touch(session, QUEUE)
            return Route.DESK
        if self.handoffs.take_contact(session, conversation, raw.text, raw.message_id):
            return Route.GATEWAY
        return Route.ENGINE if stops.wholly(off) is None else Route.STOPPED

    def _obey(
        self,
        session: Session,
        conversation: ConversationRow,
        raw: RawMessage,
        heard: Sequence[Heard],
        route: Route,
        clock: Clock,
    ) -> Obeyed:
        """Obey, once: what was obeyed before this turn was cut short is on record, and is not done again.

        The question that such a yes had let go on is still to be answered.
        """
        if not heard:
            return Obeyed()
        rows = repository.of_turn(session, conversation.id, raw.message_id)
        earlier = {row.outcome.partition(":")[0] for row in rows if row.kind == Kind.REQUEST}
        done = tuple(one for one in heard if one.request.value in earlier)
        left = [one for one in heard if one not in done]
        silent = conversation.owner == Owner.HUMAN or route is not Route.ENGINE
        setting = _setting(conversation, raw, clock)
        obeyed = self.requests.obey(session, conversation, raw, left, setting, assistant_silent=silent)
        said_yes = any(one.request in (Request.ALLOW, Request.RESUME) for one in done)
        resume = self.requests.waiting(session, conversation) if said_yes and not silent else None
        return obeyed.after(Obeyed(done, resume))

    def _question(
        self,
        session: Session,
        conversation: ConversationRow,
        raw: RawMessage,
        opened: Opened,
        understood: Sequence[Understanding],
        obeyed: Obeyed,
        clock: Clock,
    ) -> MaskedMessage | None:
        """What the engine is to answer once the requests are obeyed; None when the turn has ended, on record."""
        if conversation.owner == Owner.HUMAN:
            end(session, raw)
            self._record_route(session, conversation, raw, Route.DESK.value, clock)
            return None
        if obeyed.whole:
            self._end_at_gateway(session, conversation, raw, clock)
            return None
        stop = self.stops.covering(opened.off, understood[0].intent if understood else None)
        if stop is not None:
            end(session, raw)
            if understood and stop.topic is not None:
                self.recorder.record(
                    session, understanding(_setting(conversation, raw, clock), opened.parts.whole, understood[0])
                )
            self._leave_to_people(session, conversation, raw, stop, clock)
            return None
        if not obeyed.heard:
            return opened.parts.whole
        question = topical(opened.parts, understood, obeyed.heard)
        if question is None:
            self._end_at_gateway(session, conversation, raw, clock)
        return question

    def _end_at_gateway(self, session: Session, conversation: ConversationRow, raw: RawMessage, clock: Clock) -> None:
        """The gateway served it by itself: nothing is left for the engine or for people."""
        end(session, raw)
        self._record_route(session, conversation, raw, Route.GATEWAY.value, clock)

    def _slots(self, session: Session, conversation: ConversationRow, raw: RawMessage) -> Slots:
        cleared = self.consents.tidy(session, conversation)
        return {"language": raw.language, "company": self.settings.company, **cleared}

    def _recorded(
        self, session: Session, raw: RawMessage, masked: MaskedMessage, reply: EngineReply, clock: Clock
    ) -> None:
        conversation = session.get_one(ConversationRow, raw.conversation_id, with_for_update=True)
        if not end(session, raw):
            return
        stop = self.stops.covering(stops.active(session), reply.intent, (action.name for action in reply.actions))
        # A human may have taken over while the engine was thinking: then the answer stays unsaid (rule H1). So it does
        # when the assistant was stopped meanwhile.
        silent = conversation.owner == Owner.HUMAN or stop is not None
        said = () if silent else reply.said
        ids = [new_id("msg") for _ in said]
        self.recorder.record_all(session, decisions_of(_setting(conversation, raw, clock), masked, reply, ids))
        for message_id, one in zip(ids, said, strict=True):
            self._speak(session, conversation, raw, message_id, one)
        if stop is not None:
            self._leave_to_people(session, conversation, raw, stop, clock)

    def _speak(
        self, session: Session, conversation: ConversationRow, raw: RawMessage, message_id: str, said: Said
    ) -> None:
        """Step 6. The message becomes visible with its records, at the commit."""
        self.outbox.say(
            session,
            conversation,
            Author.ASSISTANT,
            self.vault.fill(session, conversation.id, said.text),
            author_name=self.settings.assistant_name,
            buttons=said.buttons,
            consent_request=said.custom.get("consent_request"),
            reply_to=raw.message_id,
            message_id=message_id,
        )

    def _leave_to_people(
        self, session: Session, conversation: ConversationRow, raw: RawMessage, stop: StopRow, clock: Clock
    ) -> None:
        """The assistant is stopped, wholly or for this: the desk gets the message, unless somebody there has it."""
        if conversation.owner == Owner.HUMAN:
            self._record_route(session, conversation, raw, Route.DESK.value, clock)
            touch(session, QUEUE)
            return
        self._record_route(session, conversation, raw, stops.outcome(Route.STOPPED.value, stop), clock)
        self.stops.answer(session, conversation, stop, raw.message_id, raw.language)

    def _record_route(
        self, session: Session, conversation: ConversationRow, raw: RawMessage, outcome: str, clock: Clock
    ) -> None:
        self.recorder.record(session, route_of(_setting(conversation, raw, clock), outcome))

    # When there is no answer.

    def _tell_working(self, raw: RawMessage) -> None:
        self.hub.tell(conversation_topic(raw.conversation_id), "working", {"message_id": raw.message_id})

    async def _apologise_or_stay_silent(self, raw: RawMessage, code: str, clock: Clock) -> None:
        try:
            await self._apologise(raw, None, code, clock)
        except KeyDestroyed:
            await self._end_erased(raw)
        except UNRECORDED as error:
            self._stay_silent(raw, error)

    async def _apologise(self, raw: RawMessage, masked: MaskedMessage | None, code: str, clock: Clock) -> None:
        """The engine gave no answer: say so honestly, with the way to a human. The failure is on record first."""

        def work(session: Session) -> None:
            conversation = session.get_one(ConversationRow, raw.conversation_id, with_for_update=True)
            if not end(session, raw):
                return
            self.recorder.record(session, failure(_setting(conversation, raw, clock), masked, code))
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

    async def _end_erased(self, raw: RawMessage) -> None:
        """The visitor was erased meanwhile: the turn ends without a word, and that it did is on record."""

        def work(session: Session) -> None:
            if end(session, raw):
                self.recorder.record(session, turn_ended(raw.conversation_id, raw.visitor_id, raw.message_id))

        log.info("turn:erased", message_id=raw.message_id)
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


def _place(error: BaseException) -> str:
    """The file and line an error came from: enough to find it, and no visitor's text."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _setting(conversation: ConversationRow, raw: RawMessage, clock: Clock) -> Setting:
    return Setting(
        conversation_id=conversation.id,
        visitor_id=conversation.visitor_id,
        turn_id=raw.message_id,
        language=raw.language,
        gpc=conversation.gpc,
        timing=clock.timing(),
    )
