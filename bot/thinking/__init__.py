"""The engine's side of a turn: the client that asks it, and the supervisor that keeps it running."""

from bot.thinking.engine import Engine, RasaEngine, Recalled, Understanding

__all__ = ["Engine", "RasaEngine", "Recalled", "Understanding"]
