"""Understanding as the engine stores and uses it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_process import PYTHON, ROOT, Engine, clean_environment


@pytest.fixture(scope="module")
def found(in_engine: Callable[..., str], model: Path) -> dict[str, Any]:
    """What inspect_understanding.py saw."""
    seen: dict[str, Any] = json.loads(in_engine("inspect_understanding.py", model).splitlines()[-1])
    return seen


def test_chinese_is_cut_into_words(found: dict[str, Any]) -> None:
    assert [text for text, _ in found["words"]["我的订单在哪里"]] == ["我", "的", "订单", "在", "哪里"]


def test_a_mixed_message_is_cut_by_both_rules(found: dict[str, Any]) -> None:
    assert [text for text, _ in found["words"]["refund多久到账"]] == ["refund", "多久", "到", "账"]


def test_a_placeholder_is_one_word_whatever_its_number(found: dict[str, Any]) -> None:
    assert found["words"]["Where's [ORDER_1]?"] == [["Where's", "where's"], ["[ORDER_1]", "<order>"]]
    one, other = (found["understood"][f"where is [ORDER_{n}]"] for n in (1, 27))
    assert one["ranking"] == other["ranking"]


def test_width_case_digits_and_long_vowels_make_no_difference(found: dict[str, Any]) -> None:
    assert [normal for _, normal in found["words"]["PLEEEASE ①２3"]] == ["pleease", "0"]
    assert found["understood"]["where is my order"]["ranking"] == found["understood"]["WHERE IS MY ORDER"]["ranking"]


def test_a_word_stands_where_the_message_has_it(found: dict[str, Any]) -> None:
    assert found["offsets"] is True
    assert (found["words"][":-)"], found["words"][" "]) == ([[":-)", ":-)"]], [])


def test_eight_bits_say_what_thirty_two_say(found: dict[str, Any]) -> None:
    assert min(found["cosines"]) > 0.95


def test_the_multilingual_encoder_gives_the_vectors_of_its_package(found: dict[str, Any]) -> None:
    assert max(found["world"]) < 1e-6


def test_a_text_of_nothing_has_a_vector(found: dict[str, Any]) -> None:
    assert found["world_of_nothing"] == pytest.approx(1, abs=1e-5)


def test_a_text_has_the_same_vector_alone_and_among_others(found: dict[str, Any]) -> None:
    assert found["alone_and_together"] is True
    assert found["world_alone_and_together"] < 1e-6


def test_the_stored_threshold_is_the_one_in_force(found: dict[str, Any], engine: Engine) -> None:
    assert found["understood"]["where is my order"]["threshold"] == found["thresholds"]["latin"]
    assert found["understood"]["我的订单在哪里"]["threshold"] == found["thresholds"]["han"]
    (understood,) = engine.post("understand", {"texts": ["where is my order"]}).json()["understood"]
    assert understood["threshold"] == found["thresholds"]["latin"]
    assert all(0 < threshold < 1 for threshold in found["thresholds"].values())


@pytest.mark.parametrize(
    ("text", "intent"),
    [("where is my order", "order_status"), ("wher is my ordr", "order_status"), ("我的包裹呢", "order_status"),
     ("qwrtz plmk", "nlu_fallback"),
     ("/order_status", "order_status")],
)  # fmt: skip
def test_the_model_understands(found: dict[str, Any], text: str, intent: str) -> None:
    assert found["understood"][text]["intent"] == intent


def test_the_command_prints_one_line_per_text(model: Path) -> None:
    command = [str(PYTHON), "-m", "engine.understand", "--model", str(model), "--file", "-"]
    typed = "where is my order\n\n你好\n"
    done = subprocess.run(
        command, cwd=ROOT, env=clean_environment(), input=typed, capture_output=True, text=True, encoding="utf-8"
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["text"] for line in lines] == ["where is my order", "你好"]
    assert all(set(line) == {"text", "intent", "confidence", "ranking", "threshold", "requests"} for line in lines)
    assert done.stderr == ""


def test_the_command_says_when_there_is_no_model(tmp_path: Path) -> None:
    command = [str(PYTHON), "-m", "engine.understand", "--model", str(tmp_path / "no.tar.gz"), "--file", "-"]
    done = subprocess.run(command, cwd=ROOT, env=clean_environment(), input="", capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (2, f"There is no model at {tmp_path / 'no.tar.gz'}.")
