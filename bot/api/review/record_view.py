"""Parts of a record's page: its sealed bytes, its erasure, the personal data in it and its turn's times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.api.review.summaries import LANGUAGE
from bot.api.schemas.review import Erasure, PersonalData, Step
from bot.core.ids import Json
from bot.db.erased import erased_at
from bot.db.models import ConsentRow, DecisionRow, MessageRow
from bot.db.rows import find
from bot.decisions import vocabulary
from bot.decisions.explain import summary
from bot.decisions.kinds import Kind
from bot.decisions.recorder import Opened
from bot.privacy.erasure.repository import erasure_of
from bot.transparency_log.leaf import header_text

PLACES = {name: place for place, name in enumerate(("accept", "wait", "route", "mask", "think", "record"))}
"""The order of a turn's steps, as its records name them in `timing`."""
MARKED = (Kind.GATE, Kind.ACTION)
"""What is shown between the steps, at the moment it was recorded."""
MILLISECOND = timedelta(milliseconds=1)


def sealed_parts(opened: Opened) -> dict[str, Json]:
    """`{header, salt, payload, leaf_index}`: what the commitment and the leaf can be recomputed from."""
    return {
        "header": header_text(opened.row),
        "salt": None if opened.salt is None else opened.salt.hex(),
        "payload": None if opened.payload is None else opened.payload.decode(),
        "leaf_index": opened.row.leaf_index,
    }


def erasure(session: Session, opened: Opened) -> Erasure | None:
    """The erasure that emptied this record; None while it is whole."""
    if opened.payload is not None or opened.damaged:
        return None
    visitor_id = opened.row.visitor_id
    row = erasure_of(session, visitor_id)
    if row is not None:
        return Erasure.of(row, at=row.begun_at)
    return Erasure.of(at=erased_at(session, visitor_id), reason=None, record_id=None)


def personal(session: Session, opened: Opened, turn: Sequence[Opened]) -> list[PersonalData]:
    """The personal data that this decision or a gate of its turn was allowed, under which consent; each once."""
    found: dict[tuple[str, str | None], PersonalData] = {}
    gates = [one for one in turn if one.row.kind == Kind.GATE and one.row.id != opened.row.id]
    for one in (opened, *gates):
        for used in _used(session, one.record):
            found.setdefault((used.category, used.consent_record_id), used)
    return list(found.values())


def waterfall(session: Session, opened: Opened, turn: Sequence[Opened]) -> list[Step]:
    """The turn's steps with their times, milliseconds from its start, and its gates and actions between them."""
    timed = next((one for one in (opened, *turn) if one.record and one.record.get("timing")), None)
    timing = timed.record["timing"] if timed is not None and timed.record is not None else {}
    steps = [
        Step(name=name, title=vocabulary.named("step", name, LANGUAGE), start_ms=start, ms=length)
        for name, (start, length) in timing.items()
    ]
    begun = _begun(session, opened.row, timed)
    marks = [] if begun is None else [_mark(one.row, begun) for one in turn if one.row.kind in MARKED]
    return sorted([*steps, *marks], key=lambda one: (one.start_ms, PLACES.get(one.name, len(PLACES))))


def _used(session: Session, record: Mapping[str, Json] | None) -> Iterator[PersonalData]:
    if record is None or not record["categories"] or not record["result"].get("allowed", record["kind"] != Kind.GATE):
        return
    consent_id = record["consent_record_id"]
    event = find(session, ConsentRow, consent_id)
    purpose = record["input"].get("purpose") or (event.purpose if event else None)
    for category in record["categories"]:
        yield PersonalData.of(
            category=category,
            category_title=vocabulary.category_title(category, LANGUAGE),
            purpose=purpose,
            purpose_title=vocabulary.purpose_title(purpose, LANGUAGE) if purpose else None,
            consent_record_id=consent_id,
            consent_state=event.state.removeprefix("Consent").lower() if event else None,
            consent_at=event.at if event else None,
            lawful_basis=record["lawful_basis"],
        )


def _mark(row: DecisionRow, begun: datetime) -> Step:
    start = max(0.0, (row.at - begun) / MILLISECOND)
    return Step(name=row.kind, title=summary(row, LANGUAGE), start_ms=round(start, 1), ms=0.0)


def _begun(session: Session, row: DecisionRow, timed: Opened | None) -> datetime | None:
    """When the turn began: its steps are counted from its message."""
    message = find(session, MessageRow, row.turn_id)
    if message is not None:
        return message.created_at
    record = timed.record if timed is not None else None
    start = record["timing"].get("record", [0.0])[0] if record is not None else 0.0
    return None if timed is None else timed.row.at - start * MILLISECOND
