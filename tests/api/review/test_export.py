"""Exports: the log as it is, any list of it, harmless in a spreadsheet, and never held in memory as a whole."""

from __future__ import annotations

import csv
import hashlib
import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import select, update

from bot.api.review import export
from bot.api.review.export import COLUMNS, PIECE
from bot.api.review.router import router
from bot.db.models import DecisionPayloadRow, DecisionRow
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.decisions.repository import Page
from bot.transparency_log.log_export import verify_export
from tests.api.review.console import Console, make_console
from tests.decisions.turns import gate, reply, take_turn
from tests.http import serve
from tests.parts import make_app, make_parts
from tests.transparency_log.many import fill

FEW, MANY = 1_200, 6_000
"""Records in the small and the large log; both are several pieces long."""


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """Two conversations' records, sealed, and one that is not yet."""
    with make_console(tmp_path) as console:
        parts = console.parts
        for language in ("en", "zh"):
            conversation = parts.conversation(language)
            take_turn(parts, conversation, reply(), "我的订单在哪里？")
            parts.record(gate(parts, conversation, None, "refused"))
        parts.record(Decision(Kind.STOP, "", "", None, outcome="stopped"))
        console.seal()
        parts.record(Decision(Kind.STOP, "", "", None, outcome="resumed"))
        yield console


def table(response: requests.Response) -> list[dict[str, str]]:
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))


def test_the_whole_log_is_exported_in_its_order_and_verifies(console: Console, tmp_path: Path) -> None:
    response = console.call("/export.jsonl")
    path = tmp_path / "export.jsonl"
    path.write_bytes(response.content)
    *records, last = console.lines()
    assert [one["leaf_index"] for one in records] == list(range(9))
    assert (records[-1]["header"].splitlines()[3], last["verifier_key"]) == (
        "stop",
        console.get("/log")["verifier_key"],
    )
    assert last["checkpoint"].splitlines()[1] == "9"
    report = verify_export(path, last["verifier_key"])
    assert report.size == 9 and report.checkpoints == 1 and not report.integrity.counts
    assert response.headers["content-disposition"] == 'attachment; filename="decisions.jsonl"'
    path.write_bytes(response.content.replace(b"on its way", b"in the sea"))
    assert verify_export(path, last["verifier_key"]).integrity.counts


def test_each_line_holds_the_very_bytes_that_were_committed_to(console: Console) -> None:
    records = console.lines()[:-1]
    assert len(records) == 9
    for one in records:
        salted = bytes.fromhex(one["salt"]) + one["payload"].encode()
        assert one["header"].splitlines()[-1] == hashlib.sha256(salted).hexdigest()


def test_a_filtered_export_is_the_list_newest_first(console: Console) -> None:
    records = console.lines(kind="gate")[:-1]
    assert [one["header"].splitlines()[1] for one in records] == console.ids(kind="gate") and len(records) == 2
    assert [one["decision_id"] for one in table(console.call("/export.csv", intent="order_status"))] == console.ids(
        intent="order_status"
    )
    unsealed = console.lines(kind="stop")[:-1]
    assert [one["leaf_index"] for one in unsealed] == [None, 8]
    assert console.lines(kind="answer", outcome="no_such")[:-1] == []


def test_a_table_holds_the_open_columns_alone(console: Console) -> None:
    response = console.call("/export.csv")
    rows = table(response)
    assert tuple(rows[0]) == COLUMNS and len(rows) == 9
    first = next(one for one in rows if one["kind"] == "understanding")
    assert (first["intent"], first["confidence"], first["model"]) == ("order_status", "0.91", "abc123")
    assert first["timestamp"].endswith("+00:00") and len(first["commitment"]) == 64
    assert "on its way" not in response.text and "订单" not in response.text
    assert response.headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\tx", "\r=1"])
def test_no_cell_is_a_formula(console: Console, text: str) -> None:
    """Names come from the operator's own model and rules; a spreadsheet must not run them all the same."""
    decision = Decision(Kind.ACTION, "", "", None, outcome=text, intent=f"{text},1\n2")
    console.parts.record(decision)
    (row,) = table(console.call("/export.csv", kind="action", conversation=""))[:1]
    assert row["outcome"] == f"'{text}" and row["intent"] == f"'{text},1\n2"


def test_what_was_erased_or_damaged_is_exported_without_its_content(console: Console) -> None:
    parts = console.parts
    erased, damaged = console.lines(kind="answer")[:-1]
    conversation = erased["header"].splitlines()[4]
    parts.write(lambda s: parts.keyring.destroy(s, parts.row(conversation).visitor_id))
    where = DecisionPayloadRow.decision_id == damaged["header"].splitlines()[1]
    parts.write(lambda s: s.execute(update(DecisionPayloadRow).where(where).values(payload_sealed=b"x" * 80)))
    one, two, _ = console.lines(kind="answer")
    assert one == {**erased, "salt": None, "payload": None}
    assert two == {**damaged, "salt": None, "payload": None, "damaged": True}


def test_an_export_is_not_held_in_memory(tmp_path: Path) -> None:
    """Five times the records take no more memory, whether the log is exported whole or filtered."""
    with make_parts(tmp_path) as parts, serve(lambda: make_app(parts, router)) as base:
        console = Console(base, parts).sign_in("ruth")
        peaks: dict[str, list[int]] = {"whole": [], "filtered": [], "table": []}
        for number, seed in ((FEW, 1), (MANY - FEW, 2)):
            fill(parts.database, parts.keyring, parts.sequencer, number, seed, messages=False)
            peaks["whole"].append(peak(console, "/export.jsonl"))
            peaks["filtered"].append(peak(console, "/export.jsonl", min_confidence=0))
            peaks["table"].append(peak(console, "/export.csv", language="en"))
    for small, large in peaks.values():
        assert large < 1.5 * small, peaks
    assert FEW > 2 * PIECE


def test_an_export_is_read_in_whole_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes, find_page = list[int](), export.find_page

    def noted(*args: Any, **more: Any) -> Page:
        page = find_page(*args, **more)
        sizes.append(len(page.rows))
        return page

    monkeypatch.setattr(export, "find_page", noted)
    with make_parts(tmp_path) as parts, serve(lambda: make_app(parts, router)) as base:
        console = Console(base, parts).sign_in("ruth")
        fill(parts.database, parts.keyring, parts.sequencer, 3 * PIECE, 1, messages=False)
        console.call("/export.csv", min_confidence=0)
    assert set(sizes[:-1]) == {PIECE}


def peak(console: Console, path: str, **query: Any) -> int:
    """Bytes held at most while the file is sent and thrown away, piece by piece."""
    headers = {"Cookie": console.cookie}
    tracemalloc.start()
    with requests.get(
        f"{console.base}/api/review{path}", params=query, headers=headers, timeout=60, stream=True
    ) as response:
        size = sum(len(piece) for piece in response.iter_content(8192))
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert response.status_code == 200 and size > 50_000
    return found


def test_an_empty_log_gives_an_empty_file(tmp_path: Path) -> None:
    with make_console(tmp_path) as console:
        assert table(console.call("/export.csv")) == []
        (last,) = console.lines()
        assert set(last) == {"checkpoint", "verifier_key"}
        ids = select(DecisionRow.kind)
        assert console.parts.read(lambda s: s.scalars(ids).all()) == ["access", "access"]
