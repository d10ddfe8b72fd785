"""Append-only log of all conversation events in SQLite, with the turn that produced them."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, Dict, Iterable, List, Optional, Tuple

from rasa.shared.core.events import BotUttered, Event, Restarted, SessionStarted, UserUttered, deserialise_events

from engine.turn import Turn

_TABLES = """
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY, sender TEXT NOT NULL, message_id TEXT, type TEXT NOT NULL, data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS event_by_sender ON event (sender, id);
CREATE TABLE IF NOT EXISTS turn (
    sender TEXT NOT NULL, message_id TEXT NOT NULL, facts TEXT NOT NULL, PRIMARY KEY (sender, message_id)) WITHOUT
    ROWID;
"""
_RESETS = (Restarted.type_name, SessionStarted.type_name)
_SAID = (UserUttered.type_name, BotUttered.type_name)


class EventLog:
    """The store's file; `path` None keeps everything in memory, for `rasa shell` and `rasa test`.

    A turn's events and facts are written in one transaction. It survives the end of this process, however it comes; a
    power cut may take the last turns, which the gateway then asks for again or has on record, with the words said. What
    `forget` took is gone for good: it waits for the disk. Forgotten events are overwritten in place and their empty
    rows stay: deleting rows would make SQLite move their neighbours and leave copies of these in the unused part of a
    page, where nothing overwrites them later.
    Raises sqlite3.Error when the file cannot be read or written.
    """

    def __init__(self, path: Optional[str]) -> None:
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON", "busy_timeout=5000"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_TABLES)

    def append(self, sender: str, events: Iterable[Event], turn: Optional[Turn]) -> None:
        """Writes new events, and with them what the turn's answer needs besides them."""
        message_id = turn.message_id if turn else None
        rows = [(sender, message_id, event.type_name, _to_json(event.as_dict())) for event in events]
        with self._transaction():
            self._db.executemany("INSERT INTO event (sender, message_id, type, data) VALUES (?, ?, ?, ?)", rows)
            if turn:
                facts = _to_json({"model": turn.model, "failures": turn.failures})
                self._db.execute("INSERT OR REPLACE INTO turn VALUES (?, ?, ?)", (sender, message_id, facts))

    def turn(self, sender: str, message_id: str) -> Optional[Turn]:
        """A turn as it was answered, or None when the conversation has not seen this message."""
        row = self._db.execute(
            "SELECT facts FROM turn WHERE sender = ? AND message_id = ?", (sender, message_id)
        ).fetchone()
        if row is None:
            return None
        query = "SELECT data FROM event WHERE sender = ? AND message_id = ? ORDER BY id"
        return Turn(message_id, events=_events(self._db.execute(query, (sender, message_id))), **json.loads(row[0]))

    def events(self, sender: str) -> List[Event]:
        """All events of the conversation."""
        return _events(self._db.execute("SELECT data FROM event WHERE sender = ? ORDER BY id", (sender,)))

    def recent_events(self, sender: str) -> List[Event]:
        """The events since the last restart or session start; earlier ones have no effect on the state."""
        query = f"SELECT max(id) FROM event WHERE sender = ? AND type IN ({', '.join('?' * len(_RESETS))})"
        (start,) = self._db.execute(query, (sender, *_RESETS)).fetchone()
        query = "SELECT data FROM event WHERE sender = ? AND id >= ? ORDER BY id"
        return _events(self._db.execute(query, (sender, start or 0)))

    def page(self, sender: str, before: Optional[int], limit: int) -> Tuple[List[Dict[str, Any]], Optional[int]]:
        """At most `limit` events older than the event `before`, as they are stored, the newest first.

        With them comes what to give as `before` for the next page; None at the beginning of the conversation.
        """
        query = "SELECT id, data FROM event WHERE sender = ? AND id < coalesce(?, id + 1) ORDER BY id DESC LIMIT ?"
        rows = self._db.execute(query, (sender, before, limit)).fetchall()
        return [json.loads(data) for _, data in rows], rows[-1][0] if len(rows) == limit else None

    def texts(self, sender: str) -> int:
        """How many of the conversation's events hold what somebody said."""
        query = f"SELECT count(*) FROM event WHERE sender = ? AND type IN ({', '.join('?' * len(_SAID))})"
        return int(self._db.execute(query, (sender, *_SAID)).fetchone()[0])

    def knows(self, sender: str) -> bool:
        """Whether any event of the conversation is stored."""
        return self._db.execute("SELECT 1 FROM event WHERE sender = ? LIMIT 1", (sender,)).fetchone() is not None

    def senders(self) -> List[str]:
        """Every conversation's id."""
        return [sender for (sender,) in self._db.execute("SELECT DISTINCT sender FROM event WHERE sender != ''")]

    def forget(self, sender: str) -> None:
        """Removes the conversation from the file and from its write-ahead log.

        Raises sqlite3.OperationalError when another process still reads what was there; then it has to be called again.
        """
        with self._transaction():
            self._db.execute(
                "UPDATE event SET sender = '', message_id = NULL, type = '', data = '' WHERE sender = ?", (sender,)
            )
            self._db.execute("DELETE FROM turn WHERE sender = ?", (sender,))
        (busy, *_) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("the write-ahead log is being read")

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def _transaction(self) -> sqlite3.Connection:
        """One transaction: committed at the end of the block, rolled back when the block raises."""
        self._db.execute("BEGIN IMMEDIATE")
        return self._db


def _events(rows: Iterable[Tuple[str]]) -> List[Event]:
    return deserialise_events([json.loads(data) for (data,) in rows])


def _plain(value: Any) -> Any:
    """numpy numbers and arrays, which some of Rasa's components leave in events."""
    return value.tolist()


_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
