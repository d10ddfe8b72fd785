"""Records as a file: any list, streamed a piece at a time, so that its length costs no memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from io import StringIO
from typing import TypeAlias

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.orm import Session

from bot.api.deps import GatewayServices, Transaction
from bot.api.review.deps import Reviewer
from bot.api.review.query import TIME_WRONG, Reason, Wanted
from bot.api.review.record_view import sealed_parts
from bot.api.schemas.errors import errors
from bot.api.schemas.files import STRING, file_response
from bot.core.errors import RecordError
from bot.core.ids import Json
from bot.db.models import ConversationRow, DecisionRow
from bot.db.rows import find
from bot.decisions import Recorder
from bot.decisions.opened import Opened, open_all
from bot.decisions.repository import Filters, Place, find_page, leaves
from bot.oversight.access_log import AccessPurpose
from bot.services import Services
from bot.staff import Staff
from bot.transparency_log.leaf import FIELDS
from bot.transparency_log.sequencer import HEADER, newest

router = APIRouter()
PIECE = 500
"""Records read, and held in memory, at once."""
COLUMNS = (*FIELDS, "leaf_index")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula, and run."""

JSONL = "application/jsonl"
Rows: TypeAlias = Sequence[DecisionRow]
Write: TypeAlias = Callable[[Session, Recorder, Rows], str]


@router.get(
    "/export.jsonl",
    response_class=Response,
    responses={**file_response({JSONL: STRING}, "One record a line."), **errors(TIME_WRONG, RecordError)},
)
def export_jsonl(
    session: Transaction,
    services: GatewayServices,
    reviewer: Reviewer,
    filters: Wanted,
    why: Reason = AccessPurpose.REVIEW,
) -> StreamingResponse:
    """Whole records, one a line, with what their leaves are recomputed from; the last line is the checkpoint.

    Without any filter it is the log itself, in its order, as `candor log verify --export` takes it.
    """
    _record_access(session, services, reviewer, filters, why, "export:jsonl")
    return _file(_jsonl(services, filters), JSONL, "decisions.jsonl")


@router.get(
    "/export.csv",
    response_class=Response,
    responses={**file_response({"text/csv": STRING}, "One record a row."), **errors(TIME_WRONG, RecordError)},
)
def export_csv(
    session: Transaction,
    services: GatewayServices,
    reviewer: Reviewer,
    filters: Wanted,
    why: Reason = AccessPurpose.REVIEW,
) -> StreamingResponse:
    """The open columns, for a spreadsheet."""
    _record_access(session, services, reviewer, filters, why, "export:csv")
    return _file(_csv(services, filters), "text/csv; charset=utf-8", "decisions.csv")


def _jsonl(services: Services, filters: Filters) -> Iterator[str]:
    with services.database.snapshot() as session:
        checkpoint = newest(session)
    yield from _pieces(services, filters, checkpoint.size if checkpoint else 0, _lines)
    last = {"checkpoint": checkpoint.note if checkpoint else "", "verifier_key": services.sealer.signer.verifier_key}
    yield json.dumps(last, ensure_ascii=False) + "\n"


def _csv(services: Services, filters: Filters) -> Iterator[str]:
    with services.database.snapshot() as session:
        checkpoint = newest(session)
    yield ",".join(COLUMNS) + "\r\n"
    yield from _pieces(services, filters, checkpoint.size if checkpoint else 0, _table)


def _pieces(services: Services, filters: Filters, size: int, write: Write) -> Iterator[str]:
    """The records that fit, newest first; without filters the first `size` leaves, in the log's order.

    Each piece is read and written out in a snapshot of its own: none stays open while the client takes its time.
    """
    if filters == Filters():
        for first in range(0, size, PIECE):
            with services.database.snapshot() as session:
                text = write(session, services.recorder, leaves(session, first, min(size, first + PIECE)))
            yield text
        return
    place: Place | None = None
    while True:
        with services.database.snapshot() as session:
            page = find_page(session, filters, place, PIECE)
            text = write(session, services.recorder, page.rows)
        yield text
        place = page.next
        if place is None:
            return


def _lines(session: Session, recorder: Recorder, rows: Rows) -> str:
    return "".join(_line(one) for one in open_all(session, recorder, rows))


def _line(opened: Opened) -> str:
    damaged = {"damaged": True} if opened.damaged else {}
    return json.dumps({**sealed_parts(opened), **damaged}, ensure_ascii=False, separators=(",", ":")) + "\n"


def _table(_session: Session, _recorder: Recorder, rows: Rows) -> str:
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


def _record_access(
    session: Session, services: Services, staff: Staff, filters: Filters, why: AccessPurpose, what: str
) -> None:
    """Record, before the first byte, what was asked for; how much of it there is nobody knows yet."""
    found = find(session, ConversationRow, filters.conversation)
    about = (found.id, found.visitor_id) if found is not None else ("", "")
    services.access_log.record(session, staff, what, why, about, {"filters": filters.as_json()})


def _file(content: Iterator[str], media_type: str, name: str) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(content, media_type=media_type, headers=headers)
