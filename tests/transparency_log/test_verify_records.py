"""One record's content is compared with its open fields, whichever way it was written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.core.ids import now
from bot.db import Keyring
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.decisions.recorder import canonical_json
from bot.transparency_log.record_check import contradicts

NAMES = "ident at kind conversation visitor turn intent confidence outcome language model".split()
FULL = Decision(
    Kind.ANSWER,
    "con_1",
    "vis_1",
    "msg_1",
    'utter_"quoted"\\',
    input={"text": '我的订单 [ORDER_1] "intent":null', "turn_id": "msg_2"},
    intent="order_status",
    confidence=0.5,
    language="zh",
    fingerprint="5f1d9c0e4b7a2836",
)
BARE = Decision(Kind.ACCESS, "", "", None, "read:decision")
PLAIN = Decision(Kind.ANSWER, "con_1", "vis_1", "msg_1", "utter_greeting", confidence=1.0, intent="greeting")


def written(decision: Decision) -> tuple[tuple[Any, ...], bytes]:
    """A record's open fields and its payload, as the recorder writes them."""
    at = now()
    payload = Recorder(Keyring.of(b"k" * 32), "test")._payload("dec_1", at, decision, None)
    fields = (
        "dec_1",
        at.isoformat(timespec="microseconds"),
        decision.kind.value,
        decision.conversation_id,
        decision.visitor_id,
        decision.turn_id,
        decision.intent,
        decision.confidence,
        decision.outcome,
        decision.language,
        decision.fingerprint,
    )
    return fields, canonical_json(payload)


@pytest.mark.parametrize("decision", [FULL, BARE, PLAIN])
def test_a_record_agrees_with_itself_and_with_no_other(decision: Decision) -> None:
    fields, payload = written(decision)
    assert not contradicts(fields, payload)
    others = ("other", "", None, 0.25)
    for place, name in enumerate(NAMES):
        for other in others:
            if other != fields[place]:
                changed = (*fields[:place], other, *fields[place + 1 :])
                assert contradicts(changed, payload), (name, other)


def test_a_payload_that_was_written_otherwise_is_understood() -> None:
    fields, payload = written(FULL)
    assert not contradicts(fields, json.dumps(json.loads(payload), indent=1).encode())
    assert contradicts(fields, payload[:-1]) and contradicts(fields, payload + b"1") and contradicts(fields, b"[")
    assert contradicts(fields, b"[" * 200_000) and contradicts(fields, b"\xff")
