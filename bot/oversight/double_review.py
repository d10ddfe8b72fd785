"""Which reviewed decisions a second reviewer is asked about, without being told what the first one said."""

from __future__ import annotations

import hashlib
from collections.abc import Set


def drawn(decision_id: str, share: float) -> bool:
    """Whether this decision is one of the `share` (0 to 1) that get a second look: the same answer at any time."""
    draw = int.from_bytes(hashlib.sha256(f"second look {decision_id}".encode()).digest()[:8])
    return draw < share * 2**64


def hidden_from(reader_id: str, decision_id: str, reviewers: Set[str], share: float) -> bool:
    """Whether the first verdict has to stay hidden from this reader: their own look is still to come."""
    return len(reviewers) == 1 and reader_id not in reviewers and drawn(decision_id, share)
