"""What a standing request is: which one, where in the message it stands, and by what it was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias

from bot.consent import Scope

By: TypeAlias = Literal["button", "phrase", "classifier"]


class Request(StrEnum):
    """What a visitor may ask for in any message and any state.

    Those of one message are obeyed in this order: what protects comes first.
    """

    WITHDRAW = "withdraw"
    ERASE = "erase"
    REFUSE = "refuse"
    RESUME = "resume"
    ALLOW = "allow"
    ROBOT = "robot"
    PERSONA = "persona"
    HUMAN = "human"


@dataclass(frozen=True)
class Heard:
    """One request found in a message.

    Attributes:
        text: the words that hold it, masked: the whole message or a part of it.
        by: a button's payload, a phrase of the closed lists, or a trained detector.
        rule: which phrase (its list and pattern) or which detector.
        score: of the detector, 0 to 1, with the `threshold` in force; None for the others.
        model: the file of the model that scored it, with its `fingerprint`.
        purposes: those that a button or a phrase names; empty: none in particular.
        scope: for how long, of a yes that says so.
        unsure: it may be meant: use pauses, and the visitor is asked.
        part: the list of a phrase.
        clause: the number of the message's part that holds it; None: it is the whole message.
    """

    request: Request
    text: str = field(repr=False)
    by: By
    rule: str
    score: float | None = None
    threshold: float | None = None
    model: str | None = None
    fingerprint: str | None = None
    purposes: tuple[str, ...] = ()
    scope: Scope | None = None
    unsure: bool = False
    part: str = ""
    clause: int | None = None
