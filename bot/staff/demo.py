"""The demo's staff: two agents and three reviewers, all invented, with random passwords made at first start."""

from __future__ import annotations

import secrets
from pathlib import Path

from sqlalchemy.orm import Session

from bot.core.files import write_atomically
from bot.db import Database
from bot.staff.accounts import create, set_password
from bot.staff.repository import logins

FILE = "staff.txt"
PEOPLE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("mina", "Mina", ("agent",)),
    ("tom", "Tom", ("agent",)),
    ("ruth", "Ruth", ("reviewer",)),
    ("sam", "Sam", ("reviewer",)),
    ("olga", "Olga", ("reviewer", "maintainer", "operator")),
)
_LOGINS = frozenset(login for login, _, _ in PEOPLE)
WORDS = (
    "amber apple autumn bamboo barley basil beacon birch breeze bridge canvas cedar clover copper coral cotton dune "
    "ember falcon fern forest garden ginger harbor hazel heron indigo island ivory jasmine juniper kettle lantern "
    "laurel lemon linen maple marble meadow mellow mint mosaic nectar oasis olive orchid otter pebble pepper pine "
    "plum poppy quartz quill raven reed river robin saffron sage sandal silver sparrow spruce summer tide timber "
    "topaz tulip velvet violet walnut willow winter wren"
).split()


def make_demo_staff(database: Database, data_dir: Path) -> str:
    """Make the demo staff unless others have accounts; gives what to print: one line a login, with the password.

    The same lines are in `data_dir/staff.txt` (mode 600), which later starts print. Empty when the operator made
    accounts and there is no such file.
    """
    path = data_dir / FILE
    with database.transaction() as session:
        everybody = logins(session)
        made = _make(session) if not everybody or (not path.is_file() and everybody <= _LOGINS) else None
    if made is None:
        return path.read_text("utf-8") if path.is_file() else ""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomically(path, made.encode())
    return made


def retire_demo_staff(database: Database, data_dir: Path) -> None:
    """Where the demo staff was made: nobody signs in as one of them any more, and their passwords are gone.

    Their accounts stay, as records name them. Another start of the demo gives them new passwords.
    """
    path = data_dir / FILE
    if path.is_file():
        with database.transaction() as session:
            for login in _LOGINS & logins(session):
                set_password(session, login, secrets.token_urlsafe(32))
        path.unlink()


def _make(session: Session) -> str:
    lines = ["Demo staff: invented people with random passwords, for this installation only.", ""]
    known = logins(session)
    for login, name, roles in PEOPLE:
        password = _password()
        if login in known:
            set_password(session, login, password)
        else:
            create(session, login, name, roles, password)
        page, role = "/desk" if "agent" in roles else "/review", roles[-1]
        lines.append(f"{name:6} {role:9} {page:8} login {login:6} password {password}")
    return "\n".join(lines) + "\n"


def _password() -> str:
    """Four words and two digits: about 32 bits, behind a limit of five tries."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(4)), f"{secrets.randbelow(90) + 10}"])
