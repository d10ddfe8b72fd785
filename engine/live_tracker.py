"""A conversation's state that costs the same at its thousandth turn as at its first.

Rasa's tracker replays its whole history at every load and every copy. This one copies its state as it stands, and
forgets events that can no longer matter.
"""

from __future__ import annotations

import copy
from collections import deque
from typing import Any, Dict, List, Optional

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

_HEAD = {"window_head": True}


class LiveTracker(DialogueStateTracker):
    """A DialogueStateTracker that answers as Rasa's would, kept alive between turns.

    `saved` counts the events at the front of `events` that the store has written (or made up, see `forget_old_events`).
    `surplus` is by how many events the last tidying up missed its aim; the next attempt waits for as many more.
    """

    saved = 0
    surplus = 0
    _replay: Optional[_Replay] = None

    def copy(self) -> "LiveTracker":
        """What Rasa's copy gives (it drops the ids too), without the replay."""
        twin = self.clone()
        twin.model_id = twin.assistant_id = None
        return twin

    def clone(self) -> "LiveTracker":
        """An independent tracker in the same state. Events are shared: they are not changed once applied."""
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin.events = self.events.copy()
        twin.slots = {name: _copied(slot) for name, slot in self.slots.items()}
        twin.active_loop = copy.copy(self.active_loop)
        twin._replay = None
        return twin

    def recent_states(self, domain: Domain, count: int) -> List[State]:
        """The last `count` of `past_states(domain)`, oldest first, as objects of the caller's own.

        What was replayed for one call is not replayed for the next as long as events are only added.
        """
        applied = self.applied_events()
        replay = self._replay
        if replay is None or applied[: len(replay.seen)] != replay.seen:
            replay = self._replay = _Replay(self.init_copy())
        for event in applied[len(replay.seen) :]:
            replay.take(event, domain)
        states = [*replay.states, domain.get_active_state(replay.tracker)][-count:]
        return [{kind: dict(content) for kind, content in state.items()} for state in states]

    def forget_old_events(self, keep: int, story_turns: int) -> None:
        """Leaves about the last `keep` applied events, and slots as they stood before them.

        Only what Rasa itself would still apply is counted, so reverted turns and everything before a restart go
        first. The cut is made where the assistant begins to listen, never while a form runs or the assistant is
        paused, and leaves `story_turns` actions that policies other than the rule policy can see. Everything kept
        must have been written.
        """
        if self.active_loop_name or self.is_paused():
            return
        applied = self.applied_events()
        cut = _cut(applied, keep, story_turns)
        tail = applied[cut:]
        if not tail:
            return
        head = self._slots_before(applied[:cut], tail[0].timestamp)
        self.events = deque(head + tail)
        self.saved = len(self.events)
        self.surplus = max(0, len(self.events) - keep)

    def _slots_before(self, forgotten: List[Event], timestamp: Optional[float]) -> List[Event]:
        values: Dict[str, Any] = {e.key: e.value for e in forgotten if isinstance(e, SlotSet)}
        changed = {
            key: value for key, value in values.items() if key in self.slots and value != self.slots[key].initial_value
        }
        return [SlotSet(key, value, timestamp, dict(_HEAD)) for key, value in changed.items()]


def _copied(slot: Slot) -> Slot:
    """What copy.copy gives, in a third of the time."""
    twin = object.__new__(type(slot))
    twin.__dict__.update(slot.__dict__)
    return twin


class _Replay:
    """A tracker that took the events `seen` one by one, and its states before each of their actions."""

    def __init__(self, tracker: DialogueStateTracker) -> None:
        self.tracker = tracker
        self.seen: List[Event] = []
        self.states: List[State] = []

    def take(self, event: Event, domain: Domain) -> None:
        """Applies one more event."""
        if isinstance(event, ActionExecuted):
            self.states.append(domain.get_active_state(self.tracker))
        self.tracker.update(event)
        self.seen.append(event)


def _cut(events: List[Event], keep: int, story_turns: int) -> int:
    """Where to cut: the last place to listen, outside of any form, with `keep` events and `story_turns` visible actions
    after it; 0 when there is none."""
    in_loop = _in_loop(events)
    visible = 0
    for i in range(len(events) - 1, 0, -1):
        event = events[i]
        if not isinstance(event, ActionExecuted):
            continue
        visible += not event.hide_rule_turn
        far = len(events) - i
        enough = far >= keep and (visible >= story_turns or far >= 8 * keep)
        if event.action_name == ACTION_LISTEN_NAME and enough and not in_loop[i]:
            return i
    return 0


def _in_loop(events: List[Event]) -> List[bool]:
    """For each event, whether a form runs when it comes."""
    running, states = False, []
    for event in events:
        states.append(running)
        if isinstance(event, ActiveLoop):
            running = bool(event.name)
    return states
