"""Records as a file: any list, streamed a piece at a time, so that its length costs no memory."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import TypeAlias

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.api.review.deps import Parts, Reviewer, Services
from bot.api.review.query import Reason, Wanted
from bot.api.review.record_view import Opened, open_all
from bot.core.ids import Json
from bot.db.models import ConversationRow, DecisionRow
from bot.decisions.repository import Filters, Place, find_page
from bot.oversight.access_log import Accesses, Why
from bot.staff import Staff
from bot.transparency_log.leaf import FIELDS
from bot.transparency_log.sequencer import HEADER, newest

router = APIRouter()
PIECE = 500
"""Records read, and held in memory, at once."""
COLUMNS = (*FIELDS, "leaf_index")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula, and run."""

Read: TypeAlias = Callable[[Session, Sequence[DecisionRow]], str]


@router.get("/export.jsonl", response_class=StreamingResponse)
async def export_jsonl(
    parts: Services, reviewer: Reviewer, filters: Wanted, why: Reason = Why.REVIEW
) -> StreamingResponse:
    """Whole records, one a line, with what their leaves are made from again; the last line is the checkpoint.

    Without any filter it is the log itself, in its order, as `candor log verify --export` takes it.
    """
    await _look(parts, reviewer, filters, why, "export:jsonl")
    return _answer(_jsonl(parts, filters), "application/jsonl", "decisions.jsonl")


@router.get("/export.csv", response_class=StreamingResponse)
async def export_csv(
    parts: Services, reviewer: Reviewer, filters: Wanted, why: Reason = Why.REVIEW
) -> StreamingResponse:
    """The open columns, for a spreadsheet."""
    await _look(parts, reviewer, filters, why, "export:csv")
    return _answer(_csv(parts, filters), "text/csv; charset=utf-8", "decisions.csv")


@dataclass(frozen=True)
class _Piece:
    """A part of the file, and where the next one begins: a place in the list, or a leaf."""

    text: str
    next: Place | int | None


async def _jsonl(parts: Parts, filters: Filters) -> AsyncIterator[str]:
    def read(session: Session, rows: Sequence[DecisionRow]) -> str:
        return "".join(_line(one) for one in open_all(session, parts.recorder, rows))

    checkpoint = await parts.database.read(newest)
    async for text in _pieces(parts, filters, checkpoint.size if checkpoint else 0, read):
        yield text
    last = {"checkpoint": checkpoint.note if checkpoint else "", "verifier_key": parts.sealer.signer.verifier_key}
    yield json.dumps(last, ensure_ascii=False) + "\n"


async def _csv(parts: Parts, filters: Filters) -> AsyncIterator[str]:
    checkpoint = await parts.database.read(newest)
    yield ",".join(COLUMNS) + "\r\n"
    async for text in _pieces(parts, filters, checkpoint.size if checkpoint else 0, lambda _, rows: _table(rows)):
        yield text


async def _pieces(parts: Parts, filters: Filters, size: int, read: Read) -> AsyncIterator[str]:
    """The records that fit, newest first; without filters the first `size` leaves, in the log's order."""
    whole = filters == Filters()
    place: Place | int | None = 0 if whole else None
    while True:
        piece = await parts.database.read(lambda s, at=place: _piece(s, filters, size, at, read))  # type: ignore[misc]
        yield piece.text
        place = piece.next
        if place is None:
            return


def _piece(session: Session, filters: Filters, size: int, at: Place | int | None, read: Read) -> _Piece:
    if isinstance(at, int):
        rows = _leaves(session, at, min(size, at + PIECE))
        return _Piece(read(session, rows), at + PIECE if at + PIECE < size else None)
    page = find_page(session, filters, at, PIECE)
    return _Piece(read(session, page.rows), page.next)


def _leaves(session: Session, first: int, end: int) -> Sequence[DecisionRow]:
    query = select(DecisionRow).where(DecisionRow.leaf_index >= first, DecisionRow.leaf_index < end)
    return session.scalars(query.order_by(DecisionRow.leaf_index)).all()


def _line(opened: Opened) -> str:
    damaged = {"damaged": True} if opened.damaged else {}
    return json.dumps({**opened.as_json(), **damaged}, ensure_ascii=False, separators=(",", ":")) + "\n"


def _table(rows: Sequence[DecisionRow]) -> str:
    text = StringIO()
    csv.writer(text).writerows([_harmless(value) for value in _values(row)] for row in rows)
    return text.getvalue()


def _values(row: DecisionRow) -> Iterator[Json]:
    for column in (*HEADER, DecisionRow.leaf_index):
        value = getattr(row, column.key)
        yield value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _harmless(value: Json) -> Json:
    """A text that a spreadsheet shows as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


async def _look(parts: Parts, staff: Staff, filters: Filters, why: Why, what: str) -> None:
    """On record before the first byte: what was asked for; how much of it there is nobody knows yet."""

    def work(session: Session) -> None:
        found = session.get(ConversationRow, filters.conversation) if filters.conversation else None
        about = (found.id, found.visitor_id) if found is not None else ("", "")
        Accesses(parts.recorder).record(session, staff, what, why, about, {"filters": filters.as_json()})

    await parts.database.write(work)


def _answer(content: AsyncIterator[str], media_type: str, name: str) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(content, media_type=media_type, headers={**headers, "Cache-Control": "no-store"})
