"""What a sealed value is about, where that is more than its row's id: the keyring binds the value to it.

Who seals and who shows a visitor all that is kept of them have to agree on it.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Part: TypeAlias = Literal["reason", "contact", "answer"]
"""What people write in a contest: why the visitor contests, where to write to, and what the reviewer answers."""


def handoff_contact(handoff_id: str) -> str:
    """The address left with a request for a person."""
    return f"contact:{handoff_id}"


def contest_part(contest_id: str, part: Part) -> str:
    """What was written in a contest."""
    return f"contest:{contest_id}:{part}"


def placeholder(conversation_id: str, name: str) -> str:
    """What a placeholder of a conversation stands for."""
    return f"{conversation_id}:{name}"
