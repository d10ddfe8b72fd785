"""An engine that is told what each text means, and runs the action of it as the real one does: through the webhook."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.ids import Json
from bot.core.messages import (
    NOT_UNDERSTOOD,
    Button,
    EngineReply,
    Executed,
    MaskedMessage,
    Ranked,
    Said,
    Score,
    Understanding,
)
from bot.rasa import Held, Recalled
from tests.actions.calls import call, said
from tests.actions.gateway import Door

THRESHOLD = 0.5
"""Of each detector of standing requests."""


@dataclass(frozen=True)
class Meaning:
    """What a text means: its intent, the action of the rule for it, and how sure the detectors of requests are."""

    intent: str = NOT_UNDERSTOOD
    action: str = "action_not_understood"
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass
class ActingEngine:
    """Knows the meaning of a masked text once it was told; any other text is not understood.

    Attributes:
        now: what the message under way means, whole; None when that was told before, in `meanings`.
        handed: every text that reached the engine, in whatever call.
        slots, before: its tracker.
        answers: what the actions answered in the turn under way, with the call's slots.
    """

    door: Door
    slots: dict[str, Any]
    now: Meaning | None = None
    meanings: dict[str, Meaning] = field(default_factory=dict)
    handed: list[str] = field(default_factory=list)
    before: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[Any, Any]] = field(default_factory=list)

    async def listen(
        self, message: MaskedMessage, slots: Mapping[str, Json], parts: Sequence[MaskedMessage]
    ) -> EngineReply | Held:
        held = Held(await self.understand(parts))
        asks = any(one.score >= one.threshold / 2 for each in held.understood for one in each.requests.values())
        return held if asks else await self.turn(message, slots)

    async def understand(self, messages: Sequence[MaskedMessage]) -> tuple[Understanding, ...]:
        self.handed += [each.text for each in messages]
        if self.now is not None:
            self.meanings[messages[0].text] = self.now
        return tuple(self._understand(each.text) for each in messages)

    async def turn(self, message: MaskedMessage, slots: Mapping[str, Json]) -> EngineReply:
        self.handed.append(message.text)
        self.slots.update(slots)
        meaning = self.meanings.get(message.text, Meaning())
        responses = self._act(meaning, message)
        self.before.append(said(message.text, meaning.intent, message.message_id, details(message.text)))
        return EngineReply(
            said=tuple(_said(each) for each in responses),
            intent=meaning.intent,
            confidence=0.9,
            source="payload" if message.text.startswith("/") else "classifier",
            ranking=(Ranked(meaning.intent, 0.9),),
            threshold=0.4,
            actions=(Executed(meaning.action, "RulePolicy", 1.0, meaning.intent),),
            slots={},
            model="acting",
            fingerprint="acting",
            failures=(),
            milliseconds=0.1,
        )

    async def recall(self, conversation_id: str, *, whole: bool = False) -> Recalled:
        return Recalled(tuple(self.before), self.slots, len(self.before))

    async def forget(self, conversation_id: str) -> None:
        self.before.clear()

    async def fingerprint(self) -> str:
        return "acting"

    def _understand(self, text: str) -> Understanding:
        meaning = self.meanings.get(text, Meaning())
        requests = {name: Score(score, THRESHOLD) for name, score in meaning.scores.items()}
        return Understanding(meaning.intent, 0.9, (Ranked(meaning.intent, 0.9),), 0.4, requests)

    def _act(self, meaning: Meaning, message: MaskedMessage) -> list[Any]:
        """The responses of the action and of those that follow it."""
        responses, todo = list[Any](), [meaning.action]
        while todo:
            body = call(
                todo.pop(),
                message.conversation_id,
                message.text,
                meaning.intent,
                before=self.before,
                slots=self.slots,
                message_id=message.message_id,
            )
            body["tracker"]["latest_message"]["entities"] = details(message.text)
            answer = self.door.post("/webhook", json=body)
            self.answers.append((body["tracker"]["slots"], answer.json()))
            if answer.status_code != 200:
                continue
            for event in answer.json()["events"]:
                if event["event"] == "slot":
                    self.slots[event["name"]] = event["value"]
                if event["event"] == "followup":
                    todo.append(event["name"])
            responses += answer.json()["responses"]
        return responses


def details(text: str) -> list[dict[str, Any]]:
    """The entities of a payload such as `/recommend{"suggestions": "general"}`, as Rasa reads them."""
    _, brace, rest = text.partition("{") if text.startswith("/") else ("", "", "")
    return [{"entity": name, "value": value} for name, value in json.loads(brace + rest or "{}").items()]


def _said(response: Mapping[str, Any]) -> Said:
    buttons = tuple(Button(each["title"], each["payload"]) for each in response["buttons"])
    return Said(response["text"] or "", buttons, custom=response["custom"] or {})
