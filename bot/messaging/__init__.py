"""What reaches a screen: rows written with the record, delivered after the commit, in order, once for each client."""

from bot.messaging.events import Event, follow, read_events
from bot.messaging.outbox import Message, Outbox, Undisclosed
from bot.messaging.pubsub import PubSub

__all__ = ["Event", "PubSub", "Message", "Outbox", "Undisclosed", "follow", "read_events"]
