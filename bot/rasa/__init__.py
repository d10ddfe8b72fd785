"""The engine's side of a turn: the client that asks it, and the supervisor that keeps it running."""

from bot.rasa.client import Engine, Held, RasaEngine, Recalled

__all__ = ["Engine", "Held", "RasaEngine", "Recalled"]
