"""How well the detectors, the lists and the grammar hear a thousand wordings that were written apart from them."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.core.messages import MASKING, MaskedMessage, Score, Understanding
from bot.standing_requests.hearing import ALLOWING, Parts, parts_of, plainly, surely
from bot.standing_requests.phrases import find
from bot.standing_requests.requests import Request
from tests.tools import ROOT, engine_python, model, need

LIST = Path(__file__).with_name("wordings.jsonl")
HEARD = {
    "withdraw": ("withdrawn", {Request.WITHDRAW, Request.ERASE}),
    "human": ("request_human", {Request.HUMAN}),
    "robot": ("says_it_is_ai", {Request.ROBOT, Request.PERSONA}),
}
LEAST = {
    ("withdraw", "withdrawn"): 0.95,
    ("withdraw", "still_given"): 0.95,
    ("human", "request_human"): 0.95,
    ("human", "not_request_human"): 0.95,
    ("robot", "says_it_is_ai"): 0.95,
    ("robot", "not_are_you_a_robot"): 0.95,
}
"""The share of each set that has to be right."""


def test_a_thousand_wordings_are_heard_for_what_they_are() -> None:
    """Withdrawals, humans and who answers, in words of neither the lists nor the examples."""
    need("engine", "model")
    rows = [row for row in wordings() if row["set"] in HEARD]
    parts = [parts_of(masked(row["text"])) for row in rows]
    meanings = understood([text.text for each in parts for text in each.all])
    right = defaultdict[tuple[str, str], list[tuple[bool, str]]](list)
    for row, each in zip(rows, parts, strict=True):
        wanted, requests = HEARD[row["set"]]
        found = heard(each, [meanings[text.text] for text in each.all])
        if row["set"] == "robot" and row["want"] != wanted:
            requests = {Request.ROBOT}
        right[row["set"], row["want"]].append((bool(found & requests) == (row["want"] == wanted), row["text"]))
    shares = {key: sum(ok for ok, _ in answers) / len(answers) for key, answers in right.items()}
    missed = {key: [text for ok, text in answers if not ok] for key, answers in right.items()}
    assert {key: share for key, share in shares.items() if share < LEAST[key]} == {}, missed


@pytest.mark.parametrize(("want", "least"), [("grant", 0.85), ("no_grant", 1.0), ("no_grant_no_refusal", 1.0)])
def test_a_yes_is_taken_and_nothing_else_is(want: str, least: float) -> None:
    """Rule C1: of what gives no consent nothing is taken for one."""
    texts = [row["text"] for row in wordings() if row["set"] == "consent_pending" and row["want"] == want]
    taken = [text for text in texts if find(text, *ALLOWING) is not None]
    right = len(taken) if want == "grant" else len(texts) - len(taken)
    assert right / len(texts) >= least, taken


def test_no_refusal_is_read_into_a_question() -> None:
    texts = [row["text"] for row in wordings() if row["want"] == "no_grant_no_refusal"]
    assert [text for text in texts if find(text, "refuse", "withdraw", "erase") is not None] == []


@cache
def wordings() -> Sequence[dict[str, Any]]:
    return [json.loads(line) for line in LIST.read_text("utf-8").splitlines()]


def masked(text: str) -> MaskedMessage:
    return MaskedMessage("msg_1", "cnv_1", text, (), made_by=MASKING)


def heard(parts: Parts, meanings: Sequence[Understanding]) -> set[Request]:
    plain = plainly(parts)
    whole = any(one.clause is None for one in plain)
    return {one.request for one in (plain if whole else [*plain, *surely(parts, meanings, plain)])}


def understood(texts: Sequence[str]) -> dict[str, Understanding]:
    """What the trained model makes of each text, through `python -m engine.understand`."""
    lines = list(dict.fromkeys(" ".join(text.split()) for text in texts))
    command = [str(engine_python()), "-m", "engine.understand", "--model", str(model()), "--file", "-"]
    output = subprocess.run(command, cwd=ROOT, input="\n".join(lines), capture_output=True, text=True, check=True)
    found = (json.loads(line) for line in output.stdout.splitlines())
    meanings = {one["text"]: _understanding(one) for one in found}
    return {text: meanings[" ".join(text.split())] for text in texts}


def _understanding(found: dict[str, Any]) -> Understanding:
    scores = {name: Score(one["score"], one["threshold"]) for name, one in found["requests"].items()}
    return Understanding(found["intent"], found["confidence"], (), found["threshold"], scores)
