"""The life of a message: accept, route, mask, think, record, speak. A conversation's turns run one after the other.

The first three steps share one transaction, the last two another; none stays open while the engine thinks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy.exc import SQLAlchemyError

from bot.chat.inbox import Accepted, Inbox
from bot.chat.repository import Sender, find_ending, find_state
from bot.chat.steps.endings import Endings
from bot.chat.steps.mask import Mask
from bot.chat.steps.record import Answerer
from bot.chat.steps.route import Opened, Route, Router
from bot.chat.steps.think import Thinker, Unanswered
from bot.chat.turn_queue import TurnQueue
from bot.core.errors import NotFound, RecordError, trace
from bot.core.i18n import copy
from bot.core.ids import Json
from bot.core.messages import EngineReply, MaskedMessage, RawMessage, Understanding
from bot.db import Database
from bot.db.keyring import KeyDestroyed
from bot.decisions.sentences import RESUMED
from bot.decisions.timing import StepTimer
from bot.decisions.turn_decisions import TurnContext
from bot.masking.excerpts import recalled
from bot.masking.spans import Part
from bot.messaging import Message, PubSub
from bot.messaging.pubsub import OPEN_TURNS, conversation_topic

log = structlog.get_logger(__name__)

UNRECORDED = (SQLAlchemyError, RecordError, InvalidTag, OSError)
"""What a database that cannot write raises."""


class Unrouted(Exception):
    """A message could be stored, but not routed in the same transaction. Its cause says why."""


class TurnEnded(Exception):
    """A step has ended the turn: nothing is left to do. Caught in one place, `TurnPipeline._turn`."""


@dataclass(frozen=True)
class TurnPipeline:
    """Takes messages through their turns."""

    database: Database
    pubsub: PubSub
    inbox: Inbox
    mask: Mask
    router: Router
    thinker: Thinker
    answerer: Answerer
    endings: Endings
    queue: TurnQueue[Sequence[Message] | None]

    async def accept(
        self, who: str | Sender, text: str, client_message_id: str | None, client: str | None = None
    ) -> Accepted:
        """Steps 1 to 3: the message is stored, encrypted and committed; its turn is now guaranteed to end.

        Args:
            who: the conversation's id, or what a client calls it.
            client: whose deliveries are noted with the reply (`messaging.repository.remember`).

        Raises:
            NotFound: there is no such conversation.
            Conflict: no disclosure has been shown in this conversation (rule D1).
            KeyDestroyed: the visitor was erased.
        """
        # While an earlier turn is under way, the message is stored; it is routed when its turn has come.
        waits = isinstance(who, str) and self.queue.holds(who)
        accepted, raw, opened = await self.database.write(self._accept, who, text, client_message_id, client, waits)
        if raw is not None and (opened is None or opened.route is not Route.GATEWAY):
            self._enqueue(raw, opened, accepted.event_id if accepted.up_to_date else None)
        return accepted

    async def finished(self, message_id: str) -> Sequence[Message] | None:
        """Wait until the turn of this message has ended; what it gave, as `Answerer.answer`."""
        return await self.queue.finished(message_id)

    async def resume(self) -> int:
        """Take the turns that a crash, or a database that would not write, left open. Gives their number."""
        left = await self.database.run(self._left_open)
        for raw in left:
            self._enqueue(raw)
        return len(left)

    def _accept(
        self, who: str | Sender, text: str, client_message_id: str | None, client: str | None, waits: bool
    ) -> tuple[Accepted, RawMessage | None, Opened | None]:
        try:
            return self._store(who, text, client_message_id, client, None if waits else self.mask.find(text))
        except Unrouted as error:
            # The message must not be lost: it is stored alone, and its turn apologises if it cannot be routed then.
            cause = error.__cause__ or error
            log.error("turn:route:failed", error=type(cause).__name__, trace=trace(cause))
            return self._store(who, text, client_message_id, client, None)

    def _store(
        self, who: str | Sender, text: str, client_message_id: str | None, client: str | None,
        found: Sequence[Part] | None,
    ) -> tuple[Accepted, RawMessage | None, Opened | None]:  # fmt: skip
        """Store the message and, with what was `found` in it, open its turn in the same transaction.

        Raises:
            Unrouted: it can only be stored; nothing is, yet.
        """
        with self.database.transaction() as session:
            state = find_state(session, who, client)
            if state is None:
                raise NotFound("There is no such conversation. Open a new one.", code="conversation_unknown")
            accepted, raw = self.inbox.store(session, state, text, client_message_id)
            if raw is None or found is None:
                return accepted, raw, None
            timer = StepTimer(raw.accepted_at)
            try:
                with timer.step("mask"):
                    return accepted, raw, self.router.open(session, state, raw, found, timer, client)
            except Exception as error:
                raise Unrouted from error

    def _left_open(self) -> list[RawMessage]:
        with self.database.snapshot() as session:
            return self.inbox.left_open(session, self.queue)

    def _enqueue(self, raw: RawMessage, opened: Opened | None = None, served: int | None = None) -> None:
        self.queue.put(raw.conversation_id, raw.message_id, lambda: self._turn(raw, opened, served))

    async def _turn(
        self, raw: RawMessage, opened: Opened | None = None, served: int | None = None
    ) -> Sequence[Message] | None:
        """Steps 4 to 6, after 2 and 3 where they are still to be taken. Gives what `Answerer.answer` gave."""
        context = opened.context if opened is not None else TurnContext(raw, timer=StepTimer(raw.accepted_at))
        try:
            opened = opened or await self._open(raw, context.timer)
            context = opened.context
            question, reply = await self._think(opened)
            return await self.database.write(self._answer, context, question, reply, served)
        except TurnEnded:
            return None
        except Unanswered as error:
            await self._apologise(context, error.message, error.code)
        except KeyDestroyed:
            await self._end_erased(context)
        except UNRECORDED as error:
            self._stay_silent(context, error)
        except Exception as error:
            # A bug must neither retry forever nor leave the visitor waiting. The exception text may contain visitor
            # data, so it is not logged.
            log.error("turn:failed", message_id=raw.message_id, error=type(error).__name__, trace=trace(error))
            await self._apologise(context, None, "internal_error")
        return None

    async def _open(self, raw: RawMessage, timer: StepTimer) -> Opened:
        """Steps 2 and 3 of a message that was stored before."""
        with timer.step("mask"):
            opened = await self.database.write(self._reopen, raw, timer)
        if opened is None or opened.route is Route.GATEWAY:
            raise TurnEnded
        return opened

    def _reopen(self, raw: RawMessage, timer: StepTimer) -> Opened | None:
        found = self.mask.find(raw.text)
        with self.database.transaction() as session:
            return self.router.reopen(session, raw, found, timer)

    async def _think(self, opened: Opened) -> tuple[MaskedMessage, EngineReply]:
        """Step 4. The engine listens for standing requests first, and what it hears is obeyed before it acts.

        Gives what it was asked, which may be a part of the message or a question of earlier, and its answer.
        """
        context, whole = opened.context, opened.parts.whole
        if opened.plain.resume is not None:
            question = recalled(whole, opened.plain.resume)
            return question, replace(await self.thinker.answer(context, question, opened.slots), source=RESUMED)
        if opened.listens_first:
            understood = await self.thinker.understand(opened)
        else:
            reply = await self.thinker.listen(opened)
            if isinstance(reply, EngineReply):
                return whole, reply
            understood = reply.understood
        left = await self.database.write(self._obey, opened, understood)
        if left is None:
            raise TurnEnded
        question, slots = left
        return question, await self.thinker.answer(context, question, slots)

    def _obey(
        self, opened: Opened, understood: Sequence[Understanding]
    ) -> tuple[MaskedMessage, Mapping[str, Json]] | None:
        with self.database.transaction() as session:
            return self.router.obey_understood(session, opened, understood)

    def _answer(
        self, context: TurnContext, question: MaskedMessage, reply: EngineReply, served: int | None
    ) -> Sequence[Message] | None:
        with self.database.transaction() as session:
            return self.answerer.answer(session, context, question, reply, served)

    # When there is no answer.

    async def _apologise(self, context: TurnContext, message: MaskedMessage | None, code: str) -> None:
        log.warning("turn:engine:failed", message_id=context.turn_id, code=code)
        try:
            await self.database.write(self._apologise_now, context, message, code)
        except KeyDestroyed:
            await self._end_erased(context)
        except UNRECORDED as error:
            self._stay_silent(context, error)

    def _apologise_now(self, context: TurnContext, message: MaskedMessage | None, code: str) -> None:
        with self.database.transaction() as session:
            owner, _, _ = find_ending(session, context.conversation_id)
            self.endings.apology(session, context, owner, message, code)

    async def _end_erased(self, context: TurnContext) -> None:
        log.info("turn:erased", message_id=context.turn_id)
        await self.database.write(self._end_erased_now, context)

    def _end_erased_now(self, context: TurnContext) -> None:
        with self.database.transaction() as session:
            self.endings.erased(session, context)

    def _stay_silent(self, context: TurnContext, error: Exception) -> None:
        """Nothing could be recorded, so nothing is said (rule L1). The message stays open; `resume` takes it up."""
        log.error("turn:record:failed", message_id=context.turn_id, error=type(error).__name__)
        message = copy("turn.record_unavailable", context.language)
        data = {"message_id": context.turn_id, "code": "record_unavailable", "message": message}
        self.pubsub.send(conversation_topic(context.conversation_id), "unavailable", data)
        self.pubsub.publish({OPEN_TURNS: ()})
