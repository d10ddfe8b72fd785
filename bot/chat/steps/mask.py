"""Step 3: identifiers become placeholders. Finding them is apart, so that no transaction waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot import masking
from bot.core.messages import RawMessage
from bot.masking.spans import Part
from bot.standing_requests.hearing import Parts, parts_of


@dataclass(frozen=True)
class Mask:
    """Makes a message fit for the engine."""

    placeholders: masking.PlaceholderStore

    def find(self, text: str) -> Sequence[Part]:
        """The identifiers in `text`; needs no database."""
        return masking.find(self.placeholders.finder, text)

    def take(self, session: Session, raw: RawMessage, found: Sequence[Part]) -> Parts:
        """The masked message, whole and in parts. `found` is what `find` gave."""
        return parts_of(masking.mask(session, self.placeholders, raw, found))
