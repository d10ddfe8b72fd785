"""What reaches a screen: rows written with the record, delivered after the commit, in order, once for each client."""

from bot.outbox.events import Event, follow, read_events
from bot.outbox.hub import Hub
from bot.outbox.outbox import Outbox, Undisclosed

__all__ = ["Event", "Hub", "Outbox", "Undisclosed", "follow", "read_events"]
