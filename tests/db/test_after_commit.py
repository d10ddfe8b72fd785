"""What is to happen once a transaction is committed."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.db import Database, touch
from bot.db.database import after_commit


def test_it_is_done_after_the_commit_and_before_listeners(any_database: Database) -> None:
    done: list[object] = []
    any_database.on_commit(lambda changes: done.append(set(changes)))

    def work() -> None:
        with any_database.snapshot() as session:
            done.append(session.execute(text("SELECT count(*) FROM policy")).scalar_one())

    insert = "INSERT INTO policy (kind, version, language, text, sha256, change, published_at) VALUES "
    with any_database.transaction() as session:
        session.execute(text(f"{insert}('privacy', '2026-11-27', 'en', 'x', 'x', '', '2026-11-27 00:00:00+00:00')"))
        touch(session, "policies")
        after_commit(session, work)
        assert done == []
    assert done == [1, {"policies"}]


def test_it_is_not_done_after_a_rollback(database: Database) -> None:
    done: list[str] = []
    with pytest.raises(RuntimeError), database.transaction() as session:
        session.execute(text("SELECT 1"))
        after_commit(session, lambda: done.append("done"))
        raise RuntimeError
    assert done == []
