"""Turns as the gateway records them, for tests about reading records."""

from __future__ import annotations

from typing import Any

from bot.core.messages import Author, EngineReply, Executed, Ranked, RawMessage, Said
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.decisions.turn_decisions import TurnContext, decisions_of
from bot.masking import PlaceholderStore, mask
from tests.parts import Parts


def reply(intent: str = "order_status", confidence: float = 0.91, **changes: Any) -> EngineReply:
    """What the engine answers."""
    values: dict[str, Any] = {
        "said": (Said("It is on its way.", response="utter_order_status"),),
        "intent": intent,
        "confidence": confidence,
        "source": "classifier",
        "ranking": (Ranked("order_status", 0.91), Ranked("delivery_time", 0.05), Ranked("refund_status", 0.02)),
        "threshold": 0.43,
        "actions": (Executed("utter_order_status", "NamedRulePolicy", 1.0, "order status"),),
        "slots": {},
        "model": "candor.tar.gz",
        "fingerprint": "abc123",
        "failures": (),
        "milliseconds": 5.0,
    }
    return EngineReply(**{**values, **changes})


def take_turn(parts: Parts, conversation_id: str, answer: EngineReply, text: str = "Where is my order?") -> str:
    """A visitor's message with its records and the assistant's answer; the answer's id."""
    row = parts.row(conversation_id)
    message_id = parts.say(conversation_id, Author.VISITOR, text)
    raw = RawMessage(message_id, conversation_id, row.visitor_id, text, row.language)
    masked = parts.write(lambda s: mask(s, PlaceholderStore(parts.keyring), raw))
    parts.record(*decisions_of(TurnContext(raw, timer=Untimed()), masked, answer))
    return parts.say(conversation_id, Author.ASSISTANT, answer.said[0].text, reply_to=message_id)


class Untimed:
    """Measures nothing: a turn without steps."""

    def timing(self) -> dict[str, list[float]]:
        return {}


def context(parts: Parts, conversation_id: str, turn_id: str) -> TurnContext:
    """The turn of a message of this conversation, whatever it said."""
    row = parts.row(conversation_id)
    raw = RawMessage(turn_id, conversation_id, row.visitor_id, "", row.language)
    return TurnContext(raw, timer=Untimed())


def gate(parts: Parts, conversation_id: str, turn_id: str | None, reason: str | None) -> Decision:
    """What the consent gate records."""
    return Decision(
        kind=Kind.GATE,
        conversation_id=conversation_id,
        visitor_id=parts.row(conversation_id).visitor_id,
        turn_id=turn_id,
        outcome="allowed" if reason is None else f"refused:{reason}",
        input={"purpose": "order_history", "consent": "given", "signed_in": True},
        result={"allowed": reason is None, "reason": reason},
        policy="consent gate",
        rule="purpose order_history/1",
        consent_record_id="con_1",
        lawful_basis="consent",
        categories=("order_status", "delivery"),
    )
