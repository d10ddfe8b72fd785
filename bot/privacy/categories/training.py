"""Messages of the visitor that are proposed as training examples, as long as nobody has decided about them."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.core.ids import Json
from bot.db.models import CorrectionRow, DecisionRow
from bot.decisions.vocabulary import intent_title
from bot.privacy.categories.base import Item, Page, Reader, plain
from bot.privacy.decryption import open_value, shown


def page(reader: Reader, limit: int) -> Page:
    """The newest proposals."""
    holds = (CorrectionRow.visitor_id.in_(reader.mine.visitor_ids), CorrectionRow.text_sealed.is_not(None))
    total = reader.session.scalar(select(func.count()).select_from(CorrectionRow).where(*holds)) or 0
    newest = select(CorrectionRow).where(*holds).order_by(CorrectionRow.proposed_at.desc()).limit(limit)
    return Page(total, [_item(reader, row) for row in reader.session.scalars(newest)])


def exported(reader: Reader) -> list[dict[str, Json]]:
    """All proposals that came from the caller's messages, with what became of them."""
    rows = reader.session.scalars(
        select(CorrectionRow)
        .where(CorrectionRow.visitor_id.in_(reader.mine.visitor_ids))
        .order_by(CorrectionRow.proposed_at, CorrectionRow.id)
    )
    return [_correction(reader, row) for row in rows]


def _item(reader: Reader, row: CorrectionRow) -> Item:
    label = reader.words("proposed_for", intent=intent_title(row.intent, reader.language))
    value = open_value(reader.session, reader.keyring, row.visitor_id, row.id, row.text_sealed or b"")
    where = reader.session.get(DecisionRow, row.decision_id)
    text = shown(value, reader.language)
    return Item(row.id, label, text, row.proposed_at.isoformat(), where.conversation_id if where else "")


def _correction(reader: Reader, row: CorrectionRow) -> dict[str, Json]:
    sealed = row.text_sealed
    opened = None if sealed is None else open_value(reader.session, reader.keyring, row.visitor_id, row.id, sealed)
    return {
        "id": row.id,
        "decision_id": row.decision_id,
        "review_id": row.review_id,
        "state": row.state,
        "understood_as": row.wrong_intent,
        "proposed_for": row.intent,
        "consent_record_id": row.consent_record_id,
        "proposed_at": row.proposed_at.isoformat(),
        **plain(opened),
    }
