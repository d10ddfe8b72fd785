"""Answers that the visitor had a person check: the reason, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, or_, select

from bot.core.ids import Json
from bot.core.messages import Author
from bot.db.encryption_context import Part, contest_part
from bot.db.models import ContestRow, ConversationRow, StaffRow
from bot.privacy.categories.base import Item, Page, PersonalDataCategory, Reader, Rows, Scope, columns, iso, plain

SEALED = ("reason_sealed", "contact_sealed", "answer_sealed")


class Contests(PersonalDataCategory):
    """Contests, each with its reason and the reviewer's answer."""

    name, place = "contests", 50
    stores = {"contests": "review"}

    def rows(self, scope: Scope) -> Sequence[Rows]:
        """Contests with words in them: the outcome stays."""
        written = or_(*(getattr(ContestRow, column).is_not(None) for column in SEALED))
        return [Rows(ContestRow, (*_of(scope), written), dict.fromkeys(SEALED))]

    def counted(self, scope: Scope) -> Sequence[Rows]:
        return [Rows(ContestRow, _of(scope))]

    def page(self, reader: Reader, limit: int) -> Page:
        mine = ContestRow.conversation_id.in_(reader.subject.conversation_ids)
        count = select(func.count(), func.count(ContestRow.answer_sealed)).where(mine)
        contests, answers = reader.session.execute(count).one()
        newest = select(ContestRow).where(mine).order_by(ContestRow.at.desc(), ContestRow.id.desc()).limit(limit)
        items = [item for row in reader.session.scalars(newest) for item in _items(reader, row)]
        return Page(contests + answers, items[:limit])

    def export_conversation(self, reader: Reader, conversation: ConversationRow) -> dict[str, Json]:
        theirs = select(ContestRow).where(ContestRow.conversation_id == conversation.id)
        rows = reader.session.scalars(theirs.order_by(ContestRow.at, ContestRow.id))
        return {"contests": [_contest(reader, row) for row in rows]}


CATEGORY = Contests()


def _of(scope: Scope) -> tuple[Json, ...]:
    return (ContestRow.conversation_id.in_(scope.conversations),)


def _items(reader: Reader, row: ContestRow) -> Iterator[Item]:
    if row.answer_sealed is not None:
        told = reader.words("contest_answer", name=_reviewer(reader, row))
        words = reader.open_text(row.conversation_id, contest_part(row.id, "answer"), row.answer_sealed)
        yield Item(f"{row.id}.answer", told, words, str(iso(row.decided_at)), row.conversation_id, Author.HUMAN.value)
    reason = reader.words("contest_no_reason")
    if row.reason_sealed is not None:
        reason = reader.open_text(row.conversation_id, contest_part(row.id, "reason"), row.reason_sealed)
    state = reader.words(f"contest_{row.state}")
    yield Item(row.id, state, reason, row.at.isoformat(), row.conversation_id, Author.VISITOR.value)


def _contest(reader: Reader, row: ContestRow) -> dict[str, Json]:
    return {
        **columns(row, "id", "message_id", "decision_id", "state", "at", "language", "decided_at"),
        "state_title": reader.words(f"contest_{row.state}"),
        "reason": _part(reader, row, "reason", row.reason_sealed),
        "reviewer": _reviewer(reader, row) if row.reviewer_id else None,
        "answer": _part(reader, row, "answer", row.answer_sealed),
    }


def _part(reader: Reader, row: ContestRow, part: Part, sealed: bytes | None) -> dict[str, Json] | None:
    return None if sealed is None else plain(reader.open(row.conversation_id, contest_part(row.id, part), sealed))


def _reviewer(reader: Reader, row: ContestRow) -> str:
    staff = reader.session.get(StaffRow, row.reviewer_id) if row.reviewer_id else None
    return staff.name if staff is not None else reader.words("author_colleague")
