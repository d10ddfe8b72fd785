"""A staff member's signed-in browsers. The cookie's token is kept as a hash only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.core.ids import now
from bot.db.models import StaffRow, StaffSessionRow
from bot.staff.accounts import SESSION_HOURS, Staff, staff_of


def open_session(session: Session, staff_id: str) -> str:
    """Remember a new signed-in browser for `SESSION_HOURS`, give its token. Sessions that ran out are dropped."""
    token, moment = secrets.token_urlsafe(32), now()
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.expires_at <= moment))
    session.add(
        StaffSessionRow(token_hash=_hash(token), staff_id=staff_id, expires_at=moment + timedelta(hours=SESSION_HOURS))
    )
    return token


def find_session(session: Session, token: str | None) -> Staff | None:
    """Who holds this token, or None when it is unknown or has run out."""
    if not token:
        return None
    row = session.scalar(
        select(StaffRow)
        .join(StaffSessionRow, StaffSessionRow.staff_id == StaffRow.id)
        .where(StaffSessionRow.token_hash == _hash(token), StaffSessionRow.expires_at > now())
    )
    return None if row is None else staff_of(row)


def end_session(session: Session, token: str | None) -> None:
    """Forget a signed-in browser; nothing happens when it is unknown."""
    if token:
        session.execute(delete(StaffSessionRow).where(StaffSessionRow.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
