"""Decision records about the visitor, explained. Accesses and contests have other headings in the overview."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from bot.core.ids import Json
from bot.db.models import ConversationRow, DecisionPayloadRow, DecisionRow
from bot.decisions.explain import Explained, explain, explain_damaged, explain_erased
from bot.decisions.kinds import Kind
from bot.privacy.categories.base import Item, Page, PersonalDataCategory, Reader, Rows, Scope, columns, newest
from bot.privacy.decryption import Gone, Record, open_records

ELSEWHERE = (Kind.ACCESS, Kind.CONTEST)
"""Kinds that the overview shows under another heading; the export has them here, as records."""


class Decisions(PersonalDataCategory):
    """The content of decision records."""

    name, place = "decisions", 60
    stores = {"records": "review"}

    def rows(self, scope: Scope) -> Sequence[Rows]:
        """Payloads sealed under the visitor's key; the header and its commitment stay in the log."""
        table = DecisionPayloadRow
        holds = (table.visitor_id.in_(scope.visitors), table.payload_sealed.is_not(None))
        return [Rows(table, holds, {"payload_sealed": None}, "records")]

    def page(self, reader: Reader, limit: int) -> Page:
        query = (
            select(DecisionRow)
            .join(DecisionPayloadRow, DecisionPayloadRow.decision_id == DecisionRow.id)
            .where(
                DecisionRow.visitor_id.in_(reader.subject.visitor_ids),
                DecisionRow.kind.not_in(ELSEWHERE),
                DecisionPayloadRow.payload_sealed.is_not(None),
            )
        )
        total, rows = newest(reader.session, query, limit, DecisionRow.at, DecisionRow.id)
        return Page(total, [_item(reader, record) for record in open_records(reader.session, reader.recorder, rows)])

    def export(self, reader: Reader) -> dict[str, Json]:
        return {"records": _exported(reader, "")}

    def export_conversation(self, reader: Reader, conversation: ConversationRow) -> dict[str, Json]:
        return {"records": _exported(reader, conversation.id)}


CATEGORY = Decisions()


def _exported(reader: Reader, conversation_id: str) -> list[dict[str, Json]]:
    """Records of the caller in order, each as it was written and explained."""
    rows = reader.session.scalars(
        select(DecisionRow)
        .where(DecisionRow.visitor_id.in_(reader.subject.visitor_ids), DecisionRow.conversation_id == conversation_id)
        .order_by(DecisionRow.at, DecisionRow.id)
    ).all()
    return [_record(reader, record) for record in open_records(reader.session, reader.recorder, rows)]


def _explained(record: Record, language: str) -> Explained:
    """`{title, text, facts}` for the visitor, also of what cannot be opened any more."""
    addressed = f"{language}_you"
    if record.content is not None:
        return explain(record.content, addressed)
    return explain_erased(addressed) if record.gone is Gone.ERASED else explain_damaged(addressed)


def _item(reader: Reader, record: Record) -> Item:
    told = _explained(record, reader.language)
    row = record.row
    return Item(row.id, told["title"], told["text"], row.at.isoformat(), row.conversation_id)


def _record(reader: Reader, record: Record) -> dict[str, Json]:
    row = record.row
    return {
        **columns(row, "id", "at", "kind", "outcome", "turn_id", "commitment"),
        "explanation": _explained(record, reader.language),
        "record": record.content,
        **({"gone": record.gone.value} if record.gone else {}),
    }
