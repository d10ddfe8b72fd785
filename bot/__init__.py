"""Candor's gateway: everything but the dialogue engine. Start reading at `bot/turn.py`."""

__version__ = "0.1.0"
