"""Which decisions one turn of the engine holds: what was understood, each action chosen, the answer, a fallback."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.messages import NOT_UNDERSTOOD, Decision, EngineReply, Executed, Kind, MaskedMessage, Said

ROUTINE = frozenset({"action_listen", "action_session_start", "action_unlikely_intent"})
"""Actions that decide nothing about anybody."""


@dataclass(frozen=True)
class Setting:
    """What is true of a whole turn, whichever decision is recorded."""

    conversation_id: str
    visitor_id: str
    turn_id: str
    language: str
    gpc: bool

    def decision(self, kind: Kind, outcome: str) -> Decision:
        """A decision of this turn, to be filled in."""
        return Decision(
            kind=kind,
            conversation_id=self.conversation_id,
            visitor_id=self.visitor_id,
            turn_id=self.turn_id,
            outcome=outcome[:96],
            language=self.language,
            gpc=self.gpc,
        )


def decisions_of(setting: Setting, message: MaskedMessage, reply: EngineReply) -> list[Decision]:
    """The turn's decisions in the order they were taken. Texts in them are masked."""
    understood = _understanding(setting, message, reply)
    decisions = [understood]
    if reply.intent == NOT_UNDERSTOOD:
        decisions.append(replace(understood, kind=Kind.FALLBACK, outcome="asked_again"))
    decisions += [_action(understood, action) for action in reply.actions if action.name not in ROUTINE]
    if reply.said:
        decisions.append(_answer(understood, reply))
    return decisions


def failure(setting: Setting, message: MaskedMessage | None, code: str) -> Decision:
    """The turn gave no answer, for the reason `code`."""
    decision = setting.decision(Kind.FAILURE, code)
    return replace(decision, input={"text": message.text} if message else {})


def _understanding(setting: Setting, message: MaskedMessage, reply: EngineReply) -> Decision:
    return replace(
        setting.decision(Kind.UNDERSTANDING, reply.intent or "nothing"),
        input={"text": message.text, "source": reply.source},
        result={"intent": reply.intent},
        intent=reply.intent,
        confidence=reply.confidence,
        alternatives=reply.ranking,
        threshold=reply.threshold,
        model=reply.model,
        fingerprint=reply.fingerprint,
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


def _answer(understood: Decision, reply: EngineReply) -> Decision:
    chosen = [a for a in reply.actions if a.name not in ROUTINE]
    last = chosen[-1] if chosen else None
    names = [said.response or (last.name if last else "text") for said in reply.said]
    return replace(
        understood,
        kind=Kind.ANSWER,
        outcome=names[0][:96],
        result={"responses": names, "texts": [_shown(said) for said in reply.said], "slots": dict(reply.slots)},
        policy=last.policy if last else None,
        rule=last.rule if last else None,
    )


def _shown(said: Said) -> str:
    return " ".join([said.text, *(f"({button.title})" for button in said.buttons)]).strip()
