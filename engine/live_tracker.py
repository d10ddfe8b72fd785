"""A conversation tracker whose cost per turn does not grow with the conversation.

Rasa's tracker replays its whole history at every load and every copy. This one copies its current state and drops
events that no prediction depends on any more.
"""

from __future__ import annotations

import copy
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

_HEAD = {"window_head": True}
_RESETS = (Restarted, SessionStarted)
_PLAIN = {ActionExecuted, BotUttered, DefinePrevUserUtteredFeaturization, SlotSet, UserUttered}
"""Events that take back no other event."""


class LiveTracker(DialogueStateTracker):
    """A DialogueStateTracker with the same results as Rasa's, kept in memory between turns.

    `saved` is the number of events at the front of `events` that the store has written (or added, see
    `forget_old_events`). `surplus` is the number of events that the last pruning kept beyond its target; the next one
    waits for as many more.
    """

    saved = 0
    surplus = 0
    _replay: Optional[_Replay] = None

    def copy(self) -> "LiveTracker":
        """The result of Rasa's copy, which drops the ids too, without the replay."""
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

    def applied_events(self) -> List[Event]:
        """Rasa's result; without its search where nothing was reverted, and no form active, since the last reset."""
        events = list(self.events)
        reset = max((i for i, event in enumerate(events) if type(event) in _RESETS), default=-1)
        recent = events[reset + 1 :]
        return recent if _PLAIN.issuperset(map(type, recent)) else super().applied_events()

    def recent_states(self, domain: Domain, count: int) -> List[State]:
        """The last `count` of `past_states(domain)`, oldest first, as objects of the caller's own.

        What was replayed for one call is not replayed for the next as long as events are only added.
        """
        applied = self.applied_events()
        replay = self._replay
        if replay is None or applied[: len(replay.seen)] != replay.seen:
            replay = self._replay = _Replay(self.init_copy())
        new = applied[len(replay.seen) :]
        left = sum(type(event) is ActionExecuted for event in new)
        for event in new:
            if type(event) is ActionExecuted:
                left -= 1
                if left + 1 < count:
                    replay.states.append(domain.get_active_state(replay.tracker))
            replay.tracker.update(event)
        replay.seen = applied
        states = [*replay.states, domain.get_active_state(replay.tracker)][-count:]
        return [{kind: dict(content) for kind, content in state.items()} for state in states]

    def take_replay(self, other: "LiveTracker") -> None:
        """Go on with what `other`, of which this is a clone, has replayed; it keeps none."""
        self._replay, other._replay = other._replay, None

    def forget_old_events(self, keep: int, story_turns: int) -> None:
        """Keeps about the last `keep` applied events, after the slot values that held before them.

        Only events that Rasa would still apply are counted, so that reverted turns and everything before a restart go
        first. The cut is at an action_listen, never while a form is active or the conversation is paused, and leaves
        `story_turns` actions that policies other than the rule policy can see. All events must have been written.
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


@dataclass
class _Replay:
    """A tracker to which the events `seen` were applied, and its states before the latest of their actions."""

    tracker: DialogueStateTracker
    seen: List[Event] = field(default_factory=list)
    states: List[State] = field(default_factory=list)


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
