"""The life of a message: accept, route, mask, think, record, speak. A conversation's turns run one after the other."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TypeAlias

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import masking
from bot.consent import Choice, Consents
from bot.copy import copy
from bot.decisions import Recorder
from bot.decisions.clock import Clock
from bot.decisions.from_turn import Setting, decisions_of, failure, route_of, understanding
from bot.errors import EngineError, RecordError
from bot.handoff import Handoffs
from bot.inbox import Accepted, Inbox, end, is_open
from bot.messages import Author, Button, EngineReply, Json, Kind, MaskedMessage, Owner, RawMessage, Said, new_id
from bot.outbox import Hub, Outbox
from bot.outbox.hub import QUEUE, conversation_topic
from bot.oversight import stops
from bot.oversight.stops import ASK_FOR_HUMAN, Stops
from bot.policies import purposes
from bot.privacy.erasure import turn_ended
from bot.settings import Settings
from bot.storage import Database, Keyring, touch
from bot.storage.keyring import KeyDestroyed
from bot.storage.tables import ConversationRow, StopRow
from bot.thinking import Engine
from bot.turn_queue import TurnQueue

log = structlog.get_logger(__name__)

ROBOT = "are_you_a_robot"
NO = re.compile(r"/(?P<choice>refuse|withdraw)_consent(?P<details>\{.*\})?")
"""What the buttons that refuse or take back a consent send."""
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
            masked, slots = await self._route_and_mask(raw, clock)
            reply = await self._think(raw, masked, slots, clock)
            await self._record(raw, masked, reply, clock)
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

    async def _route_and_mask(self, raw: RawMessage, clock: Clock) -> tuple[MaskedMessage, Slots]:
        """Steps 2 and 3, in one transaction. What the engine does not serve is on record and ends here.

        Else identifiers become placeholders, and the slots that no consent covers any more are to be cleared (rule C2).
        """

        def work(session: Session) -> tuple[Route, Sequence[StopRow], MaskedMessage, Slots]:
            off = stops.active(session)
            route = self._route(session, raw, off, clock)
            return route, off, masking.mask(session, self.vault, raw), self._slots(session, raw)

        with clock.step("mask"):
            route, off, masked, slots = await self.database.write(work)
        if route is Route.DESK and not stops.wholly(off):
            await self._tell_who_answers(raw, masked, clock)
        if route is not Route.ENGINE:
            raise TurnEnded
        if off:
            await self._heed(off, raw, masked, clock)
        return masked, slots

    async def _heed(self, off: Sequence[StopRow], raw: RawMessage, masked: MaskedMessage, clock: Clock) -> None:
        """Some topics are stopped: a message about one of them reaches no rule and no action."""
        try:
            with clock.step("understand"):
                understood = await self.engine.understand(masked)
        except EngineError as error:
            await self._apologise(raw, masked, error.code, clock)
            raise TurnEnded from error
        stop = stops.covering(off, understood.intent)
        if stop is None:
            return

        def work(session: Session) -> None:
            conversation = session.get_one(ConversationRow, raw.conversation_id, with_for_update=True)
            if end(session, raw):
                setting = _setting(conversation, raw, clock)
                self.recorder.record(session, understanding(setting, masked, understood))
                self._leave_to_people(session, conversation, raw, stop, clock)

        await self.database.write(work)
        raise TurnEnded

    async def _think(self, raw: RawMessage, masked: MaskedMessage, slots: Slots, clock: Clock) -> EngineReply:
        """Step 4: the engine takes its turn. It is handed a MaskedMessage and nothing else of the visitor's."""
        self.hub.tell(conversation_topic(raw.conversation_id), "working", {"message_id": raw.message_id})
        try:
            with clock.step("think"):
                reply = await self.engine.turn(masked, slots)
        except EngineError as error:
            await self._apologise(raw, masked, error.code, clock)
            raise TurnEnded from error
        if reply.failures:
            log.error("turn:action:failed", message_id=raw.message_id, failures=list(reply.failures))
        if not reply.said:
            await self._apologise(raw, masked, "action_failed" if reply.failures else "no_answer", clock)
            raise TurnEnded
        return reply

    async def _record(self, raw: RawMessage, masked: MaskedMessage, reply: EngineReply, clock: Clock) -> None:
        """Steps 5 and 6: records and the reply's outbox rows in one transaction; its commit wakes the watchers."""
        await self.database.write(lambda s: self._recorded(s, raw, masked, reply, clock))

    # What each step does inside its transaction.

    def _route(self, session: Session, raw: RawMessage, off: Sequence[StopRow], clock: Clock) -> Route:
        """Step 2. What the engine does not serve ends here, with its route on record."""
        conversation = session.get_one(ConversationRow, raw.conversation_id, with_for_update=True)
        if not is_open(session, raw):
            raise TurnEnded
        route, stop = self._choose_route(session, conversation, raw, off)
        if route is not Route.ENGINE:
            end(session, raw)
        if stop is not None:
            self._leave_to_people(session, conversation, raw, stop, clock)
        elif route is not Route.ENGINE:
            self._record_route(session, conversation, raw, route.value, clock)
        return route

    def _choose_route(
        self, session: Session, conversation: ConversationRow, raw: RawMessage, off: Sequence[StopRow]
    ) -> tuple[Route, StopRow | None]:
        if conversation.owner == Owner.HUMAN:
            touch(session, QUEUE)
            return Route.DESK, None
        if raw.text.strip() == ASK_FOR_HUMAN:
            self.handoffs.request(session, conversation, "button", "Asked for a human", raw.message_id)
            return Route.GATEWAY, None
        if self.handoffs.take_contact(session, conversation, raw.text, raw.message_id):
            return Route.GATEWAY, None
        stop = stops.wholly(off)
        if stop is not None:
            self._take_no(session, conversation, raw)
        return (Route.ENGINE if stop is None else Route.STOPPED), stop

    def _take_no(self, session: Session, conversation: ConversationRow, raw: RawMessage) -> None:
        """A no by button holds at once, also while the engine that would take it is stopped (rule C2)."""
        pressed = NO.fullmatch(raw.text.strip())
        if pressed is None:
            return
        try:
            named = json.loads(pressed["details"] or "{}").get("purpose")
        except ValueError:
            return
        choice: Choice = "withdraw" if pressed["choice"] == "withdraw" else "refuse"
        for purpose in purposes():
            if named == purpose or (named is None and choice == "withdraw"):
                evidence = {"how": "button", "turn_id": raw.message_id}
                self.consents.choose(session, conversation, purpose, choice, evidence)

    def _slots(self, session: Session, raw: RawMessage) -> Slots:
        conversation = session.get_one(ConversationRow, raw.conversation_id)
        cleared = self.consents.tidy(session, conversation)
        return {"language": raw.language, "company": self.settings.company, **cleared}

    def _recorded(
        self, session: Session, raw: RawMessage, masked: MaskedMessage, reply: EngineReply, clock: Clock
    ) -> None:
        conversation = session.get_one(ConversationRow, raw.conversation_id, with_for_update=True)
        if not end(session, raw):
            return
        stop = stops.covering(stops.active(session), reply.intent, (action.name for action in reply.actions))
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

    # Who answers, while a human does.

    async def _tell_who_answers(self, raw: RawMessage, masked: MaskedMessage, clock: Clock) -> None:
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
            self.recorder.record(session, _setting(conversation, raw, clock).decision(Kind.ANSWER, "who_answers"))
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
