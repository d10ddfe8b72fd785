"""The AI disclosure: its versioned texts, and the proof that one was shown before the assistant spoke (rule D1)."""

from bot.chat.disclosure.notice import Notice, current_notice
from bot.chat.disclosure.shown import confirm, show_first

__all__ = ["Notice", "confirm", "current_notice", "show_first"]
