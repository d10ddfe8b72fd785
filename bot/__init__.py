"""Candor's gateway: everything but the dialogue engine. Start reading at `bot/chat/pipeline.py`."""

__version__ = "0.1.0"
