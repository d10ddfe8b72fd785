"""The flat tracker store: the same answers as Rasa's own, at the same price however long a conversation is."""

from __future__ import annotations

import json
import statistics
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_process import Engine

TEXTS = (
    "hello",
    "/order_status",
    "where is my parcel",
    "qwrtz plmk",
    "/book",
    "Paris",
    "Monday",
    "bye",
    "/name_it",
    "/out_of_scope",
)


@pytest.mark.parametrize(("window", "live"), [(12, 1), (60, 100)])
def test_answers_and_state_equal_those_of_rasas_own_store(
    in_engine: Callable[..., str], model: Path, tmp_path: Path, window: int, live: int
) -> None:
    found = json.loads(
        in_engine("compare_stores.py", model, tmp_path / "store.db", 7, 160, window, live).splitlines()[-1]
    )
    assert found["differences"] == []


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_long_conversations_equal_those_of_rasas_own_store(
    in_engine: Callable[..., str], model: Path, tmp_path: Path, seed: int
) -> None:
    found = json.loads(in_engine("compare_stores.py", model, tmp_path / "store.db", seed, 500, 12, 1).splitlines()[-1])
    assert found["differences"] == []


def test_the_300th_turn_costs_what_the_first_did(engine: Engine) -> None:
    assert _growth(engine, 300) < 1.3


@pytest.mark.long
def test_the_1000th_turn_costs_what_the_first_did(engine: Engine) -> None:
    assert _growth(engine, 1000) < 1.3


def _growth(engine: Engine, turns: int) -> float:
    """How much dearer the last hundred turns of a conversation are than the first hundred of a new one.

    The two are taken in turns, so that a busy machine slows both alike.
    """
    old, new = uuid.uuid4().hex, uuid.uuid4().hex
    for number in range(turns - 100):
        _milliseconds(engine, old, number)
    late, early = [], []
    for number in range(100):
        late.append(_milliseconds(engine, old, turns + number))
        early.append(_milliseconds(engine, new, turns + number))
    ratio = statistics.median(late) / statistics.median(early)
    print(f"\nturn {turns} of a conversation costs {ratio:.2f} of what its first turns cost")
    return ratio


def _milliseconds(engine: Engine, sender: str, number: int) -> float:
    milliseconds: float = engine.turn(sender, str(number), TEXTS[number % len(TEXTS)])["ms"]
    return milliseconds


def test_of_many_forgotten_conversations_nothing_is_left_in_any_corner(
    in_engine: Callable[..., str], tmp_path: Path
) -> None:
    """Deleting rows would leave copies of their neighbours behind, which nobody finds again."""
    found = json.loads(in_engine("forget_many.py", tmp_path / "store.db").splitlines()[-1])
    assert found == {"before": 4000, "left": 0, "living": True, "senders": True}
