"""Accounts, the limit on wrong passwords, and the demo's staff."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.core.errors import BadRequest, Conflict
from bot.db import Database
from bot.db.models import StaffRow
from bot.staff import create, make_demo_staff
from bot.staff.accounts import find_account, password_fits
from bot.staff.demo import PEOPLE, retire_demo_staff
from bot.staff.sessions import find_session, open_session
from tests.databases import fresh_database

LOGINS = [login for login, _, _ in PEOPLE]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = fresh_database(tmp_path / "staff.db")
    yield made
    made.close()


def test_a_password_is_kept_as_an_argon2_hash_only(database: Database) -> None:
    with database.transaction() as session:
        create(session, "Nora", "Nora", ["agent"], "a long password")
    with database.snapshot() as session:
        account = find_account(session, " NORA ")
    assert account is not None and account.password_hash.startswith("$argon2id$")
    assert "a long password" not in account.password_hash
    assert password_fits(account, "a long password")
    assert not password_fits(account, "a long passwore")


def test_nobody_has_no_password_that_fits() -> None:
    assert not password_fits(None, "nobody has this password")


def test_a_login_is_taken_once_whatever_its_case(database: Database) -> None:
    with database.transaction() as session:
        create(session, "nora", "Nora", ["agent"], "a long password")
    with pytest.raises(Conflict), database.transaction() as session:
        create(session, "NORA", "Nora", ["agent"], "a long password")


@pytest.mark.parametrize(
    ("login", "roles", "password"),
    [
        ("", ["agent"], "a long password"),
        ("n", [], "a long password"),
        ("n", ["king"], "a long password"),
        ("n", ["agent"], "x"),
    ],
)
def test_an_account_needs_login_role_and_a_long_password(
    database: Database, login: str, roles: list[str], password: str
) -> None:
    with pytest.raises(BadRequest), database.transaction() as session:
        create(session, login, "Nora", roles, password)


def test_the_first_start_makes_the_demo_staff_and_later_ones_tell_the_same(database: Database, tmp_path: Path) -> None:
    told = make_demo_staff(database, tmp_path)
    file = tmp_path / "staff.txt"
    assert file.read_text("utf-8") == told
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert make_demo_staff(database, tmp_path) == told
    for login, role in (("mina", "agent"), ("tom", "agent"), ("ruth", "reviewer")):
        with database.snapshot() as session:
            account = find_account(session, login)
        assert account is not None and account.roles == [role]
        assert password_fits(account, password_of(told, login))


def password_of(told: str, login: str) -> str:
    words = next(line for line in told.splitlines() if f"login {login} " in line).split()
    return words[words.index("password") + 1]


def test_two_installations_have_different_passwords(tmp_path: Path) -> None:
    told = []
    for name in ("one", "two"):
        database = fresh_database(tmp_path / f"{name}.db")
        told.append(make_demo_staff(database, tmp_path / name))
        database.close()
    assert password_of(told[0], "mina") != password_of(told[1], "mina")


def test_without_the_demo_nobody_signs_in_as_its_staff_until_it_is_there_again(
    database: Database, tmp_path: Path
) -> None:
    told = make_demo_staff(database, tmp_path)
    with database.transaction() as session:
        token = open_session(session, id_of(session, "mina"))
    retire_demo_staff(database, tmp_path)
    retire_demo_staff(database, tmp_path)
    assert not (tmp_path / "staff.txt").exists()
    with database.snapshot() as session:
        assert find_session(session, token) is None
        assert not any(password_fits(find_account(session, login), password_of(told, login)) for login in LOGINS)
    again = make_demo_staff(database, tmp_path)
    with database.snapshot() as session:
        assert all(password_fits(find_account(session, login), password_of(again, login)) for login in LOGINS)


def test_accounts_that_the_operator_made_beside_the_demo_stay_as_they_are(database: Database, tmp_path: Path) -> None:
    make_demo_staff(database, tmp_path)
    with database.transaction() as session:
        create(session, "nora", "Nora", ["agent"], "a long password")
        token = open_session(session, id_of(session, "nora"))
    retire_demo_staff(database, tmp_path)
    with database.snapshot() as session:
        assert find_session(session, token) is not None
        assert password_fits(find_account(session, "nora"), "a long password")
    assert make_demo_staff(database, tmp_path) == ""


def id_of(session: Session, login: str) -> str:
    account = find_account(session, login)
    assert account is not None
    return account.id


def test_staff_that_somebody_else_made_stays_alone(database: Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        create(session, "nora", "Nora", ["agent"], "a long password")
    assert make_demo_staff(database, tmp_path) == ""
    assert not (tmp_path / "staff.txt").exists()
    with database.snapshot() as session:
        assert session.query(StaffRow).count() == 1
