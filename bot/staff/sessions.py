"""Signing in, and the sessions of staff: one a signed-in browser. The cookie's token is stored as a hash only."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.core.errors import NotSignedIn
from bot.core.ids import now
from bot.core.rate_limit import RateLimit
from bot.db import Database
from bot.db.models import StaffRow, StaffSessionRow
from bot.db.rows import add
from bot.staff import repository
from bot.staff.accounts import SESSION_HOURS, Staff, find_account, password_fits, plain_login, staff_of

# One check takes 19 MiB and 20 ms on purpose: two at once bound what strangers can make this machine do.
_checkers = ThreadPoolExecutor(2, thread_name_prefix="candor-password")


async def sign_in(database: Database, attempts: RateLimit, login: str, password: str) -> tuple[Staff, str]:
    """The staff member who signed in, and the token for the cookie.

    Raises:
        NotSignedIn: `wrong_password`; neither the message nor the time it takes says which of the two is wrong.
        TooMany: too many wrong passwords for this login.
    """
    login = plain_login(login)
    # Counted before the password is checked, so that attempts at the same time count too.
    attempts.count(login)
    account = await database.run(_find, database, login)
    fits = await asyncio.get_running_loop().run_in_executor(_checkers, password_fits, account, password)
    if account is None or not fits:
        raise NotSignedIn("Login and password do not fit together. Please try again.", code="wrong_password")
    attempts.forget(login)
    return staff_of(account), await database.run(_open, database, account.id)


def open_session(session: Session, staff_id: str) -> str:
    """Open a session of `SESSION_HOURS`, give its token. Expired sessions are deleted."""
    token, moment = secrets.token_urlsafe(32), now()
    repository.delete_expired_sessions(session, moment)
    ends = moment + timedelta(hours=SESSION_HOURS)
    add(session, StaffSessionRow(token_hash=_hash(token), staff_id=staff_id, expires_at=ends))
    return token


def find_session(session: Session, token: str | None) -> Staff | None:
    """The staff member of this token; None when it is unknown or has expired."""
    row = repository.find_by_session(session, _hash(token), now()) if token else None
    return None if row is None else staff_of(row)


def end_session(session: Session, token: str | None) -> None:
    if token:
        repository.delete_session(session, _hash(token))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _find(database: Database, login: str) -> StaffRow | None:
    with database.snapshot() as session:
        return find_account(session, login)


def _open(database: Database, staff_id: str) -> str:
    with database.transaction() as session:
        return open_session(session, staff_id)
