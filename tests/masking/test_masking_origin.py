"""Only bot.masking makes a MaskedMessage."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.core.messages import MaskedMessage

ROOT = Path(__file__).resolve().parents[2]


def test_a_masked_message_cannot_be_made_elsewhere() -> None:
    # Rule P1. Fails when MaskedMessage.__post_init__ goes.
    with pytest.raises(TypeError):
        MaskedMessage("msg_1", "con_1", "my card is 4111 1111 1111 1111", ())


def test_the_proof_of_masking_is_used_by_masking_alone() -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for folder in ("bot", "actions", "engine")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\bMASKING\b", path.read_text("utf-8"))
    }
    assert users == {"bot/core/messages.py", "bot/masking/masker.py", "bot/masking/excerpts.py"}
