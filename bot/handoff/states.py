"""The states of a handoff and the only steps between them. This is the one place that knows them (rule H1)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a request for a human stands."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    CLOSED = "closed"


TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.ACCEPTED, State.EXPIRED, State.WITHDRAWN}),
    State.ACCEPTED: frozenset({State.RETURNED, State.CLOSED}),
    # Somebody got in touch with the visitor later, or there was no way to: off the desk's list.
    State.EXPIRED: frozenset({State.CLOSED}),
    State.WITHDRAWN: frozenset(),
    State.RETURNED: frozenset(),
    State.CLOSED: frozenset(),
}
OPEN = (State.QUEUED, State.ACCEPTED)
"""States in which the visitor waits for a human or has one."""
