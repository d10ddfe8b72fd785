"""Rasa tracker store: live trackers in memory, every event in an SQLite file.

endpoints.yml names it. The file is given by CANDOR_ENGINE_STORE; where that is unset, nothing is kept after the
process ends, as with Rasa's own default.
"""

from __future__ import annotations

import itertools
import os
from collections import OrderedDict
from typing import Any, Dict, Iterable, List, Optional, Text

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.conversation import Dialogue
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from engine.event_log import EventLog
from engine.live_tracker import LiveTracker
from engine.trace import brief
from engine.turn import CURRENT, Turn

STORE_VARIABLE = "CANDOR_ENGINE_STORE"
PAGE = 1000
"""Events that are recalled at once."""


class LiveTrackerStore(TrackerStore):
    """Holds up to `live` conversations ready to go on; one that is not there is rebuilt from its events.

    Args:
        window: applied events that a live conversation keeps (see LiveTracker.forget_old_events). Half as many again
            may gather before it is tidied up.
        story_turns: actions that must stay visible to policies that look back at stories; the agent sets it by the
            model's policies.
        live: conversations to hold ready.
    """

    def __init__(
        self,
        domain: Optional[Domain] = None,
        event_broker: Optional[EventBroker] = None,
        host: Optional[Text] = None,
        path: Optional[Text] = None,
        window: int = 40,
        story_turns: int = 0,
        live: int = 5000,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._log = EventLog(path or os.environ.get(STORE_VARIABLE))
        self._live: OrderedDict[Text, LiveTracker] = OrderedDict()
        self._window, self.story_turns, self._most_live = window, story_turns, live

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        """A tracker of one's own to work on: until it is saved, the stored conversation stays as it was.

        A conversation that does not exist yet gives a new tracker, so that Rasa never makes one of another kind.
        """
        tracker = self._live.get(sender_id) or self._remember(
            self._rebuild(sender_id, self._log.recent_events(sender_id))
        )
        self._live.move_to_end(sender_id)
        own = tracker.clone()
        own.take_replay(tracker)
        return own

    async def retrieve_full_tracker(self, conversation_id: Text) -> Optional[DialogueStateTracker]:
        """The conversation with every event that it ever had."""
        return self._rebuild(conversation_id, self._log.events(conversation_id))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Appends the tracker's new events, then lets the tracker take the stored one's place."""
        live = tracker if isinstance(tracker, LiveTracker) else self._adopt(tracker)
        new = list(itertools.islice(live.events, live.saved, None))
        turn = CURRENT.get()
        self._log.append(live.sender_id, new, turn)
        if turn:
            turn.events.extend(new)
        if self.event_broker:
            await self._stream_new_events(self.event_broker, new, live.sender_id)
        live.saved = len(live.events)
        self._remember(live)

    async def exists(self, conversation_id: Text) -> bool:
        """Whether anything was ever said there."""
        return self._log.knows(conversation_id)

    async def keys(self) -> Iterable[Text]:
        """Every conversation's id."""
        return self._log.senders()

    def turn(self, sender_id: Text, message_id: Text) -> Optional[Turn]:
        """The turn that this message began, as it was answered; None when the message is new."""
        return self._log.turn(sender_id, message_id)

    def recall(self, sender_id: Text, before: Optional[int]) -> Dict[Text, Any]:
        """What is kept of the conversation: one page of its events, the newest first, and the slots that are set."""
        events, earlier = self._log.page(sender_id, before, PAGE)
        tracker = self._live.get(sender_id) or self._rebuild(sender_id, self._log.recent_events(sender_id))
        slots = {name: slot.value for name, slot in tracker.slots.items() if slot.value is not None}
        known = self._log.knows(sender_id)
        return {
            "events": [brief(event) for event in events],
            "before": earlier,
            "texts": self._log.texts(sender_id),
            "slots": slots if known else {},
        }

    def forget(self, sender_id: Text) -> None:
        """Removes everything about the conversation, in memory and in the file."""
        self._live.pop(sender_id, None)
        self._log.forget(sender_id)

    def close(self) -> None:
        """Closes the file; the store is of no use afterwards."""
        self._log.close()

    def _remember(self, tracker: LiveTracker) -> LiveTracker:
        if len(tracker.events) > self._window * 3 // 2 + tracker.surplus:
            tracker.forget_old_events(self._window, self.story_turns)
        self._live[tracker.sender_id] = tracker
        while len(self._live) > self._most_live:
            self._live.popitem(last=False)
        return tracker

    def _rebuild(self, sender_id: Text, events: List[Event]) -> LiveTracker:
        tracker = LiveTracker(sender_id, self.domain.slots)
        tracker.recreate_from_dialogue(Dialogue(sender_id, events))
        tracker.saved = len(tracker.events)
        return tracker

    def _adopt(self, tracker: DialogueStateTracker) -> LiveTracker:
        """Rasa's own commands may save a tracker that they made; the events it shares with ours are not new."""
        live = self._rebuild(tracker.sender_id, list(tracker.events))
        live.saved = min(len(self._log.events(tracker.sender_id)), len(live.events))
        return live
