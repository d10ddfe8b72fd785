"""Alters a log directly in its database, as somebody with every right but the signing key could, and says where."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import migrations
from bot.core.ids import new_id, now
from bot.core.settings import Settings
from bot.db import Database, Keyring
from bot.db.models import DecisionRow, ErasureRow
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.offline import make_sequencer
from bot.privacy.erasure.repository import clear
from bot.transparency_log import Sequencer
from bot.transparency_log.leaf import header_text, leaf_data
from bot.transparency_log.merkle import fold, leaf_hash
from bot.transparency_log.report import Problem
from bot.transparency_log.repository import HEADER
from bot.transparency_log.sequencer import KEPT
from bot.transparency_log.tiles import HASH, WIDTH
from bot.transparency_log.verifier import Log
from tests import transactions
from tests.transparency_log.many import fill, write_at

MASTER = b"k" * 32
FILLS = (70, 1, 330, 6, 120, 90)
"""Records sealed together: each of these ends in a checkpoint."""
COLUMNS = (
    "id",
    "conversation_id",
    "visitor_id",
    "turn_id",
    "at",
    "kind",
    "intent",
    "confidence",
    "outcome",
    "language",
    "model",
    "commitment",
)


@dataclass(frozen=True)
class Expected:
    """Where the report's first problem has to lie: at one of these leaves, or about one of these things."""

    what: str
    leaves: Sequence[int] = ()
    abouts: Sequence[str] = ()

    def fits(self, first: Problem | None) -> bool:
        if first is None:
            return False
        return first.leaf_index in self.leaves if self.leaves else first.about in self.abouts


@dataclass(frozen=True)
class Original:
    """A log that is whole, in a folder of its own, and where everything is in it."""

    folder: Path
    settings: Settings
    verifier_key: str

    @property
    def log(self) -> Log:
        return log_in(self.folder, self.verifier_key)

    def copy(self, folder: Path) -> Log:
        """The same log elsewhere."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("candor.db", KEPT, "log.key"):
            shutil.copyfile(self.folder / name, folder / name)
        return log_in(folder, self.verifier_key)


def log_in(folder: Path, verifier_key: str) -> Log:
    return Log(f"sqlite:///{folder / 'candor.db'}", folder / KEPT, (MASTER,), verifier_key)


def make_original(folder: Path) -> Original:
    """A migrated database with some hundred records, several checkpoints and an erased visitor."""
    folder.mkdir(exist_ok=True)
    settings = Settings(data_dir=folder)
    migrations.upgrade(settings.database_address)
    database, keyring, sequencer = Database(settings.database_address), Keyring.of(MASTER), make_sequencer(settings)
    start = now() - timedelta(days=60)
    for number, count in enumerate(FILLS):
        until = start + timedelta(days=9 * (number + 1))
        fill(database, keyring, sequencer, count, seed=number, days=8, until=until, visitors=9)
        if number == 3:
            erase_somebody(database, keyring, until + timedelta(hours=1))
    seal_all(database, sequencer)
    database.close()
    with closing(sqlite3.connect(folder / "candor.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        # Of a migrated database the triggers go first, as they would.
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA journal_mode=DELETE")
    return Original(folder, settings, sequencer.signer.verifier_key)


def erase_somebody(database: Database, keyring: Keyring, at: datetime) -> None:
    """Erase the visitor of the log's first records, as of another moment."""
    query = select(DecisionRow.visitor_id).where(DecisionRow.visitor_id != "").order_by(DecisionRow.at).limit(1)
    visitor_id = transactions.read(database, lambda s: s.scalars(query).one())
    erased = Decision(Kind.ERASURE, "", visitor_id, None, "erased:retention", outlives_erasure=True)
    record_id = write_at(database, keyring, at, erased)

    def work(session: Session) -> None:
        keyring.destroy(session, visitor_id)
        clear(session, visitor_id)
        session.add(
            ErasureRow(
                id=new_id("era"),
                visitor_id=visitor_id,
                record_id=record_id,
                reason="retention",
                begun_at=at,
                done_at=at,
                receipt={},
            )
        )

    transactions.write(database, work)


def seal_all(database: Database, sequencer: Sequencer) -> None:
    while (note := transactions.write(database, sequencer.seal)) is not None:
        sequencer.keep(note)


class Tamperer:
    """One copy of a log, altered in one of many ways.

    Args:
        dice: chooses the way and the place.
    """

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self.folder = folder
        self.dice = dice
        self.connection = sqlite3.connect(folder / "candor.db", isolation_level=None)
        self.connection.execute("PRAGMA synchronous=OFF")
        self.size = int(self.one("SELECT max(size) FROM log_checkpoint"))

    def __enter__(self) -> Tamperer:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def one(self, query: str, *values: object) -> object:
        return self.connection.execute(query, values).fetchone()[0]

    def run(self, query: str, *values: object) -> None:
        changed = self.connection.execute(query, values).rowcount
        assert changed > 0, f"Nothing was altered: {query}"

    def leaf(self, first: int = 0) -> int:
        return self.dice.randrange(first, self.size)

    def id_of(self, leaf: int) -> str:
        return str(self.one("SELECT id FROM decision WHERE leaf_index = ?", leaf))

    def pair(self) -> tuple[int, int]:
        a, b = sorted(self.dice.sample(range(self.size), 2))
        return a, b

    # decision

    def column_of_a_record(self) -> Expected:
        leaf, column = self.leaf(), self.dice.choice(COLUMNS)
        before = self.one(f"SELECT {column} FROM decision WHERE leaf_index = ?", leaf)
        after = self.other(before)
        self.run(f"UPDATE decision SET {column} = CAST(? AS {_type(after)}) WHERE leaf_index = ?", after, leaf)
        return Expected(f"decision.{column} of leaf {leaf}: {before!r} to {after!r}", [leaf])

    def empty_column(self) -> Expected:
        column = self.dice.choice(("turn_id", "intent", "confidence", "model"))
        rows = self.connection.execute(f"SELECT leaf_index FROM decision WHERE {column} IS NOT NULL").fetchall()
        (leaf,) = self.dice.choice(rows)
        self.run(f"UPDATE decision SET {column} = NULL WHERE leaf_index = ?", leaf)
        return Expected(f"decision.{column} of leaf {leaf} emptied", [leaf])

    def leaf_index(self) -> Expected:
        leaf = self.leaf()
        after = self.dice.choice((None, -1, self.size, self.size + 7, leaf + 0.5))
        self.run("UPDATE decision SET leaf_index = ? WHERE leaf_index = ?", after, leaf)
        return Expected(f"leaf_index {leaf} to {after}", [leaf])

    def record_deleted(self) -> Expected:
        leaf = self.leaf()
        record, both = self.id_of(leaf), self.dice.random() < 0.5
        if both:
            self.run("DELETE FROM decision_payload WHERE decision_id = ?", record)
        self.run("DELETE FROM decision WHERE id = ?", record)
        return Expected(f"leaf {leaf} deleted{' with its payload' * both}", [leaf])

    def leaves_swapped(self) -> Expected:
        a, b = self.pair()
        self.place([(a, b), (b, a)])
        return Expected(f"leaves {a} and {b} swapped", [a])

    def leaves_moved(self) -> Expected:
        """One record is put further on, and those between move up."""
        a, b = self.pair()
        self.place([(a, b), *((at, at - 1) for at in range(a + 1, b + 1))])
        return Expected(f"leaf {a} put at {b}", [a])

    def place(self, moves: list[tuple[int, int]]) -> None:
        for before, after in moves:
            self.run("UPDATE decision SET leaf_index = ? WHERE leaf_index = ?", -1 - after, before)
        self.run("UPDATE decision SET leaf_index = -1 - leaf_index WHERE leaf_index < 0")

    def dated_back(self) -> Expected:
        leaf, past = self.leaf(), self.dice.uniform(0.000001, 9_000_000)
        before = datetime.fromisoformat(str(self.one("SELECT at FROM decision WHERE leaf_index = ?", leaf)))
        self.run("UPDATE decision SET at = ? WHERE leaf_index = ?", _sqlite(before - timedelta(seconds=past)), leaf)
        return Expected(f"leaf {leaf} dated back by {past:.6f} s", [leaf])

    def forged_record_sealed(self) -> Expected:
        """A record of long ago is written only now, with everything that belongs to it, and sealed by the sequencer."""
        self.forge(self.dice.uniform(0.1, 40))
        database = Database(f"sqlite:///{self.folder / 'candor.db'}")
        seal_all(database, make_sequencer(Settings(data_dir=self.folder)))
        database.close()
        return Expected("forged record of the past sealed", [self.size])

    def forged_record_waiting(self) -> Expected:
        record = self.forge(self.dice.uniform(0.01, 40))
        return Expected(f"forged record {record} left unsealed", abouts=[""])

    def forge(self, days: float) -> str:
        database, recorder = Database(f"sqlite:///{self.folder / 'candor.db'}"), Recorder(Keyring.of(MASTER), "test")
        decision = Decision(Kind.ANSWER, "con_forged", "vis_forged", "msg_forged", "utter_refund_policy")
        record = transactions.write(database, lambda s: recorder.record(s, decision))
        database.close()
        before = datetime.fromisoformat(str(self.one("SELECT at FROM decision WHERE id = ?", record)))
        self.run("UPDATE decision SET at = ? WHERE id = ?", _sqlite(before - timedelta(days=days)), record)
        return record

    def record_and_tree_rewritten(self) -> Expected:
        """A record is changed and the whole tree made anew to fit; only what was signed cannot be."""
        leaf = self.leaf()
        self.run("UPDATE decision SET outcome = outcome || '!' WHERE leaf_index = ?", leaf)
        self.plant()
        sizes = [0, *(size for (size,) in self.connection.execute("SELECT size FROM log_checkpoint ORDER BY size"))]
        first = max(size for size in sizes if size <= leaf)
        content = self.one("SELECT payload_sealed FROM decision_payload WHERE decision_id = ?", self.id_of(leaf))
        return Expected(f"leaf {leaf} and all tiles rewritten", [first if content is None else leaf])

    def plant(self) -> None:
        """Make all tiles from the records as they are now."""
        database = Database(f"sqlite:///{self.folder / 'candor.db'}")
        rows = transactions.read(database, lambda s: s.execute(select(*HEADER).order_by(DecisionRow.leaf_index)).all())
        database.close()
        hashes, level = [leaf_hash(leaf_data(header_text(row))) for row in rows], 0
        while hashes:
            tiles = [hashes[at : at + WIDTH] for at in range(0, len(hashes), WIDTH)]
            for number, tile in enumerate(tiles):
                self.run("UPDATE log_tile SET hashes = ? WHERE level = ? AND number = ?", b"".join(tile), level, number)
            hashes, level = [fold(tile) for tile in tiles if len(tile) == WIDTH], level + 1

    # decision_payload

    def column_of_a_payload(self) -> Expected:
        leaf, column = self.leaf(), self.dice.choice(("decision_id", "visitor_id", "payload_sealed", "payload_sealed"))
        record = self.id_of(leaf)
        before = self.one(f"SELECT {column} FROM decision_payload WHERE decision_id = ?", record)
        after = self.other(before)
        self.run(
            f"UPDATE decision_payload SET {column} = CAST(? AS {_type(after, before)}) WHERE decision_id = ?",
            after,
            record,
        )
        return Expected(f"decision_payload.{column} of leaf {leaf}", [leaf])

    def payload_emptied(self) -> Expected:
        leaf = self.leaf_with_content()
        self.run("UPDATE decision_payload SET payload_sealed = NULL WHERE decision_id = ?", self.id_of(leaf))
        return Expected(f"payload of leaf {leaf} emptied", [leaf])

    def payload_deleted(self) -> Expected:
        leaf = self.leaf()
        self.run("DELETE FROM decision_payload WHERE decision_id = ?", self.id_of(leaf))
        return Expected(f"payload of leaf {leaf} deleted", [leaf])

    def payloads_swapped(self) -> Expected:
        """Contents change places, or the rows as a whole, with the keys they name."""
        a, b = sorted((self.leaf_with_content(), self.leaf_with_content()))
        if a == b:
            return self.payloads_swapped()
        one, other = self.id_of(a), self.id_of(b)
        columns = self.dice.choice((("payload_sealed",), ("visitor_id", "payload_sealed")))
        values = [
            self.connection.execute(
                f"SELECT {', '.join(columns)} FROM decision_payload WHERE decision_id = ?", (record,)
            ).fetchone()
            for record in (other, one)
        ]
        setting = ", ".join(f"{column} = ?" for column in columns)
        for record, row in zip((one, other), values, strict=True):
            self.run(f"UPDATE decision_payload SET {setting} WHERE decision_id = ?", *row, record)
        return Expected(f"payloads of leaves {a} and {b} swapped ({', '.join(columns)})", [a])

    def erased_payload_restored(self) -> Expected:
        """A row as it was before an erasure, with or without the key that opens it."""
        query = "SELECT d.leaf_index FROM decision d JOIN decision_payload p ON p.decision_id = d.id "
        rows = self.connection.execute(f"{query} WHERE p.payload_sealed IS NULL").fetchall()
        (leaf,) = self.dice.choice(rows)
        self.run(
            "UPDATE decision_payload SET payload_sealed = ? WHERE decision_id = ?",
            self.dice.randbytes(900),
            self.id_of(leaf),
        )
        if self.dice.random() < 0.5:
            self.run("UPDATE visitor_key SET wrapped = ? WHERE wrapped IS NULL", self.dice.randbytes(64))
        return Expected(f"erased payload of leaf {leaf} restored", [leaf])

    def key_deleted(self) -> Expected:
        """A visitor's key goes without an erasure: as good as deleting their records' contents."""
        leaf = self.leaf_with_content()
        holder = self.one("SELECT visitor_id FROM decision_payload WHERE decision_id = ?", self.id_of(leaf))
        first = self.one(
            "SELECT min(d.leaf_index) FROM decision d JOIN decision_payload p ON p.decision_id = d.id "
            "WHERE p.visitor_id = ?",
            holder,
        )
        if self.dice.random() < 0.5:
            self.run("UPDATE visitor_key SET wrapped = NULL, destroyed_at = created_at WHERE visitor_id = ?", holder)
        else:
            self.run("DELETE FROM visitor_key WHERE visitor_id = ?", holder)
        return Expected(f"key of {holder} gone", [int(str(first))])

    def leaf_with_content(self) -> int:
        query = "SELECT d.leaf_index FROM decision d JOIN decision_payload p ON p.decision_id = d.id "
        (leaf,) = self.dice.choice(self.connection.execute(f"{query} WHERE p.payload_sealed IS NOT NULL").fetchall())
        return int(leaf)

    # log_tile

    def byte_of_a_tile(self) -> Expected:
        level, number, hashes = self.tile()
        at = self.dice.randrange(len(hashes))
        self.set_tile(level, number, _flipped(hashes, at, self.dice))
        leaf = (number * WIDTH + at // HASH) * WIDTH**level
        return Expected(f"byte {at} of tile {level}/{number}", [leaf])

    def tile_cut_or_longer(self) -> Expected:
        """Too long, too short, or as it was when the log was smaller."""
        level, number, hashes = self.tile()
        if self.dice.random() < 0.5:
            self.set_tile(level, number, hashes + self.dice.randbytes(self.dice.choice((1, HASH))))
        else:
            self.set_tile(level, number, hashes[: self.dice.randrange(len(hashes))])
        return Expected(f"length of tile {level}/{number}", abouts=[f"tile {level}/{number}"])

    def tile_gone_or_moved(self) -> Expected:
        level, number, _ = self.tile()
        where = f"WHERE level = {level} AND number = {number}"
        if self.dice.random() < 0.5:
            self.run(f"DELETE FROM log_tile {where}")
        else:
            self.run(f"UPDATE log_tile SET {self.dice.choice(('level = level + 5', 'number = number + 9'))} {where}")
        return Expected(f"tile {level}/{number} gone", abouts=[f"tile {level}/{number}"])

    def tile_added(self) -> Expected:
        level, number = self.dice.choice(((0, 99), (1, 1), (2, 0), (-1, 0)))
        self.run("INSERT INTO log_tile (level, number, hashes) VALUES (?, ?, ?)", level, number, bytes(HASH))
        return Expected(f"tile {level}/{number} added", abouts=[f"tile {level}/{number}"])

    def tile(self) -> tuple[int, int, bytes]:
        rows = self.connection.execute("SELECT level, number, hashes FROM log_tile").fetchall()
        level, number, hashes = self.dice.choice(rows)
        return level, number, hashes

    def set_tile(self, level: int, number: int, hashes: bytes) -> None:
        self.run("UPDATE log_tile SET hashes = ? WHERE level = ? AND number = ?", hashes, level, number)

    # log_checkpoint

    def column_of_a_checkpoint(self) -> Expected:
        size, column = self.checkpoint(), self.dice.choice(("size", "root", "note", "note"))
        before = self.one(f"SELECT {column} FROM log_checkpoint WHERE size = ?", size)
        after = size + self.dice.choice((-1, 1, 1000)) if column == "size" else self.other(before)
        if after in {row for (row,) in self.connection.execute("SELECT size FROM log_checkpoint")}:
            return self.column_of_a_checkpoint()
        kind = "INTEGER" if column == "size" else "TEXT"
        self.run(f"UPDATE log_checkpoint SET {column} = CAST(? AS {kind}) WHERE size = ?", after, size)
        return Expected(
            f"log_checkpoint.{column} of {size}: {before!r} to {after!r}",
            abouts=[f"Checkpoint {size}", f"Checkpoint {after}"],
        )

    def checkpoint_at_another_time(self) -> Expected:
        """Nobody signs when a checkpoint was made; but it cannot be far from what lies before and after it."""
        size, days = self.checkpoint(), self.dice.choice((-1, 1)) * self.dice.uniform(100, 900)
        before = datetime.fromisoformat(str(self.one("SELECT at FROM log_checkpoint WHERE size = ?", size)))
        self.run("UPDATE log_checkpoint SET at = ? WHERE size = ?", _sqlite(before + timedelta(days=days)), size)
        sizes = [
            size for (size,) in self.connection.execute("SELECT size FROM log_checkpoint WHERE size >= ?", (size,))
        ]
        return Expected(f"checkpoint {size} dated by {days} days", abouts=[f"Checkpoint {one}" for one in sizes])

    def newest_checkpoint_deleted(self) -> Expected:
        self.run("DELETE FROM log_checkpoint WHERE size = ?", self.size)
        return Expected("newest checkpoint deleted", abouts=[f"Checkpoint {self.size}"])

    def checkpoint(self) -> int:
        (size,) = self.dice.choice(self.connection.execute("SELECT size FROM log_checkpoint").fetchall())
        return int(size)

    # all of them

    def cut_off(self) -> Expected:
        """The log is set back to an earlier checkpoint, carefully: only the kept checkpoint knows better."""
        sizes = self.connection.execute("SELECT size FROM log_checkpoint WHERE size < ?", (self.size,)).fetchall()
        (size,) = self.dice.choice(sizes)
        self.run(
            "DELETE FROM decision_payload WHERE decision_id IN (SELECT id FROM decision WHERE leaf_index >= ?)", size
        )
        self.run("DELETE FROM decision WHERE leaf_index >= ?", size)
        self.run("DELETE FROM log_checkpoint WHERE size > ?", size)
        count, level = size, 0
        while self.connection.execute("SELECT 1 FROM log_tile WHERE level = ?", (level,)).fetchone():
            self.connection.execute("DELETE FROM log_tile WHERE level = ? AND number * 256 >= ?", (level, count))
            rows = self.connection.execute("SELECT number, hashes FROM log_tile WHERE level = ?", (level,)).fetchall()
            for number, hashes in rows:
                self.set_tile(level, number, hashes[: (count - number * WIDTH) * HASH])
            count, level = count // WIDTH, level + 1
        return Expected(f"cut off at {size}", [size])

    def other(self, before: object) -> bytes | float | str:
        """Something else of the same kind: one byte changed, or something where nothing was."""
        if before is None:
            return self.dice.choice((b"x", b"0", b"dec_1"))
        if isinstance(before, float):
            return _other_float(before, self.dice)
        raw = before if isinstance(before, bytes) else str(before).encode()
        if not raw:
            return b"x"
        return _flipped(raw, self.dice.randrange(len(raw)), self.dice)


WAYS: tuple[Callable[[Tamperer], Expected], ...] = (
    Tamperer.column_of_a_record,
    Tamperer.column_of_a_record,
    Tamperer.column_of_a_record,
    Tamperer.column_of_a_record,
    Tamperer.empty_column,
    Tamperer.leaf_index,
    Tamperer.record_deleted,
    Tamperer.leaves_swapped,
    Tamperer.leaves_moved,
    Tamperer.dated_back,
    Tamperer.forged_record_sealed,
    Tamperer.forged_record_waiting,
    Tamperer.record_and_tree_rewritten,
    Tamperer.column_of_a_payload,
    Tamperer.column_of_a_payload,
    Tamperer.payload_emptied,
    Tamperer.payload_deleted,
    Tamperer.payloads_swapped,
    Tamperer.erased_payload_restored,
    Tamperer.key_deleted,
    Tamperer.byte_of_a_tile,
    Tamperer.byte_of_a_tile,
    Tamperer.tile_cut_or_longer,
    Tamperer.tile_gone_or_moved,
    Tamperer.tile_added,
    Tamperer.column_of_a_checkpoint,
    Tamperer.column_of_a_checkpoint,
    Tamperer.checkpoint_at_another_time,
    Tamperer.newest_checkpoint_deleted,
    Tamperer.cut_off,
)
"""Each way to alter a log; the first ones more often."""


def tamper(folder: Path, number: int) -> Expected:
    """Alter the log in `folder` in the `number`-th of many ways, and say where."""
    with Tamperer(folder, random.Random(number)) as tamperer:
        return WAYS[number % len(WAYS)](tamperer)


def _flipped(content: bytes, at: int, dice: random.Random) -> bytes:
    return content[:at] + bytes([content[at] ^ dice.randrange(1, 256)]) + content[at + 1 :]


def _other_float(before: float, dice: random.Random) -> float:
    import struct

    while True:
        (after,) = struct.unpack("<d", _flipped(struct.pack("<d", before), dice.randrange(8), dice))
        if after == after and after != before:
            return float(after)


def _type(after: object, before: object = "") -> str:
    return "REAL" if isinstance(after, float) else "BLOB" if isinstance(before, bytes) else "TEXT"


def _sqlite(moment: datetime) -> str:
    return moment.replace(tzinfo=UTC).replace(tzinfo=None).isoformat(" ", timespec="microseconds")
