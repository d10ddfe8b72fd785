"""What was read under purposes that no consent covers any more is erased, wherever it lies (rule C2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.consent import State
from bot.handoff import Handoffs
from bot.masking import Vault
from bot.oversight.corrections import forget_words
from bot.policies import IMPROVEMENT

TAKEN_BACK: frozenset[State] = frozenset({"refused", "withdrawn", "invalidated"})
"""What a consent has come to when what it opened may serve nobody any longer. One that merely ran out does not count:
what was taken for one question or one review stays with that."""


@dataclass(frozen=True)
class Forgetting:
    """Called by Consents whenever purposes are no longer covered in a conversation."""

    vault: Vault
    handoffs: Handoffs

    def __call__(self, session: Session, conversation_id: str, over: Mapping[str, State]) -> None:
        """Empty placeholders; of what was taken back also addresses at the desk and words proposed for training.

        `over`: the purposes, and what the consent to each has come to.
        """
        self.vault.forget(session, conversation_id, over)
        taken_back = [purpose for purpose, state in over.items() if state in TAKEN_BACK]
        self.handoffs.forget_contacts(session, conversation_id, taken_back)
        if IMPROVEMENT in taken_back:
            forget_words(session, conversation_id)
