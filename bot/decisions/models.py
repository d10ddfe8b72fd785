"""What a decision record is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.ids import Json
from bot.core.messages import Ranked
from bot.decisions.kinds import Kind

BY_A_PERSON = "decided by a person"
"""What a record's automation level and human involvement say when no software decided it."""
A_PERSON_ASKED_FOR = "a person was asked for"
"""What a record's human involvement says when somebody waits for a person."""
REQUEST_POLICY = "standing requests"
"""The policy of the records of standing requests, and of the answers to them."""


@dataclass(frozen=True)
class Decision:
    """A decision of the software about a visitor, before it is recorded (docs/reference/spec/decision-record.md).

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
    gpc: bool = False
    timing: Mapping[str, Json] = field(default_factory=dict)
    outlives_erasure: bool = False

    @property
    def automation_level(self) -> str:
        """As the DPV names it: whether software decided, or a person."""
        return BY_A_PERSON if self.human_involvement == BY_A_PERSON else "fully automated"

    @classmethod
    def by_person(cls, kind: Kind, conversation_id: str, visitor_id: str, outcome: str, **more: Json) -> Decision:
        """An act of a person: no software decided it. `more` are the other fields."""
        acted = {"turn_id": None, "human_involvement": BY_A_PERSON, "outlives_erasure": kind.lasting}
        return cls(kind, conversation_id, visitor_id, outcome=outcome, **{**acted, **more})
