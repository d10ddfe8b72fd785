"""Messages of the visitor that are proposed as training examples, as long as nobody has decided about them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Update, select, update

from bot.core.ids import Json, now
from bot.db.models import CorrectionRow, DecisionRow
from bot.decisions.vocabulary import intent_title
from bot.privacy.categories.base import (
    Clearing,
    Item,
    Page,
    PersonalDataCategory,
    Reader,
    Rows,
    Scope,
    columns,
    newest,
    plain,
)
from bot.privacy.decryption import open_value, shown

TOO_OLD = "Nobody decided about this in the time for which proposals are kept."
ERASED = "The visitor was erased before this was decided."


class Training(PersonalDataCategory):
    """Proposed training examples."""

    name, place, clearing = "training", 90, Clearing.BY_ITSELF
    stores = {"corrections": "review"}

    def rows(self, scope: Scope) -> Sequence[Rows]:
        holds = (CorrectionRow.visitor_id.in_(scope.visitors), CorrectionRow.text_sealed.is_not(None))
        return [Rows(CorrectionRow, holds, {"text_sealed": None}, "corrections")]

    def traces(self, scope: Scope) -> Sequence[Update]:
        """An open proposal ends."""
        open_ = (CorrectionRow.visitor_id.in_(scope.visitors), CorrectionRow.state == "proposed")
        return [update(CorrectionRow).where(*open_).values(**_refused(ERASED))]

    def outdated(self, scope: Scope) -> Sequence[Rows]:
        """Open proposals, which end."""
        theirs = select(DecisionRow.id).where(DecisionRow.conversation_id.in_(scope.conversations))
        holds = (CorrectionRow.decision_id.in_(theirs), CorrectionRow.state == "proposed")
        return [Rows(CorrectionRow, holds, {"text_sealed": None, **_refused(TOO_OLD)})]

    counted = outdated

    def page(self, reader: Reader, limit: int) -> Page:
        mine = CorrectionRow.visitor_id.in_(reader.subject.visitor_ids)
        query = select(CorrectionRow).where(mine, CorrectionRow.text_sealed.is_not(None))
        total, rows = newest(reader.session, query, limit, CorrectionRow.proposed_at)
        return Page(total, [_item(reader, row) for row in rows])

    def export(self, reader: Reader) -> dict[str, Json]:
        """All proposals made from the caller's messages, with what became of them."""
        mine = select(CorrectionRow).where(CorrectionRow.visitor_id.in_(reader.subject.visitor_ids))
        rows = reader.session.scalars(mine.order_by(CorrectionRow.proposed_at, CorrectionRow.id))
        return {"training": [_correction(reader, row) for row in rows]}


CATEGORY = Training()


def _refused(note: str) -> dict[str, Json]:
    return {"state": "refused", "decided_at": now(), "note": note}


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
        **columns(row, "id", "decision_id", "review_id", "state", "consent_record_id", "proposed_at"),
        "understood_as": row.wrong_intent,
        "proposed_for": row.intent,
        **plain(opened),
    }
