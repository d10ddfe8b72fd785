"""The values that carry a message through a turn. Each type can only be made by the step that owns it.

RawMessage -> MaskedMessage -> EngineReply. All are frozen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.ids import Json, now

MASKING = object()
"""The proof of origin inside a MaskedMessage; only bot.masking may use it (a test checks that)."""

PLACEHOLDER = re.compile(
    r"\[(?:EMAIL|PHONE|CARD|ACCOUNT|ORDER|NUMBER|SECRET|NAME|ADDRESS|DATE|ID|NETWORK|MORE|ANSWER)_[1-9][0-9]{0,5}\]"
)
"""What stands in place of an identifier (or of a personal answer) wherever the engine can see it."""


NOT_UNDERSTOOD = "nlu_fallback"
"""The intent of a message whose best intent stays below the threshold."""


class Author(StrEnum):
    """Who said it. Only the server sets it (rule D2)."""

    VISITOR = "visitor"
    ASSISTANT = "assistant"
    HUMAN = "human"
    SYSTEM = "system"


class Owner(StrEnum):
    """Who answers in a conversation."""

    ASSISTANT = "assistant"
    HUMAN = "human"


@dataclass(frozen=True)
class Button:
    """A choice offered with a message. `payload` is what a press sends, a Rasa intent such as `/request_human`."""

    title: str
    payload: str

    def as_json(self) -> dict[str, str]:
        """`{title, payload}`."""
        return {"title": self.title, "payload": self.payload}


@dataclass(frozen=True)
class RawMessage:
    """What the visitor sent, word for word. Never logged, never handed to the engine.

    `seen` is the number of the last event that a client of the conversation had been sent before.
    """

    message_id: str
    conversation_id: str
    visitor_id: str
    text: str = field(repr=False)
    language: str
    accepted_at: datetime = field(default_factory=now)
    seen: int = 0


@dataclass(frozen=True)
class MaskedMessage:
    """What the engine may see: identifiers are placeholders. Only `bot.masking` makes one."""

    message_id: str
    conversation_id: str
    text: str = field(repr=False)
    placeholders: tuple[str, ...]
    made_by: object = field(repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        if self.made_by is not MASKING:
            raise TypeError("A MaskedMessage comes from bot.masking.mask() only.")


@dataclass(frozen=True)
class Said:
    """One thing the assistant says, as the engine gave it."""

    text: str = field(repr=False)
    buttons: tuple[Button, ...] = ()
    response: str | None = None
    custom: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Ranked:
    """One intent of the ranking with its confidence, 0 to 1."""

    name: str
    confidence: float


@dataclass(frozen=True)
class Score:
    """How sure a detector of standing requests is, 0 to 1, and from where on the request counts as heard."""

    score: float
    threshold: float


@dataclass(frozen=True)
class Understanding:
    """What a text means, outside of any conversation. `requests`: the score of each standing request.

    `model` and its `fingerprint` are those that said so.
    """

    intent: str
    confidence: float
    ranking: tuple[Ranked, ...]
    threshold: float | None
    requests: Mapping[str, Score] = field(default_factory=dict)
    model: str | None = None
    fingerprint: str | None = None

    @property
    def understood(self) -> bool:
        """Whether the intent may be acted upon."""
        return self.threshold is None or self.confidence >= self.threshold


@dataclass(frozen=True)
class Executed:
    """One action the engine ran, with the policy and the rule that chose it."""

    name: str
    policy: str | None = None
    confidence: float | None = None
    rule: str | None = None


@dataclass(frozen=True)
class EngineReply:
    """What one turn of the engine gave: messages and the whole trace (docs/explanation/architecture.md)."""

    said: tuple[Said, ...]
    intent: str | None
    confidence: float | None
    source: str
    ranking: tuple[Ranked, ...]
    threshold: float | None
    actions: tuple[Executed, ...]
    slots: Mapping[str, Json]
    model: str
    fingerprint: str
    failures: tuple[str, ...]
    milliseconds: float
