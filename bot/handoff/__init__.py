"""From 'I want a human' to its recorded end (rule H1). Announces every step and records it."""

from bot.handoff.service import Handoffs
from bot.handoff.states import TRANSITIONS, State

__all__ = ["TRANSITIONS", "Handoffs", "State"]
