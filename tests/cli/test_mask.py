"""`candor text mask`: a JSON string a line in, what the engine would see of it a line out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import candor, started


def lines(path: Path, *texts: str) -> Path:
    path.write_text("".join(json.dumps(text) + "\n" for text in texts), "utf-8")
    return path


def masked(done: str) -> list[str]:
    return [json.loads(line)["masked"] for line in done.split("\n") if line]


def test_each_line_is_masked_with_its_own_numbers(tmp_path: Path) -> None:
    file = lines(
        tmp_path / "texts", "call 07700 900461, not 07700 900462", "or 07700900461", "order 2 mugs\n", "订单 FH-204817"
    )
    done = candor(tmp_path, "text", "mask", "--json-lines", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert masked(done.stdout) == ["call [PHONE_1], not [PHONE_2]", "or [PHONE_1]", "order 2 mugs\n", "订单 [ORDER_1]"]


def test_a_line_comes_out_for_each_line_that_goes_in(tmp_path: Path) -> None:
    done = candor(
        tmp_path, "text", "mask", "--json-lines", str(lines(tmp_path / "texts", "a\u2028b\u2029c\u0085d", ""))
    )
    assert len(done.stdout.splitlines()) == 2
    assert masked(done.stdout)[0].startswith("a\u2028b\u2029c")


def test_the_companys_own_order_numbers_are_masked_as_orders(tmp_path: Path) -> None:
    file = lines(tmp_path / "texts", "see abc/123 now")
    done = candor(tmp_path, "text", "mask", "--json-lines", str(file), CANDOR_ORDER_PATTERN=r"[A-Z]{3}/\d{3}")
    assert masked(done.stdout) == ["see [ORDER_1] now"]


def test_standard_input_is_read_for_a_dash(tmp_path: Path) -> None:
    done = started("text", "mask", "--json-lines", "-", text='"pin 4821"\n', CANDOR_DATA_DIR=str(tmp_path))
    assert (done.returncode, masked(done.stdout)) == (0, ["pin [SECRET_1]"])


@pytest.mark.parametrize("line", ["pin 4821", '{"text": "pin 4821"}', "12", "", '"pin'])
def test_a_line_that_is_no_json_string_is_named_and_not_quoted(tmp_path: Path, line: str) -> None:
    file = tmp_path / "texts"
    file.write_text(f'"one"\n{line}\n"three"\n', "utf-8")
    done = candor(tmp_path, "text", "mask", "--json-lines", str(file))
    assert done.returncode == 2
    assert done.stderr.startswith("Line 2 is not a JSON string")
    assert "4821" not in done.stderr


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "texts"
    if content is not None:
        file.write_bytes(content)
    done = candor(tmp_path, "text", "mask", "--json-lines", str(file))
    assert done.returncode == 2
    assert str(file) in done.stderr
