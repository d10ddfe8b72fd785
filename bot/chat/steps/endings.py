"""The ends of a turn without an answer by the engine: at the gateway, at the desk, in an apology."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.chat.repository import end_turn
from bot.core.i18n import copy
from bot.core.messages import Author, Button, MaskedMessage, Owner
from bot.core.settings import Settings
from bot.db import touch
from bot.db.models import ConversationRow, StopRow
from bot.db.rows import load
from bot.decisions import Recorder
from bot.decisions.turn_decisions import TurnContext, failure, route_of
from bot.messaging import Message, Outbox
from bot.messaging.pubsub import QUEUE
from bot.oversight import stops
from bot.oversight.stops import ASK_FOR_HUMAN, Stops
from bot.privacy.erasure.service import turn_ended

DESK, GATEWAY, STOPPED = "desk", "gateway", "stopped"
"""Outcomes of the record that says who served a message instead of the engine."""


@dataclass(frozen=True)
class Endings:
    """Ends turns in the caller's transaction, each on record."""

    settings: Settings
    outbox: Outbox
    recorder: Recorder
    stops: Stops

    def at_gateway(self, session: Session, context: TurnContext) -> None:
        """The gateway served the message by itself: nothing is left for the engine or for people."""
        end_turn(session, context.turn_id)
        self._record(session, context, GATEWAY)

    def at_desk(self, session: Session, context: TurnContext) -> None:
        """A human owns the conversation: the desk has the message."""
        end_turn(session, context.turn_id)
        self._record(session, context, DESK)

    def stopped(self, session: Session, context: TurnContext, owner: str, stop: StopRow) -> None:
        """The assistant is stopped, wholly or for this: the desk gets the message, unless somebody there has it."""
        end_turn(session, context.turn_id)
        if owner == Owner.HUMAN:
            self._record(session, context, DESK)
            touch(session, QUEUE)
            return
        self._record(session, context, stops.outcome(STOPPED, stop))
        conversation = load(session, ConversationRow, context.conversation_id)
        self.stops.answer(session, conversation, stop, context.turn_id, context.language)

    def apology(
        self, session: Session, context: TurnContext, owner: str, message: MaskedMessage | None, code: str
    ) -> None:
        """The engine gave no answer, for the reason `code`: say so, with the way to a human. Recorded first."""
        if not end_turn(session, context.turn_id):
            return
        self.recorder.record(session, failure(context, message, code))
        if owner == Owner.HUMAN:
            return
        text = copy("turn.no_answer", context.language, company=self.settings.company)
        human = Button(copy("turn.talk_to_a_human", context.language), ASK_FOR_HUMAN)
        apology = Message(Author.SYSTEM, text, buttons=[human], reply_to=context.turn_id)
        self.outbox.add(session, context.conversation_id, context.raw.visitor_id, [apology])

    def erased(self, session: Session, context: TurnContext) -> None:
        """The visitor was erased meanwhile: the turn ends without a word, and that it did is on record."""
        if end_turn(session, context.turn_id):
            self.recorder.record(session, turn_ended(context.conversation_id, context.raw.visitor_id, context.turn_id))

    def _record(self, session: Session, context: TurnContext, outcome: str) -> None:
        self.recorder.record(session, route_of(context, outcome))
