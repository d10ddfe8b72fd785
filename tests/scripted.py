"""An engine that understands a few words, held to the contract of the real one (thinking/test_engine_contract.py)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.errors import EngineError
from bot.core.ids import Json
from bot.core.messages import NOT_UNDERSTOOD, EngineReply, Executed, MaskedMessage, Ranked, Said, Score, Understanding
from bot.rasa import Held, Recalled

RULES = {"refund": "refund_policy", "can you do": "what_can_you_do", "order": "order_status"}
REQUESTS = ("human", "persona", "robot", "withdraw")
"""The detectors of standing requests. Each hears the word that it is named by."""
HEARD, UNHEARD, THRESHOLD = 0.95, 0.01, 0.5


@dataclass
class ScriptedEngine:
    """Understands a few words. `down` makes it fail; `hold` makes a turn wait until the event is set.

    Attributes:
        heard: the messages of its turns, in order; `slots`: what was set with them.
        handed: every text that it was handed, in whatever call.
        scores: further scores, by a word of the text and the request: `{("maybe", "withdraw"): 0.4}`.
    """

    down: bool = False
    hold: asyncio.Event | None = None
    scores: dict[tuple[str, str], float] = field(default_factory=dict)
    handed: list[str] = field(default_factory=list)
    heard: list[MaskedMessage] = field(default_factory=list)
    slots: list[dict[str, Json]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    _answered: dict[str, EngineReply] = field(default_factory=dict)

    async def turn(self, message: MaskedMessage, slots: Mapping[str, Json]) -> EngineReply:
        self.handed.append(message.text)
        self._check()
        self.heard.append(message)
        self.slots.append(dict(slots))
        if self.hold:
            await self.hold.wait()
        self._check()
        return self._answered.setdefault(message.message_id, _reply(message.text))

    async def listen(
        self, message: MaskedMessage, slots: Mapping[str, Json], parts: Sequence[MaskedMessage]
    ) -> EngineReply | Held:
        if not self.down and message.message_id not in self._answered:
            understood = await self.understand(parts)
            if any(one.score >= one.threshold / 2 for each in understood for one in each.requests.values()):
                return Held(understood)
        return await self.turn(message, slots)

    async def understand(self, messages: Sequence[MaskedMessage]) -> tuple[Understanding, ...]:
        self.handed.extend(message.text for message in messages)
        self._check()
        return tuple(self._understanding(message.text) for message in messages)

    async def fingerprint(self) -> str:
        self._check()
        return "scripted"

    async def recall(self, conversation_id: str, *, whole: bool = False) -> Recalled:
        self._check()
        heard = [m for m in self.heard if m.conversation_id == conversation_id and m.message_id in self._answered]
        events = [event for message in heard for event in _kept(message, self._answered[message.message_id])]
        slots = {key: value for key, value in (self.slots[-1] if heard else {}).items() if value is not None}
        return Recalled(tuple(events), slots, len(events))

    async def forget(self, conversation_id: str) -> None:
        self._check()
        self.forgotten.append(conversation_id)
        for message in self.heard:
            if message.conversation_id == conversation_id:
                self._answered.pop(message.message_id, None)

    def _check(self) -> None:
        if self.down:
            raise EngineError("The assistant is not reachable.", code="engine_down")

    def _understanding(self, text: str) -> Understanding:
        intent = _intent(text)
        payload = text.startswith("/")
        requests = {} if payload else {name: Score(self._score(text, name), THRESHOLD) for name in REQUESTS}
        return Understanding(
            intent,
            1.0 if payload else 0.9 if intent != NOT_UNDERSTOOD else 0.2,
            (Ranked(intent if intent != NOT_UNDERSTOOD else "greeting", 0.9),),
            None if payload else 0.4,
            requests,
        )

    def _score(self, text: str, request: str) -> float:
        told = {word: score for (word, name), score in self.scores.items() if name == request}
        found = (score for word, score in {request: HEARD, **told}.items() if word in text.lower())
        return max(found, default=UNHEARD)


def _intent(text: str) -> str:
    if text.startswith("/"):
        return text[1:].partition("{")[0]
    return next((intent for word, intent in RULES.items() if word in text.lower()), NOT_UNDERSTOOD)


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
