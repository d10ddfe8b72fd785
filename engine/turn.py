"""What belongs to the turn that is running: the channel makes it, the processor and the tracker store find it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

from rasa.shared.core.events import Event


@dataclass
class Turn:
    """One message of one conversation, from the channel's door to its answer.

    `slots` are to be set before the message is read. `failures` collects what an action could not do. `events` is
    what the tracker store has written for this turn; empty until then.
    """

    message_id: str
    slots: Dict[str, Any] = field(default_factory=dict)
    model: Dict[str, str] = field(default_factory=dict)
    failures: List[Dict[str, str]] = field(default_factory=list)
    events: List[Event] = field(default_factory=list)

    def fail(self, action: str, error: str) -> None:
        """Notes that `action` could not do its work. The same failure is noted once, however many layers see it."""
        if not any(failure["action"] == action for failure in self.failures):
            self.failures.append({"action": action, "error": error})


CURRENT: ContextVar[Optional[Turn]] = ContextVar("candor_turn", default=None)
