"""The key to personal data: for one visitor, one purpose, one moment. Only the gate makes one (rule C1)."""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field
from datetime import datetime, timedelta

from bot.core.errors import Forbidden
from bot.core.ids import now

GATE = object()
"""The proof of origin that a Grant is made with; only bot/consent/gate.py may use it (a test checks that)."""

MOMENT = timedelta(seconds=30)
"""How long a grant can be used. A turn is over much sooner."""


class GrantError(Forbidden):
    """403: this grant does not open that data."""

    code = "no_grant"


@dataclass(frozen=True)
class Grant:
    """Leave to read one customer's data of some categories, for one purpose, until its moment ends.

    Functions that read personal data take it as their first argument and call `require` before they read.
    """

    visitor_id: str
    conversation_id: str
    customer_id: str = field(repr=False)
    purpose: str
    categories: frozenset[str]
    consent_record_id: str
    decision_id: str
    expires_at: datetime
    # An InitVar: dataclasses.replace() cannot carry it over, so a grant cannot be changed into another.
    proof: InitVar[object]

    def __post_init__(self, proof: object) -> None:
        if proof is not GATE:
            raise TypeError("A Grant comes from bot.consent.Gate.ask() only.")

    def require(self, purpose: str, category: str) -> str:
        """The customer whose data may be read for `purpose` and `category`, now.

        Raises:
            GrantError: the grant is for something else, or its moment is over.
        """
        if self.purpose != purpose or category not in self.categories:
            raise GrantError("This grant was given for another purpose; ask the gate for that one.")
        if now() >= self.expires_at:
            raise GrantError("This grant is over; ask the gate again.")
        return self.customer_id
