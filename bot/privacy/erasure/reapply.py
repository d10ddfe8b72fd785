"""Erasing again, in a database that was set back, who had been erased since: the ledger tells who."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.models import ConversationRow, ErasureRow, VisitorRow
from bot.privacy.erasure.ledger import Entry
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.service import Eraser, erasure_of
from bot.privacy.legal_holds import Records, held, release

BY = "restore"
"""Who does it, as it stands in the record."""


def erase_again(session: Session, eraser: Eraser, records: Records, entry: Entry) -> ErasureRow | None:
    """Do this erasure again, with its own id, moment and receipt.

    None where the visitor is not known or is erased already. A hold that is in force here ends first, on record: it had
    ended before the visitor was erased.
    """
    if session.get(VisitorRow, entry.visitor_id) is None or erasure_of(session, entry.visitor_id) is not None:
        return None
    theirs = session.scalars(select(ConversationRow.id).where(ConversationRow.visitor_id == entry.visitor_id)).all()
    while holds := held(session, theirs):
        for one in holds.values():
            release(session, records, one.id, BY)
    row = eraser.erase(session, entry.visitor_id, _reason(entry), BY)
    row.id, row.begun_at = entry.erasure_id, datetime.fromisoformat(entry.at)
    if entry.request_id:
        row.request_id, row.receipt_hash = entry.request_id, entry.receipt_hash or None
        row.receipt = {**row.receipt, "request": {"what": entry.what, "kept": []}}
    session.flush()
    return row


def _reason(entry: Entry) -> Reason:
    try:
        return Reason(entry.reason)
    except ValueError:
        return Reason.OPERATOR
