"""Stopping the assistant, wholly or for one topic. Operators stop and start; reviewers see what is stopped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Response
from sqlalchemy.orm import Session

from bot.api.deps import GatewayServices, Snapshot, Transaction
from bot.api.review.deps import Operator, ReviewerOrOperator
from bot.api.schemas import review as schemas
from bot.api.schemas.errors import errors
from bot.core.errors import BadRequest, Conflict, NotFound, RecordError
from bot.db.models import StopRow
from bot.oversight.repository.stops import newest_first
from bot.oversight.stops import Stops
from bot.staff.repository import names

router = APIRouter()
StopId = Annotated[str, Path(max_length=64, pattern=r"^\w+$")]


@router.get("/stops")
def list_stops(session: Snapshot, services: GatewayServices, _staff: ReviewerOrOperator) -> schemas.Stops:
    """What is stopped now, what was, the topics that can be stopped, and what visitors will read."""
    stops = services.stops
    return schemas.Stops(
        stops=_shown(session, stops, newest_first(session)),
        topics=[schemas.NamedChoice(name=topic.name, title=topic.title) for topic in stops.topics()],
        told=schemas.StopSentences(
            everything=stops.sentence("stopped", None, "en"), topic=stops.sentence("stopped", "", "en")
        ),
    )


@router.post(
    "/stops",
    status_code=201,
    responses={200: {"model": schemas.Stop}, **errors((BadRequest, "topic_unknown"), RecordError)},
)
def stop(
    session: Transaction, services: GatewayServices, operator: Operator, new: schemas.NewStop, response: Response
) -> schemas.Stop:
    """Stop at once: from the next message on people answer. 200 when it is stopped already."""
    row, fresh = services.stops.start(session, operator, new.topic, new.reason)
    response.status_code = 201 if fresh else 200
    (stopped,) = _shown(session, services.stops, [row])
    return stopped


@router.delete("/stops/{stop_id}", responses=errors(NotFound, (Conflict, "already_ended"), RecordError))
def start_again(session: Transaction, services: GatewayServices, operator: Operator, stop_id: StopId) -> schemas.Stop:
    """The assistant answers again. 409 when this stop has ended already."""
    (ended,) = _shown(session, services.stops, [services.stops.end(session, operator, stop_id)])
    return ended


def _shown(session: Session, stops: Stops, rows: Sequence[StopRow]) -> list[schemas.Stop]:
    people = names(session, {person for row in rows for person in (row.by_id, row.ended_by) if person})
    return [
        schemas.Stop.of(
            row, title=stops.title(row.topic), by=people[row.by_id], ended_by=people.get(row.ended_by or "")
        )
        for row in rows
    ]
