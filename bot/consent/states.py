"""The words of consent: DPV's states as they stand in the table, one of our own, and for how long a yes may hold.

`ConsentPaused`: the visitor may have taken it back and was asked; nothing is used until they have answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

State: TypeAlias = Literal["none", "requested", "given", "refused", "withdrawn", "paused", "expired", "invalidated"]

REQUESTED, REFUSED, WITHDRAWN = "ConsentRequested", "ConsentRefused", "ConsentWithdrawn"
GIVEN, RENEWED = "ConsentGiven", "RenewedConsentGiven"
PAUSED, EXPIRED, INVALIDATED = "ConsentPaused", "ConsentExpired", "ConsentInvalidated"
YES = (GIVEN, RENEWED)

STATES: Mapping[str, State] = {
    REQUESTED: "requested",
    GIVEN: "given",
    RENEWED: "given",
    REFUSED: "refused",
    WITHDRAWN: "withdrawn",
    PAUSED: "paused",
    EXPIRED: "expired",
    INVALIDATED: "invalidated",
}
"""What each event leaves."""


class Scope(StrEnum):
    """How long a yes holds, as the visitor chose it."""

    ONCE = "once"
    CONVERSATION = "conversation"
    UNTIL_WITHDRAWN = "until_withdrawn"


DEFAULT_SCOPE = Scope.CONVERSATION
"""When a consent names no duration."""
MAX_VALIDITY = {Scope.ONCE: timedelta(hours=1), Scope.CONVERSATION: timedelta(days=1)}
"""When a yes ends by itself at the latest; `until_withdrawn` ends after CANDOR_CONSENT_DAYS."""
ASK_AGAIN = timedelta(days=30)
"""How long after a no the visitor is not asked again, unless they bring it up."""
