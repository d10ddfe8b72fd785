"""Decision records: written before their effect, never changed (rule L1)."""

from bot.decisions.recorder import Recorder

__all__ = ["Recorder"]
