"""Makes the database itself refuse to change what is on record; whoever wants to has to take the guard away first."""

from __future__ import annotations

GUARDED = {
    "decision": (
        "id, conversation_id, visitor_id, turn_id, at, kind, intent, confidence, outcome, language, commitment"
    ),
    "consent_event": "id, visitor_id, conversation_id, purpose, state, at, valid_until, notice, language, evidence",
}
"""Table and the columns that never change. `decision.leaf_index` is missing: sealing fills it in later."""


def guards(dialect: str) -> list[str]:
    """The statements that put the guards up, for `sqlite` or `postgresql`."""
    statements = [] if dialect == "sqlite" else [_FUNCTION]
    for table, columns in GUARDED.items():
        for name, event in (("kept", "DELETE"), ("fixed", f"UPDATE OF {columns}")):
            statements.append(_trigger(dialect, table, name, event))
    return statements


_FUNCTION = """
CREATE FUNCTION candor_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'This table is append-only.' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def _trigger(dialect: str, table: str, name: str, event: str) -> str:
    head = f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table}"
    if dialect == "sqlite":
        return f"{head} BEGIN SELECT RAISE(ABORT, 'This table is append-only.'); END"
    return f"{head} FOR EACH ROW EXECUTE FUNCTION candor_append_only()"
