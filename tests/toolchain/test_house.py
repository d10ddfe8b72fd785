"""Where SQL and transactions may be written: SQL in repositories and bot/db, commits in bot/db/database.py alone."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatch

import pytest

from tests.tools import ROOT

HOMES = (
    "bot/*/repository.py",
    "bot/*/repository/*",
    "bot/*_repository.py",
    "bot/privacy/categories/*",
    "bot/db/*",
    "bot/migrations/*",
)
"""The modules that may hold SQL (`*` crosses folders)."""
EDGE = "bot/db/database.py"
"""The module that begins and commits transactions."""
BUILDERS = {"delete", "exists", "func", "insert", "select", "text", "union", "union_all", "update"}
SESSION = {
    "add", "add_all", "delete", "execute", "flush", "get", "get_one", "merge", "query", "refresh", "scalar", "scalars",
    "stream_scalars",
}  # fmt: skip
SESSIONS = re.compile(r"^(_?session|s)$")
"""The names that a session has in this code."""


def sources() -> list[str]:
    found = (
        path.relative_to(ROOT).as_posix() for folder in ("bot", "actions") for path in (ROOT / folder).rglob("*.py")
    )
    return sorted(name for name in found if not name.startswith("bot/static/"))


def sql(tree: ast.Module) -> list[str]:
    """What in a module is SQL: constructors taken from SQLAlchemy, and calls that a session runs."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sqlalchemy":
            found += [f"{node.lineno}: {alias.name}" for alias in node.names if alias.name in BUILDERS]
        if isinstance(node, ast.Attribute) and node.attr in SESSION and _is_session(node.value):
            found.append(f"{node.lineno}: session.{node.attr}")
    return found


def transactions(tree: ast.Module) -> list[str]:
    """Where a module begins or ends a transaction of a session or connection by itself."""
    return [
        f"{node.lineno}: {node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"begin", "begin_nested", "commit", "rollback"}
        and (_is_session(node.value) or isinstance(node.value, ast.Name) and node.value.id == "connection")
    ]


def _is_session(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return SESSIONS.match(name) is not None


def parsed(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


def test_sql_is_written_in_repositories_alone() -> None:
    outside = {name: sql(parsed(name)) for name in sources() if not any(fnmatch(name, home) for home in HOMES)}
    assert {name: lines for name, lines in outside.items() if lines} == {}, "move it to a repository"


def test_transactions_are_begun_and_committed_in_one_module() -> None:
    names = [name for name in sources() if name != EDGE and not name.startswith("bot/migrations/")]
    assert {name: found for name in names if (found := transactions(parsed(name)))} == {}


@pytest.mark.parametrize(
    "code",
    [
        "from sqlalchemy import select",
        "from sqlalchemy.sql import text",
        "def f(session): session.execute(1)",
        "x = lambda s: s.get_one(A, 1)",
        "def f(session): return map(session.add, [])",
        "class A:\n    def f(self): self._session.get(B, 1)",
    ],
)
def test_sql_is_recognised(code: str) -> None:
    assert sql(ast.parse(code))


@pytest.mark.parametrize("code", ["from sqlalchemy.orm import Session", "settings.get('a')", "session.info.get('a')"])
def test_what_is_no_sql_is_not(code: str) -> None:
    assert sql(ast.parse(code)) == []


def test_a_commit_is_recognised() -> None:
    assert transactions(ast.parse("session.commit()\nwith connection.begin(): pass"))


def test_no_test_imports_another() -> None:
    imports = re.compile(r"^(?:from|import) tests[\w.]*\.test_\w+", re.MULTILINE)
    files = (ROOT / "tests").rglob("*.py")
    assert [path.name for path in files if imports.search(path.read_text(encoding="utf-8"))] == []
