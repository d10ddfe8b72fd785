"""The values that carry a message through a turn. Each type can only be made by the step that owns it.

RawMessage -> MaskedMessage -> EngineReply -> Reply, with Decisions beside them. All are frozen.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""A value that `json.dumps` takes."""

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


BY_A_PERSON = "decided by a person"
"""What a record's automation level and human involvement say when no software decided it."""


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def new_id(prefix: str) -> str:
    """A new identifier that sorts by time: prefix, milliseconds in hex, 80 random bits."""
    return f"{prefix}_{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


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
class Executed:
    """One action the engine ran, with the policy and the rule that chose it."""

    name: str
    policy: str | None
    confidence: float | None
    rule: str | None


@dataclass(frozen=True)
class EngineReply:
    """What one turn of the engine gave: messages and the whole trace (docs/ARCHITECTURE.md)."""

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


class Kind(StrEnum):
    """What a record is about: a decision of the software, or what a person did about one."""

    REQUEST = "request"
    UNDERSTANDING = "understanding"
    ROUTE = "route"
    GATE = "gate"
    ACTION = "action"
    ANSWER = "answer"
    FALLBACK = "fallback"
    HANDOFF = "handoff"
    FAILURE = "failure"
    CONTEST = "contest"
    REVIEW = "review"
    CORRECTION = "correction"
    ACCESS = "access"
    STOP = "stop"
    ERASURE = "erasure"
    HOLD = "hold"
    RECTIFICATION = "rectification"


DECISIONS = (
    Kind.REQUEST,
    Kind.UNDERSTANDING,
    Kind.ROUTE,
    Kind.GATE,
    Kind.ACTION,
    Kind.ANSWER,
    Kind.FALLBACK,
    Kind.HANDOFF,
    Kind.FAILURE,
)
"""The kinds of record that are decisions of the software; the others are acts of people."""


@dataclass(frozen=True)
class Decision:
    """Something the software decided by itself about a visitor, before it is written (docs/spec/decision-record.md).

    `input` and `result` are minimised: masked text, names of categories, never a value of personal data. `timing` is
    `{step: [milliseconds from the turn's start, milliseconds it took]}`. `outlives_erasure` is for what must stay
    readable when the visitor is erased, such as the record of that erasure.
    """

    kind: Kind
    conversation_id: str
    visitor_id: str
    turn_id: str | None
    outcome: str
    input: Mapping[str, Json] = field(default_factory=dict)
    result: Mapping[str, Json] = field(default_factory=dict)
    intent: str | None = None
    confidence: float | None = None
    alternatives: Sequence[Ranked] = ()
    threshold: float | None = None
    policy: str | None = None
    rule: str | None = None
    model: str | None = None
    fingerprint: str | None = None
    consent_record_id: str | None = None
    lawful_basis: str | None = None
    categories: Sequence[str] = ()
    human_involvement: str = "none"
    language: str = "en"
    automation_level: str = "fully automated"
    gpc: bool = False
    timing: Mapping[str, Json] = field(default_factory=dict)
    outlives_erasure: bool = False
