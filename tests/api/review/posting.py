"""What a reviewer's browser sends."""

from __future__ import annotations

from typing import Any

import requests

from bot.decisions.kinds import Kind
from tests.api.review.console import Console
from tests.decisions.turns import reply, take_turn


def post(console: Console, path: str, body: Any, *, header: bool = True) -> requests.Response:
    """A write, with the header that no other site's form can send."""
    headers = {"Cookie": console.cookie} | ({"X-Candor": "1"} if header else {})
    return requests.post(f"{console.base}/api/review{path}", json=body, headers=headers, timeout=20)


def understood(console: Console, text: str = "Where is my order?", intent: str = "order_status", **changes: Any) -> str:
    """A turn of a new conversation; the id of what was understood in it."""
    conversation = console.parts.conversation()
    take_turn(console.parts, conversation, reply(intent, **changes), text)
    records = console.parts.records(conversation)
    return next(str(one["decision_id"]) for one in records if one["kind"] == Kind.UNDERSTANDING)


def judge(console: Console, decision_id: str, verdict: str, **more: Any) -> dict[str, Any]:
    """A review that is taken."""
    reasons = {"right": "fine", "wrong": "wrong_intent", "unsure": "unclear"}
    body = {"verdict": verdict, "reason": reasons[verdict], **more}
    response = post(console, f"/decisions/{decision_id}/reviews", body)
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer
