"""Signing in with login and password."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from bot.core.errors import NotSignedIn
from bot.core.rate_limit import RateLimit
from bot.db import Database
from bot.db.models import StaffRow
from bot.staff.accounts import Staff, find_account, password_fits, plain_login, staff_of
from bot.staff.sessions import open_session

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
    staff = staff_of(account)
    return staff, await database.run(_open, database, staff.id)


def _find(database: Database, login: str) -> StaffRow | None:
    with database.snapshot() as session:
        return find_account(session, login)


def _open(database: Database, staff_id: str) -> str:
    with database.transaction() as session:
        return open_session(session, staff_id)
