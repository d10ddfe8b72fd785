"""Checks that the log is complete: whatever reached a visitor, and whatever a person did, has its sealed record."""

from __future__ import annotations

from datetime import datetime

from bot.core.ids import now
from bot.transparency_log.report import Findings, Problem, Report
from bot.transparency_log.segment_verifier import SLACK
from bot.transparency_log.snapshot import Snapshot

POINTERS = (
    ("review", "record_id"),
    ("review", "decision_id"),
    ("contest", "decision_id"),
    ("correction", "decision_id"),
    ("erasure", "record_id"),
)
"""Columns that name records."""
NOTICES = "'failure', 'handoff', 'route', 'answer'"
"""The kinds of record that an answer by the system can have."""
OF_TURN = "SELECT 1 FROM decision d WHERE d.turn_id = {turn} AND (d.conversation_id || '') = m.conversation_id"
"""The records of a message's turn. `|| ''` keeps planners from any other index: one by kind reads half the log."""


def check_completeness(address: str) -> Report:
    """Check every reply, every turn and every reference, within one snapshot of the database. Integrity is not checked.

    Raises:
        DatabaseUnreadable: there is no log at this address.
    """
    findings, moment = Findings(), now()
    with Snapshot(address) as snapshot:
        replies, turns = _replies(snapshot, findings, moment), _turns(snapshot, findings, moment)
        _pointers(snapshot, findings, moment)
    return Report(completeness=findings, replies=replies, turns=turns)


def _replies(snapshot: Snapshot, findings: Findings, moment: datetime) -> int:
    """Each answer of the assistant, or of the system in its place, was on record before it was said."""
    replies = 0
    for code, author, kinds in (
        ("reply_without_record", "assistant", "'answer'"),
        ("notice_without_record", "system", NOTICES),
    ):
        said = f"FROM message m WHERE m.author = '{author}' AND m.reply_to IS NOT NULL"
        record = (
            f"{OF_TURN.format(turn='m.reply_to')} AND (d.kind || '') IN ({kinds}) AND d.at <= m.created_at "
            f"AND {_sealed(snapshot, moment)}"
        )
        replies += _count(snapshot, f"SELECT count(*) {said}")
        _add(snapshot, findings, code, "message", f"SELECT m.id {said} AND NOT EXISTS ({record})")
    return replies


def _turns(snapshot: Snapshot, findings: Findings, moment: datetime) -> int:
    """Each message of a visitor has come to an end, and to a record of it."""
    said = "FROM message m WHERE m.author = 'visitor'"
    record = f"{OF_TURN.format(turn='m.id')} AND {_sealed(snapshot, moment)}"
    ended = f"SELECT m.id {said} AND m.turn = 'done' AND NOT EXISTS ({record})"
    _add(snapshot, findings, "turn_without_record", "message", ended)
    late = snapshot.moment(moment - SLACK)
    waiting = f"SELECT m.id FROM message m WHERE m.turn = 'accepted' AND m.created_at < {late}"
    _add(snapshot, findings, "turn_without_end", "message", waiting)
    return _count(snapshot, f"SELECT count(*) {said}")


def _pointers(snapshot: Snapshot, findings: Findings, moment: datetime) -> None:
    """What working lists point to is on record."""
    for table, column in POINTERS:
        record = f"SELECT 1 FROM decision d WHERE d.id = t.{column} AND {_sealed(snapshot, moment)}"
        dangling = f"SELECT t.id FROM {table} t WHERE t.{column} IS NOT NULL AND NOT EXISTS ({record})"
        _add(snapshot, findings, "pointer_without_record", table, dangling)


def _sealed(snapshot: Snapshot, moment: datetime) -> str:
    """A record counts when it is sealed, or new enough to be sealed in a moment."""
    return f"(d.leaf_index IS NOT NULL OR d.at > {snapshot.moment(moment - SLACK)})"


def _count(snapshot: Snapshot, query: str) -> int:
    row = snapshot.first(query)
    return int(row[0]) if row else 0


def _add(snapshot: Snapshot, findings: Findings, code: str, noun: str, query: str) -> None:
    for (found,) in snapshot.rows(query):
        findings.add(Problem(code, about=f"{noun} {found}"))
