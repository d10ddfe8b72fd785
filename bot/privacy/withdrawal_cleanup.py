"""Clears data that was read under a purpose no consent covers any more, in every table that holds it (rule C2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.consent import State
from bot.handoff import Handoffs
from bot.masking import PlaceholderStore
from bot.oversight.repository.corrections import clear_quotes
from bot.policies import IMPROVEMENT

TAKEN_BACK: frozenset[State] = frozenset({"refused", "withdrawn", "invalidated"})
"""States of a consent after which data read under it may not be used any more. Expiry is not among them: what was read
for one question or one review stays with that."""


@dataclass(frozen=True)
class WithdrawalCleanup:
    """The hook of `Consents` for purposes that are no longer covered in a conversation: consent may not import this."""

    placeholders: PlaceholderStore
    handoffs: Handoffs

    def __call__(self, session: Session, conversation_id: str, over: Mapping[str, State]) -> None:
        """Clear placeholders; for purposes taken back also addresses at the desk and words proposed for training.

        Args:
            over: the purposes, each with the state of its consent.
        """
        self.placeholders.forget(session, conversation_id, over)
        taken_back = [purpose for purpose, state in over.items() if state in TAKEN_BACK]
        self.handoffs.forget_contacts(session, conversation_id, taken_back)
        if IMPROVEMENT in taken_back:
            clear_quotes(session, conversation_id)
