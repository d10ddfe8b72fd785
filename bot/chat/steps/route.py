"""Step 2: who serves a message. Standing requests that need no engine to be heard are obeyed here (rule H1, C2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from sqlalchemy.orm import Session

from bot.chat.repository import ConversationState, find_state, is_open
from bot.chat.steps.endings import Endings
from bot.chat.steps.mask import Mask
from bot.consent import Consents
from bot.core.ids import Json
from bot.core.messages import MaskedMessage, Owner, RawMessage, Understanding
from bot.core.settings import Settings
from bot.db import touch
from bot.db.disclosed import set_disclosed_version
from bot.db.models import ConversationRow, StopRow
from bot.db.rows import load
from bot.decisions import Recorder, repository
from bot.decisions.kinds import Kind
from bot.decisions.timing import StepTimer
from bot.decisions.turn_decisions import TurnContext, understanding
from bot.handoff import Handoffs
from bot.masking.spans import Part
from bot.messaging.pubsub import QUEUE
from bot.oversight import stops
from bot.standing_requests.hearing import Parts, plainly, surely, topical
from bot.standing_requests.requests import Heard, Request
from bot.standing_requests.service import Obeyed, StandingRequests


class Route(Enum):
    """Who serves a message: the engine, a human at the desk, the gateway by itself, or nobody: the assistant is off."""

    ENGINE = "engine"
    DESK = "desk"
    GATEWAY = "gateway"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Opened:
    """A message after steps 2 and 3.

    Attributes:
        parts: the masked message, whole and in parts.
        slots: what the engine is to know: `{slot: value}`, None clears one.
        off: the stops that are on.
        plain: the standing requests that were found by button or phrase, and what came of them.
    """

    context: TurnContext
    route: Route
    parts: Parts
    slots: Mapping[str, Json]
    off: Sequence[StopRow]
    plain: Obeyed

    @property
    def listens_first(self) -> bool:
        """Whether what the message means has to be known before the engine may take a turn, if it takes one at all."""
        return self.route is not Route.ENGINE or bool(self.off) or bool(self.plain.heard)


@dataclass(frozen=True)
class Router:
    """Opens turns in the caller's transaction."""

    settings: Settings
    recorder: Recorder
    consents: Consents
    handoffs: Handoffs
    requests: StandingRequests
    mask: Mask
    endings: Endings

    def open(
        self, session: Session, state: ConversationState, raw: RawMessage, found: Sequence[Part], timer: StepTimer,
        client: str | None = None,
    ) -> Opened:  # fmt: skip
        """Steps 2 and 3. What the gateway serves by itself is on record and ends here.

        Args:
            found: what `Mask.find` gave for the message.
        """
        set_disclosed_version(session, state.id, state.disclosure)
        context = TurnContext(raw, state.gpc, state.disclosure, client, timer)
        off = stops.active(session) if state.stopped else ()
        parts = self.mask.take(session, raw, found)
        route, plain = self._route(session, state, raw, off), Obeyed()
        heard = plainly(parts) if route is not Route.GATEWAY else []
        if heard:
            plain = self._obey(session, context, heard, route)
        if plain.whole and plain.resume is None:
            route = Route.GATEWAY
        if route is Route.GATEWAY:
            self.endings.at_gateway(session, context)
        slots = self._slots(session, context, anything_chosen=state.consents or bool(plain.heard))
        return Opened(context, route, parts, slots, off, plain)

    def reopen(self, session: Session, raw: RawMessage, found: Sequence[Part], timer: StepTimer) -> Opened | None:
        """As `open`, for a message that was stored before; None when its turn has been taken already."""
        state = find_state(session, raw.conversation_id, None)
        if state is None or not is_open(session, raw.message_id):
            return None
        return self.open(session, state, raw, found, timer)

    def obey_understood(
        self, session: Session, opened: Opened, understood: Sequence[Understanding]
    ) -> tuple[MaskedMessage, Mapping[str, Json]] | None:
        """Obey what the engine heard. Gives what is left to be answered and its slots; None when the turn has ended."""
        context = opened.context
        state = find_state(session, context.conversation_id, None)
        if state is None or not is_open(session, context.turn_id):
            return None
        set_disclosed_version(session, state.id, state.disclosure)
        heard = surely(opened.parts, understood, opened.plain.heard)
        obeyed = self._obey(session, context, heard, opened.route).after(opened.plain)
        question = self._question(session, opened, understood, obeyed)
        return None if question is None else (question, self._slots(session, context))

    def _route(self, session: Session, state: ConversationState, raw: RawMessage, off: Sequence[StopRow]) -> Route:
        """Who serves this message, if it is no standing request."""
        if state.owner == Owner.HUMAN:
            touch(session, QUEUE)
            return Route.DESK
        if state.wants_contact:
            conversation = load(session, ConversationRow, state.id)
            if self.handoffs.take_contact(session, conversation, raw.text, raw.message_id):
                return Route.GATEWAY
        return Route.ENGINE if stops.wholly(off) is None else Route.STOPPED

    def _obey(self, session: Session, context: TurnContext, heard: Sequence[Heard], route: Route) -> Obeyed:
        """Obey, once: what was obeyed before this turn was cut short is on record, and is not done again.

        The question that such a yes had let go on is still to be answered.
        """
        if not heard:
            return Obeyed()
        conversation = load(session, ConversationRow, context.conversation_id)
        rows = repository.of_turn(session, conversation.id, context.turn_id)
        earlier = {row.outcome.partition(":")[0] for row in rows if row.kind == Kind.REQUEST}
        done = tuple(one for one in heard if one.request.value in earlier)
        left = [one for one in heard if one not in done]
        silent = conversation.owner == Owner.HUMAN or route is not Route.ENGINE
        obeyed = self.requests.obey(session, conversation, context, left, assistant_silent=silent)
        said_yes = any(one.request in (Request.ALLOW, Request.RESUME) for one in done)
        resume = self.requests.waiting(session, conversation) if said_yes and not silent else None
        return obeyed.after(Obeyed(done, resume))

    def _question(
        self, session: Session, opened: Opened, understood: Sequence[Understanding], obeyed: Obeyed
    ) -> MaskedMessage | None:
        """What the engine is to answer once the requests are obeyed; None when the turn has ended, on record."""
        context = opened.context
        owner = load(session, ConversationRow, context.conversation_id).owner
        if owner == Owner.HUMAN:
            self.endings.at_desk(session, context)
            return None
        if obeyed.whole:
            self.endings.at_gateway(session, context)
            return None
        stop = self.endings.stops.covering(opened.off, understood[0].intent if understood else None)
        if stop is not None:
            if understood and stop.topic is not None:
                self.recorder.record(session, understanding(context, opened.parts.whole, understood[0]))
            self.endings.stopped(session, context, owner, stop)
            return None
        if not obeyed.heard:
            return opened.parts.whole
        question = topical(opened.parts, understood, obeyed.heard)
        if question is None:
            self.endings.at_gateway(session, context)
        return question

    def _slots(self, session: Session, context: TurnContext, *, anything_chosen: bool = True) -> dict[str, Json]:
        """What the engine is to know. What no consent covers any more is forgotten first (rule C2)."""
        if anything_chosen:
            cleared = self.consents.clear_revoked(session, load(session, ConversationRow, context.conversation_id))
        else:
            cleared = self.consents.slots_without_consent()
        return {"language": context.language, "company": self.settings.company, **cleared}
