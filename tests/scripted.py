"""An engine that understands three words, held to the contract of the real one (thinking/test_engine_contract.py)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import EngineError
from bot.messages import EngineReply, Executed, Json, MaskedMessage, Ranked, Said
from bot.thinking import Recalled, Understanding

RULES = {"refund": "refund_policy", "robot": "are_you_a_robot", "human": "request_human"}


@dataclass
class ScriptedEngine:
    """Understands three words. `down` makes it fail; `hold` makes a turn wait until the event is set."""

    down: bool = False
    hold: asyncio.Event | None = None
    heard: list[MaskedMessage] = field(default_factory=list)
    slots: list[dict[str, Json]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    _answered: dict[str, EngineReply] = field(default_factory=dict)

    async def turn(self, message: MaskedMessage, slots: Mapping[str, Json]) -> EngineReply:
        self.heard.append(message)
        self.slots.append(dict(slots))
        if self.hold:
            await self.hold.wait()
        if self.down:
            raise EngineError("The assistant is not reachable.", code="engine_down")
        return self._answered.setdefault(message.message_id, _reply(message.text))

    async def fingerprint(self) -> str:
        if self.down:
            raise EngineError("The assistant is not reachable.", code="engine_down")
        return "scripted"

    async def recall(self, conversation_id: str, *, whole: bool = False) -> Recalled:
        if self.down:
            raise EngineError("The assistant is not reachable.", code="engine_down")
        heard = [m for m in self.heard if m.conversation_id == conversation_id and m.message_id in self._answered]
        events = [event for message in heard for event in _kept(message, self._answered[message.message_id])]
        slots = {key: value for key, value in (self.slots[-1] if heard else {}).items() if value is not None}
        return Recalled(tuple(events), slots, len(events))

    async def forget(self, conversation_id: str) -> None:
        if self.down:
            raise EngineError("The assistant is not reachable.", code="engine_down")
        self.forgotten.append(conversation_id)
        for message in self.heard:
            if message.conversation_id == conversation_id:
                self._answered.pop(message.message_id, None)

    async def understand(self, message: MaskedMessage) -> Understanding:
        if self.down:
            raise EngineError("The assistant is not reachable.", code="engine_down")
        intent = _intent(message.text)
        return Understanding(intent, 0.9, (Ranked(intent, 0.9),), 0.4)


def _intent(text: str) -> str:
    if text.startswith("/"):
        return text[1:].partition("{")[0]
    return next((intent for word, intent in RULES.items() if word in text.lower()), "nlu_fallback")


def _kept(message: MaskedMessage, reply: EngineReply) -> list[dict[str, Json]]:
    """The events of a turn that hold what somebody said."""
    meaning = {"intent": {"name": reply.intent, "confidence": reply.confidence}, "entities": []}
    heard = {"event": "user", "text": message.text, "parse_data": meaning, "message_id": message.message_id}
    return [heard, *({"event": "bot", "text": said.text} for said in reply.said)]


def _reply(text: str) -> EngineReply:
    intent = _intent(text)
    payload = text.startswith("/")
    return EngineReply(
        said=(Said(f"About {intent}: {text}", response=f"utter_{intent}"),),
        intent=intent,
        confidence=1.0 if payload else 0.9,
        source="payload" if payload else "classifier",
        ranking=(Ranked(intent, 0.9), Ranked("greeting", 0.1)),
        threshold=0.4,
        actions=(
            Executed(f"utter_{intent}", "NamedRulePolicy", 1.0, intent),
            Executed("action_listen", None, 1.0, None),
        ),
        slots={},
        model="scripted",
        fingerprint="scripted",
        failures=(),
        milliseconds=0.1,
    )
