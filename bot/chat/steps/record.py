"""Steps 5 and 6: decision records and the reply in one transaction. Its commit wakes the screens (rule L1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bot.chat.repository import end_turn, find_ending
from bot.chat.steps.endings import Endings
from bot.core.ids import now
from bot.core.messages import Author, EngineReply, MaskedMessage, Owner
from bot.core.settings import Settings
from bot.db.disclosed import set_disclosed_version
from bot.decisions import Recorder
from bot.decisions.turn_decisions import TurnContext, decisions_of
from bot.masking import PlaceholderStore
from bot.messaging import Message, Outbox
from bot.messaging.repository import remember
from bot.oversight import stops


@dataclass(frozen=True)
class Answerer:
    """Records and says what the engine answered, in the caller's transaction."""

    settings: Settings
    outbox: Outbox
    recorder: Recorder
    placeholders: PlaceholderStore
    endings: Endings

    def answer(
        self, session: Session, context: TurnContext, question: MaskedMessage, reply: EngineReply, served: int | None
    ) -> Sequence[Message] | None:
        """Record the turn's decisions, then say the reply.

        A human may have taken over while the engine was thinking: then the answer stays unsaid (rule H1). So it does
        when the assistant was stopped meanwhile.

        Args:
            served: the event up to which the turn's client has been sent everything, the visitor's message included;
                None when it has to be asked.

        Returns:
            The messages, when with them the client has been sent everything; None when it has to read what is new.
        """
        owner, last_event, stopped = find_ending(session, context.conversation_id)
        if not end_turn(session, context.turn_id):
            return None
        set_disclosed_version(session, context.conversation_id, context.disclosure)
        steps = (action.name for action in reply.actions)
        stop = self.endings.stops.covering(stops.active(session), reply.intent, steps) if stopped else None
        silent = owner == Owner.HUMAN or stop is not None
        messages = [] if silent else self._messages(session, context, reply)
        decisions = decisions_of(context, question, reply, [message.id for message in messages])
        self.recorder.record_all(session, decisions)
        # Shown later than recorded, also by the clock (rule L1).
        messages = [replace(message, created_at=now()) for message in messages]
        if messages:
            last = self.outbox.add(session, context.conversation_id, context.raw.visitor_id, messages)
            if context.client is not None and served == last_event:
                remember(session, context.conversation_id, context.client, last)
                return messages
        if stop is not None:
            self.endings.stopped(session, context, owner, stop)
        return None

    def _messages(self, session: Session, context: TurnContext, reply: EngineReply) -> list[Message]:
        return [
            Message(
                Author.ASSISTANT,
                self.placeholders.fill(session, context.conversation_id, said.text),
                author_name=self.settings.assistant_name,
                buttons=said.buttons,
                consent_request=said.custom.get("consent_request"),
                reply_to=context.turn_id,
            )
            for said in reply.said
        ]
