"""Reviews and agreement over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.ids import now
from tests.api.review.console import Console, make_console
from tests.api.review.posting import judge, post, understood


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    with make_console(tmp_path_factory.mktemp("reviews")) as made:
        yield made


def test_a_review_is_answered_with_what_was_recorded(console: Console) -> None:
    decision = understood(console)
    given = judge(
        console,
        decision,
        "wrong",
        correct_intent="refund_status",
        correct_answer=" Wait. ",
        note=" Twice.\n",
        example="",
    )
    assert set(given) == {
        "review_id",
        "decision_id",
        "reviewer",
        "verdict",
        "reason",
        "correct_intent",
        "correct_answer",
        "note",
        "at",
        "record_id",
        "correction_id",
    }
    assert (given["decision_id"], given["reviewer"], given["verdict"]) == (decision, "Ruth", "wrong")
    assert (given["correct_answer"], given["note"], given["correct_intent"]) == ("Wait.", "Twice.", "refund_status")
    assert given["correction_id"].startswith("cor_")
    found = console.get(f"/decisions/{given['record_id']}")
    assert (found["kind"], found["outcome"]) == ("review", "review:wrong")


def test_a_review_shows_in_lists_and_in_the_decision(console: Console) -> None:
    decision = understood(console)
    given = judge(console, decision, "unsure")
    shown = console.get(f"/decisions/{decision}")
    assert [one["review_id"] for one in shown["reviews"]] == [given["review_id"]]
    listed = console.find(conversation=shown["conversation_id"], kind="understanding")["decisions"]
    assert [one["verdict"] for one in listed] == ["unsure"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"verdict": "right", "reason": "wrong_intent"}, "reason_wrong"),
        ({"verdict": "wrong", "reason": "wrong_intent", "correct_intent": "nonsense"}, "intent_unknown"),
        ({"verdict": "wrong", "reason": "wrong_intent", "correct_intent": "a\0b"}, None),
        ({"verdict": "perhaps", "reason": "fine"}, None),
        ({"verdict": "right"}, None),
        ({"verdict": "right", "reason": "fine", "note": "x" * 2001}, None),
        ({"verdict": "wrong", "reason": "wrong_intent", "correct_intent": "stock", "example": "x" * 501}, None),
        ({"verdict": "right", "reason": "fine", "by": "somebody else"}, None),
        ([], None),
        (None, None),
    ],
)
def test_a_wrong_review_gets_a_sentence(console: Console, body: Any, code: str | None) -> None:
    response = post(console, f"/decisions/{understood(console)}/reviews", body)
    error = response.json()["error"]
    assert response.status_code == 400 and error["message"].endswith(".")
    assert code is None or error["code"] == code


@pytest.mark.parametrize("name", ["dec_unknown", "%00", "é"])
def test_an_unknown_decision_is_not_reviewed(console: Console, name: str) -> None:
    response = post(console, f"/decisions/{name}/reviews", {"verdict": "right", "reason": "fine"})
    assert response.status_code == 404


def test_only_reviewers_with_the_header_write(console: Console) -> None:
    path, body = f"/decisions/{understood(console)}/reviews", {"verdict": "right", "reason": "fine"}
    assert post(replace(console, cookie=""), path, body).status_code == 401
    assert post(console.sign_in("mina"), path, body).status_code == 403
    assert post(console, path, body, header=False).json()["error"]["code"] == "header_missing"
    assert console.get(path.removesuffix("/reviews"))["reviews"] == []


def test_agreement_is_that_of_decisions_reviewed_by_two(tmp_path_factory: pytest.TempPathFactory) -> None:
    """right right, right wrong, and one reviewed by Ruth alone: 1 of 2 agree.

    Ruth says right twice, Sam right once and wrong once: chance gives 1 * 0.5, kappa is 0.
    """
    with make_console(tmp_path_factory.mktemp("agreement")) as console:
        empty = console.get("/agreement")
        assert empty == {"reviewed": 0, "twice": 0, "agreed": 0, "share": None, "kappa": None, "disagreements": []}
        sam = console.sign_in("sam")
        for first, second in (("right", "right"), ("right", "wrong")):
            decision = understood(console)
            judge(console, decision, first)
            judge(sam, decision, second)
        judge(console, understood(console), "wrong")
        found = console.get("/agreement")
        (dispute,) = found.pop("disagreements")
        assert found == {"reviewed": 3, "twice": 2, "agreed": 1, "share": 0.5, "kappa": 0.0}
        assert (dispute["decision_id"], dispute["summary"][:14]) == (decision, "Understanding:")
        assert dispute["verdicts"] == [
            {"reviewer": "Ruth", "verdict": "right"},
            {"reviewer": "Sam", "verdict": "wrong"},
        ]
        tomorrow = (now() + timedelta(days=1)).date().isoformat()
        assert console.get("/agreement", **{"from": tomorrow, "to": tomorrow})["reviewed"] == 0


def test_strangers_and_agents_learn_nothing_of_agreement(console: Console) -> None:
    assert replace(console, cookie="").call("/agreement").status_code == 401
    assert console.sign_in("mina").call("/agreement").status_code == 403
