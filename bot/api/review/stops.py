"""Stopping the assistant, wholly or for one topic. Operators stop and start; reviewers see what is stopped."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from bot.api.review.clean_text import Written
from bot.api.review.deps import Operator, Services
from bot.api.staff_auth import require
from bot.core.errors import Forbidden
from bot.core.ids import Json
from bot.db.models import StaffRow, StopRow
from bot.oversight import stops
from bot.oversight.topics import topics
from bot.staff import Staff

router = APIRouter()
StopId = Annotated[str, Path(max_length=64, pattern=r"^\w+$")]


def _may_look(staff: Annotated[Staff, Depends(require())]) -> None:
    if not {"reviewer", "operator"}.intersection(staff.roles):
        raise Forbidden("This page is for people with the role reviewer or operator.")


class NewStop(BaseModel):
    """What is to be stopped, and why."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    topic: str | None = Field(max_length=64, description="A topic's name; null stops the whole assistant.")
    reason: Written = Field(max_length=400, description="For the record and for colleagues; no visitor's data.")


@router.get("/stops", dependencies=[Depends(_may_look)])
async def list_stops(parts: Services) -> dict[str, Json]:
    """What is stopped now, what was, the topics that can be stopped, and what visitors will read."""

    def work(session: Session) -> list[Json]:
        return [_as_json(session, row) for row in stops.newest_first(session)]

    known = [{"name": topic.name, "title": topic.title} for topic in topics().values()]
    told = {
        "everything": parts.stops.sentence("stopped", None, "en"),
        "topic": parts.stops.sentence("stopped", "", "en"),
    }
    return {"stops": await parts.database.read(work), "topics": known, "told": told}


@router.post("/stops", status_code=201)
async def stop(parts: Services, operator: Operator, new: NewStop, response: Response) -> Json:
    """Stop at once: from the next message on people answer. 200 when it is stopped already."""

    def work(session: Session) -> tuple[Json, bool]:
        row, fresh = parts.stops.start(session, operator, new.topic, new.reason)
        return _as_json(session, row), fresh

    stopped, fresh = await parts.database.write(work)
    response.status_code = 201 if fresh else 200
    return stopped


@router.delete("/stops/{stop_id}")
async def start_again(parts: Services, operator: Operator, stop_id: StopId) -> Json:
    """The assistant answers again. 409 when this stop has ended already."""
    return await parts.database.write(lambda s: _as_json(s, parts.stops.end(s, operator, stop_id)))


def _as_json(session: Session, row: StopRow) -> Json:
    return {
        "id": row.id,
        "topic": row.topic,
        "title": stops.title(row.topic),
        "reason": row.reason,
        "at": row.at.isoformat(),
        "by": _name(session, row.by_id),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "ended_by": _name(session, row.ended_by),
    }


def _name(session: Session, staff_id: str | None) -> str | None:
    return session.get_one(StaffRow, staff_id).name if staff_id else None
