"""Records as a file: any list, streamed a piece at a time, so that its length costs no memory."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from io import StringIO
from typing import TypeAlias

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.orm import Session

from bot.api.deps import GatewayServices
from bot.api.review.deps import TIME_WRONG, Reason, Reviewer, Wanted
from bot.api.review.record_view import sealed_parts
from bot.api.schemas.errors import errors
from bot.api.schemas.files import STRING, file_response
from bot.core.errors import RecordError
from bot.core.ids import Json
from bot.db.models import ConversationRow, DecisionRow, LogCheckpointRow
from bot.db.rows import find
from bot.decisions import Recorder
from bot.decisions.repository import Filters, Place, find_page, leaves
from bot.oversight.access_log import AccessPurpose
from bot.services import Services
from bot.staff import Staff
from bot.transparency_log.leaf import FIELDS
from bot.transparency_log.repository import HEADER, newest

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
async def export_jsonl(
    services: GatewayServices, reviewer: Reviewer, filters: Wanted, why: Reason = AccessPurpose.REVIEW
) -> StreamingResponse:
    """Whole records, one a line, with what their leaves are recomputed from; the last line is the checkpoint.

    Without any filter it is the log itself, in its order, as `candor log verify --export` takes it.
    """
    await services.database.run(_record_access, services, reviewer, filters, why, "export:jsonl")
    return _file(_jsonl(services, filters), JSONL, "decisions.jsonl")


@router.get(
    "/export.csv",
    response_class=Response,
    responses={**file_response({"text/csv": STRING}, "One record a row."), **errors(TIME_WRONG, RecordError)},
)
async def export_csv(
    services: GatewayServices, reviewer: Reviewer, filters: Wanted, why: Reason = AccessPurpose.REVIEW
) -> StreamingResponse:
    """The open columns, for a spreadsheet."""
    await services.database.run(_record_access, services, reviewer, filters, why, "export:csv")
    return _file(_csv(services, filters), "text/csv; charset=utf-8", "decisions.csv")


async def _jsonl(services: Services, filters: Filters) -> AsyncIterator[str]:
    checkpoint = await services.database.run(_checkpoint, services)
    async for text in _pieces(services, filters, checkpoint, _lines):
        yield text
    last = {"checkpoint": checkpoint.note if checkpoint else "", "verifier_key": services.sequencer.signer.verifier_key}
    yield json.dumps(last, ensure_ascii=False) + "\n"


async def _csv(services: Services, filters: Filters) -> AsyncIterator[str]:
    checkpoint = await services.database.run(_checkpoint, services)
    yield ",".join(COLUMNS) + "\r\n"
    async for text in _pieces(services, filters, checkpoint, _table):
        yield text


async def _pieces(
    services: Services, filters: Filters, checkpoint: LogCheckpointRow | None, write: Write
) -> AsyncIterator[str]:
    """The records that fit, newest first; without filters those of the checkpoint, in the log's order.

    Each piece is read and written out in a snapshot of its own: none stays open while the client takes its time.
    """
    if filters == Filters():
        size = checkpoint.size if checkpoint else 0
        for first in range(0, size, PIECE):
            yield await services.database.run(_leaves, services, first, min(size, first + PIECE), write)
        return
    place: Place | None = None
    more = True
    while more:
        text, place = await services.database.run(_page, services, filters, place, write)
        yield text
        more = place is not None


def _checkpoint(services: Services) -> LogCheckpointRow | None:
    with services.database.snapshot() as session:
        return newest(session)


def _leaves(services: Services, first: int, end: int, write: Write) -> str:
    with services.database.snapshot() as session:
        return write(session, services.recorder, leaves(session, first, end))


def _page(services: Services, filters: Filters, place: Place | None, write: Write) -> tuple[str, Place | None]:
    with services.database.snapshot() as session:
        page = find_page(session, filters, place, PIECE)
        return write(session, services.recorder, page.rows), page.next


def _lines(session: Session, recorder: Recorder, rows: Rows) -> str:
    opened = recorder.open_all(session, rows)
    lines = [{**sealed_parts(one), **({"damaged": True} if one.damaged else {})} for one in opened]
    return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)


def _table(_session: Session, _recorder: Recorder, rows: Rows) -> str:
    text = StringIO()
    csv.writer(text).writerows(_values(row) for row in rows)
    return text.getvalue()


def _values(row: DecisionRow) -> Iterator[Json]:
    for column in (*HEADER, DecisionRow.leaf_index):
        value = getattr(row, column.key)
        if isinstance(value, datetime):
            value = value.isoformat(timespec="microseconds")
        yield f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _record_access(services: Services, staff: Staff, filters: Filters, why: AccessPurpose, what: str) -> None:
    """Record, before the first byte, what was asked for; how much of it there is nobody knows yet."""
    with services.database.transaction() as session:
        found = find(session, ConversationRow, filters.conversation)
        about = (found.id, found.visitor_id) if found is not None else ("", "")
        services.access_log.record(session, staff, what, why, about, {"filters": filters.as_json()})


def _file(content: AsyncIterator[str], media_type: str, name: str) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(content, media_type=media_type, headers=headers)
