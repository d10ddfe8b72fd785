"""Reapplies the ledger's erasures in a database that was set back by a restore."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.db.erased import is_erased
from bot.db.models import ErasureRow
from bot.decisions import Recorder
from bot.privacy.erasure.ledger import Entry
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.repository import is_known
from bot.privacy.erasure.service import Eraser
from bot.privacy.legal_holds import held, release
from bot.privacy.repository import conversations_of

BY = "restore"
"""Who does it, for the record."""


def erase_again(session: Session, eraser: Eraser, recorder: Recorder, entry: Entry) -> ErasureRow | None:
    """Do this erasure again, with its own id, moment and receipt.

    None where the visitor is not known or is erased already. A hold that is in force here ends first, on record: it had
    ended before the visitor was erased.
    """
    if not is_known(session, entry.visitor_id) or is_erased(session, entry.visitor_id):
        return None
    theirs = [conversation.id for conversation in conversations_of(session, [entry.visitor_id])]
    while holds := held(session, theirs):
        for one in holds.values():
            release(session, recorder, one.id, BY)
    reason = Reason(entry.reason) if entry.reason in set(Reason) else Reason.OPERATOR
    row = eraser.erase(session, entry.visitor_id, reason, BY)
    row.id, row.begun_at = entry.erasure_id, datetime.fromisoformat(entry.at)
    if entry.request_id:
        row.request_id, row.receipt_hash = entry.request_id, entry.receipt_hash or None
        row.receipt = {**row.receipt, "request": {"what": entry.what, "kept": []}}
    return row
