"""Single rows by their key, and the refusal where there is none."""

from __future__ import annotations

import pytest

from bot.core.errors import NotFound
from bot.core.ids import now
from bot.db import Database
from bot.db.models import StaffRow
from bot.db.rows import add, find, find_or_refuse


@pytest.fixture
def staff(any_database: Database) -> Database:
    with any_database.transaction() as session:
        add(session, StaffRow(id="stf_1", login="ann", name="Ann", roles=[], password_hash="", created_at=now()))
    return any_database


def test_a_row_is_found_by_its_key(staff: Database) -> None:
    with staff.transaction() as session:
        row = find(session, StaffRow, "stf_1", lock=True)
        assert row is not None and row is find_or_refuse(session, StaffRow, "stf_1", "There is nobody of that name.")


@pytest.mark.parametrize("key", ["stf_2", "", "stf_1\0"])
def test_a_key_that_no_row_has_is_refused_with_a_sentence(staff: Database, key: str) -> None:
    """Fails on PostgreSQL when a text with a NUL in it is looked for."""
    with staff.snapshot() as session:
        assert find(session, StaffRow, key) is None and find(session, StaffRow, None) is None
        with pytest.raises(NotFound, match="nobody of that name"):
            find_or_refuse(session, StaffRow, key, "There is nobody of that name.")
