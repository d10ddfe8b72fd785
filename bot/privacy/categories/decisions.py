"""Decision records about the visitor, explained; looks at their data and contests are told elsewhere."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from bot.core.ids import Json
from bot.db.models import DecisionPayloadRow, DecisionRow
from bot.decisions.explain import Explained, explain, explain_damaged, explain_erased
from bot.decisions.models import Kind
from bot.privacy.categories.base import Item, Page, Reader
from bot.privacy.decryption import Gone, Record, open_records

ELSEWHERE = (Kind.ACCESS, Kind.CONTEST)
"""Kinds that the overview shows under another heading; the export has them here, as records."""


def page(reader: Reader, limit: int) -> Page:
    """The newest decisions."""
    holds = (
        DecisionRow.visitor_id.in_(reader.mine.visitor_ids),
        DecisionRow.kind.not_in(ELSEWHERE),
        DecisionPayloadRow.payload_sealed.is_not(None),
    )
    joined = (
        select(DecisionRow).join(DecisionPayloadRow, DecisionPayloadRow.decision_id == DecisionRow.id).where(*holds)
    )
    total = reader.session.scalar(joined.with_only_columns(func.count())) or 0
    newest = joined.order_by(DecisionRow.at.desc(), DecisionRow.id.desc()).limit(limit)
    records = open_records(reader.session, reader.recorder, reader.session.scalars(newest).all())
    return Page(total, [_item(reader, record) for record in records])


def exported(reader: Reader, which: ColumnElement[bool]) -> list[dict[str, Json]]:
    """All records of the caller that fit `which`, in order, each as it was written and explained."""
    rows = reader.session.scalars(
        select(DecisionRow)
        .where(DecisionRow.visitor_id.in_(reader.mine.visitor_ids), which)
        .order_by(DecisionRow.at, DecisionRow.id)
    ).all()
    return [_record(reader, record) for record in open_records(reader.session, reader.recorder, rows)]


def explained(record: Record, language: str) -> Explained:
    """`{title, text, facts}` for the visitor, also of what cannot be opened any more."""
    addressed = f"{language}_you"
    if record.content is not None:
        return explain(record.content, addressed)
    return explain_erased(addressed) if record.gone is Gone.ERASED else explain_damaged(addressed)


def _item(reader: Reader, record: Record) -> Item:
    told = explained(record, reader.language)
    row = record.row
    return Item(row.id, told["title"], told["text"], row.at.isoformat(), row.conversation_id)


def _record(reader: Reader, record: Record) -> dict[str, Json]:
    row = record.row
    return {
        "id": row.id,
        "at": row.at.isoformat(),
        "kind": row.kind,
        "outcome": row.outcome,
        "turn_id": row.turn_id,
        "commitment": row.commitment,
        "explanation": explained(record, reader.language),
        "record": record.content,
        **({"gone": record.gone.value} if record.gone else {}),
    }
