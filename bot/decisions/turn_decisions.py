"""Which decisions one turn of the engine holds: what was understood, each action chosen, the answer, a fallback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.core.ids import Json, now
from bot.core.messages import NOT_UNDERSTOOD, EngineReply, Executed, MaskedMessage, RawMessage, Said, Understanding
from bot.decisions.kinds import Kind
from bot.decisions.models import A_PERSON_ASKED_FOR, Decision
from bot.decisions.timing import StepTimer

ROUTINE = frozenset({"action_listen", "action_session_start", "action_unlikely_intent"})
"""Actions that decide nothing about anybody."""
ROUTES = {"desk": "a person answers here", "gateway": "needs no engine"}
"""Why a message did not go to the engine."""


@dataclass(frozen=True)
class TurnContext:
    """What is true of a whole turn, whichever step is at work.

    Attributes:
        disclosure: the version of the AI disclosure that was shown last in the conversation.
        gpc: the visitor's browser sends Global Privacy Control.
        client: whose copy of the conversation is brought up to date with the reply itself (`messaging.repository`);
            None for clients that keep a cursor.
        timer: measures the turn's steps.
    """

    raw: RawMessage
    gpc: bool = False
    disclosure: str | None = None
    client: str | None = None
    timer: StepTimer = field(default_factory=lambda: StepTimer(now()), repr=False)

    @property
    def conversation_id(self) -> str:
        return self.raw.conversation_id

    @property
    def turn_id(self) -> str:
        """The turn's id: that of the message it answers."""
        return self.raw.message_id

    @property
    def language(self) -> str:
        return self.raw.language

    def decision(self, kind: Kind, outcome: str, **more: Json) -> Decision:
        """A decision of this turn; `more` are its other fields."""
        return Decision(
            kind=kind,
            conversation_id=self.raw.conversation_id,
            visitor_id=self.raw.visitor_id,
            turn_id=self.raw.message_id,
            outcome=outcome[:96],
            language=self.raw.language,
            gpc=self.gpc,
            timing=self.timer.timing(),
            **more,
        )


def decisions_of(
    context: TurnContext, message: MaskedMessage, reply: EngineReply, message_ids: Sequence[str] = ()
) -> list[Decision]:
    """The turn's decisions in the order they were taken. Texts in them are masked.

    `message_ids` are the messages that were said; none when the answer stays unsaid.
    """
    model = {"model": reply.model, "fingerprint": reply.fingerprint}
    understood = _understanding(context, message, reply.source, reply, **model)
    decisions = [understood]
    if reply.intent == NOT_UNDERSTOOD:
        decisions.append(replace(understood, kind=Kind.FALLBACK, outcome="asked_again"))
    decisions += [_action(understood, action) for action in reply.actions if action.name not in ROUTINE]
    if reply.said:
        decisions.append(_answer(understood, reply, message_ids))
    return decisions


def failure(context: TurnContext, message: MaskedMessage | None, code: str) -> Decision:
    """The turn gave no answer, for the reason `code`."""
    return context.decision(Kind.FAILURE, code, input={"text": message.text} if message else {})


def understanding(context: TurnContext, message: MaskedMessage, understood: Understanding) -> Decision:
    """What a message was understood as, when the engine takes no turn."""
    source = "payload" if message.text.startswith("/") else "classifier"
    return _understanding(context, message, source, understood)


def route_of(context: TurnContext, outcome: str) -> Decision:
    """Who serves a message that the engine does not: `desk`, `gateway`, `stopped` or `stopped:<topic>`."""
    return context.decision(
        Kind.ROUTE,
        outcome,
        result={"route": outcome},
        rule=ROUTES.get(outcome, "the assistant is stopped"),
        human_involvement="none" if outcome == "gateway" else A_PERSON_ASKED_FOR,
    )


def _understanding(
    context: TurnContext, message: MaskedMessage, source: str, found: Understanding | EngineReply, **more: Json
) -> Decision:
    return context.decision(
        Kind.UNDERSTANDING,
        found.intent or "nothing",
        input={"text": message.text, "source": source},
        result={"intent": found.intent},
        intent=found.intent,
        confidence=found.confidence,
        alternatives=found.ranking,
        threshold=found.threshold,
        **more,
    )


def _action(understood: Decision, action: Executed) -> Decision:
    return replace(
        understood,
        kind=Kind.ACTION,
        outcome=action.name[:96],
        result={"action": action.name, "policy_confidence": action.confidence},
        policy=action.policy,
        rule=action.rule,
    )


def _answer(understood: Decision, reply: EngineReply, message_ids: Sequence[str]) -> Decision:
    chosen = [a for a in reply.actions if a.name not in ROUTINE]
    last = chosen[-1] if chosen else None
    names = [said.response or (last.name if last else "text") for said in reply.said]
    return replace(
        understood,
        kind=Kind.ANSWER,
        outcome=names[0][:96],
        result={
            "responses": names,
            "texts": [_shown(said) for said in reply.said],
            "slots": dict(reply.slots),
            "message_ids": list(message_ids),
        },
        policy=last.policy if last else None,
        rule=last.rule if last else None,
    )


def _shown(said: Said) -> str:
    return " ".join([said.text, *(f"({button.title})" for button in said.buttons)]).strip()
