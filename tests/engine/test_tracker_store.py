"""The flat tracker store: the same answers as Rasa's own, at the same price however long a conversation is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

MOST_CALLS = 8900
"""Calls of Python and C functions a turn; 7,700 when this was written, 11,700 before rules had an index."""


@pytest.mark.parametrize(
    ("turns", "window", "live"),
    [(80, 12, 1), *(pytest.param(160, *sizes, marks=pytest.mark.long) for sizes in ((12, 1), (60, 100)))],
)
def test_answers_and_state_equal_those_of_rasas_own_store(
    in_engine: Callable[..., str], model: Path, tmp_path: Path, turns: int, window: int, live: int
) -> None:
    found = json.loads(
        in_engine("compare_stores.py", model, tmp_path / "store.db", 7, turns, window, live).splitlines()[-1]
    )
    assert found["differences"] == []


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_long_conversations_equal_those_of_rasas_own_store(
    in_engine: Callable[..., str], model: Path, tmp_path: Path, seed: int
) -> None:
    found = json.loads(in_engine("compare_stores.py", model, tmp_path / "store.db", seed, 500, 12, 1).splitlines()[-1])
    assert found["differences"] == []


def test_the_300th_turn_costs_what_the_first_did(in_engine: Callable[..., str], model: Path, tmp_path: Path) -> None:
    """Falls when LiveTracker.forget_old_events keeps them, or the store reads a whole conversation for each turn."""
    assert _growth(in_engine, model, tmp_path, 300) < 1.3


@pytest.mark.long
def test_the_1000th_turn_costs_what_the_first_did(in_engine: Callable[..., str], model: Path, tmp_path: Path) -> None:
    assert _growth(in_engine, model, tmp_path, 1000) < 1.3


def _growth(in_engine: Callable[..., str], model: Path, folder: Path, turns: int) -> float:
    """How much more work the last turns of a conversation are than the first of a new one."""
    found = json.loads(in_engine("count_work.py", model, folder / "store.db", turns).splitlines()[-1])
    assert found["early"]["calls"] > 1000 and found["early"]["steps"] > 100, "it was counted"
    calls = found["early"]["calls"] / found["measured"]
    print(f"\n{calls:.0f} calls of Python functions a turn")
    assert calls < MOST_CALLS, "a turn became dearer"
    ratio = max(found["late"][kind] / found["early"][kind] for kind in found["early"])
    print(f"\nturn {turns} of a conversation costs {ratio:.2f} of what its first turns cost")
    return float(ratio)


def test_of_many_forgotten_conversations_nothing_is_left_in_any_corner(
    in_engine: Callable[..., str], tmp_path: Path
) -> None:
    """Deleting rows would leave copies of their neighbours behind, which nobody finds again."""
    found = json.loads(in_engine("forget_many.py", tmp_path / "store.db").splitlines()[-1])
    assert found == {"before": 4000, "left": 0, "living": True, "senders": True}
