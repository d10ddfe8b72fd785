"""The detectors of standing requests: how they learn, what they keep, and that listening costs nothing twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def found(in_engine: Callable[..., str], model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What inspect_requests.py saw."""
    folder = tmp_path_factory.mktemp("requests")
    seen: dict[str, Any] = json.loads(in_engine("inspect_requests.py", model, folder).splitlines()[-1])
    return seen


def test_stored_and_loaded_detectors_score_the_same(found: dict[str, Any]) -> None:
    assert found["learnt"]["loaded"] is True
    assert found["learnt"]["files"] == [f"{s}/requests.{kind}" for s in ("han", "latin") for kind in ("json", "npz")]


def test_the_same_examples_make_the_same_detectors(found: dict[str, Any]) -> None:
    assert found["learnt"]["again"] is True


def test_a_threshold_is_the_configured_one_for_its_script_and_request_alone(found: dict[str, Any]) -> None:
    half = {"human": 0.5, "robot": 0.5}
    assert found["learnt"]["usual"] == half
    assert found["learnt"]["thresholds"] == {"latin": {**half, "human": 0.9}, "han": half}


def test_what_one_request_hears_is_not_heard_for_the_others_unless_they_list_it(found: dict[str, Any]) -> None:
    assert found["listed"]["sides"] == {
        "a human": [{"human": 1, "robot": 0}, "human"],
        "# not a comment here": [{"human": 1, "robot": 0}, "human"],
        "both": [{"human": 1, "robot": 1}, "robot"],
        "no human": [{"human": 0}, "human"],
        "robot?": [{"human": 0, "robot": 1}, "robot"],
        "机器人多少钱": [{"robot": 0}, "robot"],
    }


def test_examples_that_make_no_sense_are_refused_with_the_file_and_the_reason(found: dict[str, Any]) -> None:
    listed = found["listed"]
    assert listed["strange"] == "human.en.yml: use the lists heard and not_heard; unheard is unknown."
    assert listed["both_sides"] == "human.zh.yml: this example stands on both sides: a human"


def test_without_examples_training_fails_and_nothing_is_loaded(found: dict[str, Any]) -> None:
    listed = found["listed"]
    assert listed["empty"] == {}
    assert listed["no_examples"].startswith("There are no examples of standing requests in /")
    assert listed["not_stored"] is True


def test_the_detectors_are_trained_again_when_their_examples_change_and_only_then(found: dict[str, Any]) -> None:
    """Falls when StandingRequestDetectors.fingerprint_addon goes: Rasa does not know that the folder is read."""
    prints = found["fingerprints"]
    assert prints["project"] == prints["copy"], "wherever the folder lies"
    assert len(set(prints.values())) == len(prints) - 1, (
        "each change makes another one; a file's name tells its request"
    )


def test_what_was_listened_to_is_not_worked_out_again_for_the_turn(found: dict[str, Any]) -> None:
    """Falls when EngineProcessor.parse_message keeps nothing, or gives away what it keeps."""
    parses = found["parses"]
    assert parses["ran"] == ["where is my order"], "once for three"
    assert parses["intents"] == ["order_status", "order_status"]
    assert parses["own"] == ["of one", "of two"]
    assert 0 < parses["kept"] <= 64
