"""Triggers: the database itself refuses to change what is on record. Whoever wants to has to take them away first.

Migrations name the columns themselves, so that an old migration stays what it was.
"""

from __future__ import annotations

from alembic import op

FUNCTION = """
CREATE OR REPLACE FUNCTION candor_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'This table is append-only.' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def fix(table: str, columns: str) -> None:
    """Rows of `table` are never deleted and these columns never change."""
    _guard(table, "kept", "DELETE")
    _guard(table, "fixed", f"UPDATE OF {columns}")


def fill_once(table: str, column: str) -> None:
    """`column` can be filled in, and then never changes."""
    _guard(table, "once", f"UPDATE OF {column}", f"OLD.{column} IS NOT NULL")


def only_empty(table: str, column: str) -> None:
    """Rows of `table` are never deleted and `column` can only be emptied."""
    _guard(table, "kept", "DELETE")
    _guard(table, "erasable", f"UPDATE OF {column}", f"NEW.{column} IS NOT NULL")


def _guard(table: str, name: str, event: str, condition: str | None = None) -> None:
    head = f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table}"
    if _postgresql():
        op.execute(FUNCTION)
        when = f" WHEN ({condition})" if condition else ""
        op.execute(f"{head} FOR EACH ROW{when} EXECUTE FUNCTION candor_append_only()")
    else:
        when = f" WHEN {condition}" if condition else ""
        op.execute(f"{head}{when} BEGIN SELECT RAISE(ABORT, 'This table is append-only.'); END")


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
