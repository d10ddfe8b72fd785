"""Sessions of staff: one a signed-in browser. The cookie's token is stored as a hash only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.core.ids import now
from bot.db.models import StaffSessionRow
from bot.staff import repository
from bot.staff.accounts import SESSION_HOURS, Staff, staff_of


def open_session(session: Session, staff_id: str) -> str:
    """Open a session of `SESSION_HOURS`, give its token. Expired sessions are deleted."""
    token, moment = secrets.token_urlsafe(32), now()
    repository.delete_expired_sessions(session, moment)
    session.add(
        StaffSessionRow(token_hash=_hash(token), staff_id=staff_id, expires_at=moment + timedelta(hours=SESSION_HOURS))
    )
    return token


def find_session(session: Session, token: str | None) -> Staff | None:
    """The staff member of this token; None when it is unknown or has expired."""
    if not token:
        return None
    row = repository.find_by_session(session, _hash(token), now())
    return None if row is None else staff_of(row)


def end_session(session: Session, token: str | None) -> None:
    """Delete the session of this token, if there is one."""
    if token:
        repository.delete_session(session, _hash(token))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
