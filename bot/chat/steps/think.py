"""Step 4: the engine. It is handed a MaskedMessage and nothing else of the visitor's (rule P1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from bot.chat.steps.route import Opened, Route
from bot.core.errors import EngineError
from bot.core.ids import Json
from bot.core.messages import EngineReply, MaskedMessage, Understanding
from bot.decisions.turn_decisions import TurnContext
from bot.messaging import PubSub
from bot.messaging.pubsub import conversation_topic
from bot.rasa import Engine, Held

log = structlog.get_logger(__name__)


class Unanswered(Exception):
    """The engine gave no answer to `message`, for the reason `code`."""

    def __init__(self, message: MaskedMessage, code: str) -> None:
        super().__init__(code)
        self.message, self.code = message, code


@dataclass(frozen=True)
class Thinker:
    """Asks the engine, and shows the visitor's screens that it is at work."""

    engine: Engine
    pubsub: PubSub

    async def listen(self, opened: Opened) -> EngineReply | Held:
        """The engine's turn, unless it heard what may be a standing request.

        Raises:
            Unanswered: there is no answer.
        """
        whole = opened.parts.whole
        self._show_working(opened.context)
        try:
            with opened.context.timer.step("think"):
                reply = await self.engine.listen(whole, opened.slots, opened.parts.all)
        except EngineError as error:
            raise Unanswered(whole, error.code) from error
        return reply if isinstance(reply, Held) else _complete(opened.context, whole, reply)

    async def understand(self, opened: Opened) -> tuple[Understanding, ...]:
        """What each part means. Without the engine a message to people stays theirs: then there are none.

        Raises:
            Unanswered: the engine was to answer, and is not there.
        """
        try:
            with opened.context.timer.step("understand"):
                return await self.engine.understand(opened.parts.all)
        except EngineError as error:
            if opened.route is Route.ENGINE:
                raise Unanswered(opened.parts.whole, error.code) from error
            return ()

    async def answer(self, context: TurnContext, question: MaskedMessage, slots: Mapping[str, Json]) -> EngineReply:
        """The engine's turn.

        Raises:
            Unanswered: there is no answer.
        """
        self._show_working(context)
        try:
            with context.timer.step("think"):
                reply = await self.engine.turn(question, slots)
        except EngineError as error:
            raise Unanswered(question, error.code) from error
        return _complete(context, question, reply)

    def _show_working(self, context: TurnContext) -> None:
        self.pubsub.send(conversation_topic(context.conversation_id), "working", {"message_id": context.turn_id})


def _complete(context: TurnContext, question: MaskedMessage, reply: EngineReply) -> EngineReply:
    if reply.failures:
        log.error("turn:action:failed", message_id=context.turn_id, failures=list(reply.failures))
    if not reply.said:
        raise Unanswered(question, "action_failed" if reply.failures else "no_answer")
    return reply
