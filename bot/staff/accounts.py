"""Staff accounts. Passwords are kept as argon2id hashes only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from bot.core.errors import BadRequest, Conflict
from bot.core.ids import new_id, now
from bot.db.models import StaffRow
from bot.db.rows import add
from bot.staff.repository import delete_sessions_of, find_by_login

SESSION_HOURS = 12
"""Hours that a sign-in is valid."""
ROLES = frozenset({"agent", "reviewer", "maintainer", "operator"})
"""Agents answer, reviewers read the log, maintainers accept training examples, operators stop the assistant."""
MIN_PASSWORD = 10
"""Characters."""

# OWASP's argon2id profile for a machine that has other work to do: 19 MiB, two passes, one lane, about 20 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Verified against when the login is unknown, so that the answer takes as long as for a known one.
_NOBODY = _hasher.hash("nobody has this password")


@dataclass(frozen=True)
class Staff:
    """Someone who is signed in."""

    id: str
    login: str
    name: str
    roles: tuple[str, ...]

    def as_record(self) -> dict[str, str]:
        """`{id, login, name}`: who acted, as decision records name them."""
        return {"id": self.id, "login": self.login, "name": self.name}


def create(session: Session, login: str, name: str, roles: Iterable[str], password: str) -> Staff:
    """Add an account.

    Raises:
        BadRequest: an unknown role, an empty login or name, or a password shorter than ten characters.
        Conflict: the login is taken.
    """
    login, name, roles = plain_login(login), name.strip(), tuple(roles)
    _check(login, name, roles, password)
    if find_by_login(session, login) is not None:
        raise Conflict("This login is taken; choose another.", code="login_taken")
    row = StaffRow(
        id=new_id("stf"),
        login=login,
        name=name,
        roles=list(roles),
        password_hash=_hasher.hash(password),
        created_at=now(),
    )
    add(session, row)
    return staff_of(row)


def set_password(session: Session, login: str, password: str) -> None:
    """Give the account with this login another password; whoever is signed in with it has to sign in again."""
    row = find_by_login(session, login)
    if row is not None:
        row.password_hash = _hasher.hash(password)
        delete_sessions_of(session, row.id)


def find_account(session: Session, login: str) -> StaffRow | None:
    """The account with this login; upper and lower case are the same."""
    return find_by_login(session, plain_login(login))


def password_fits(account: StaffRow | None, password: str) -> bool:
    """Whether `password` is the account's; takes as long when there is no account. Slow on purpose."""
    try:
        _hasher.verify(account.password_hash if account else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return account is not None


def plain_login(login: str) -> str:
    """A login as it is compared."""
    return login.strip().casefold()


def staff_of(row: StaffRow) -> Staff:
    """The account without its password."""
    return Staff(row.id, row.login, row.name, tuple(row.roles))


def _check(login: str, name: str, roles: tuple[str, ...], password: str) -> None:
    if not 1 <= len(login) <= 80 or not 1 <= len(name) <= 80:
        raise BadRequest("Give a login and a name of 1 to 80 characters.")
    if not roles or not ROLES.issuperset(roles):
        raise BadRequest(f"Give at least one role of: {', '.join(sorted(ROLES))}.")
    if len(password) < MIN_PASSWORD:
        raise BadRequest(f"Choose a password of at least {MIN_PASSWORD} characters.")
