"""A data folder as an operator has it, with visitors in its SQLite database; opened for a moment, or left alone."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.backup.create import Taken, take
from bot.cli.context import prepare
from bot.cli.restore import Restored, restore
from bot.core.ids import new_id, now
from bot.core.settings import Settings
from bot.db import Database, Keyring
from bot.db.keyring import read_masters
from bot.db.models import ConversationRow, ErasureRow, MessageRow, VisitorKeyRow, VisitorRow
from bot.offline import build_offline, make_sequencer
from bot.privacy.erasure.reasons import Reason
from bot.transparency_log.report import Report
from bot.transparency_log.sequencer import KEPT
from bot.transparency_log.verifier import Log, audit
from tests.databases import migrated
from tests.transactions import read, write
from tests.transparency_log.many import fill

SAID = "my purple umbrella 7391 sings at midnight"


@dataclass
class Site:
    """A data folder of its own."""

    folder: Path
    origin: str = "localhost/candor"

    @property
    def settings(self) -> Settings:
        return Settings(data_dir=self.folder, demo=False, log_origin=self.origin)

    @property
    def path(self) -> Path:
        return self.folder / "candor.db"

    @contextmanager
    def open(self) -> Iterator[Database]:
        """The database, as a running Candor has it open."""
        if not self.path.exists():
            migrated(self.path)
        database, _ = prepare(self.settings)
        try:
            yield database
        finally:
            database.close()

    def visitors(self, count: int = 2) -> list[str]:
        """New visitors who have said something; it is sealed and so are its records."""
        with self.open() as database:
            return [self._visitor(database) for _ in range(count)]

    def records(self, count: int, seed: int = 0) -> None:
        """Records, sealed, with all that belongs to them."""
        with self.open() as database:
            # Later ones are not dated before those that were sealed already.
            days = 0.0001 if seed else 1
            fill(database, Keyring.from_folder(self.folder), make_sequencer(self.settings), count, seed, days=days)

    def erase(self, visitor_id: str, reason: Reason = Reason.VISITOR_REQUEST) -> str:
        """Erase a visitor, without what a running Candor does afterwards; the erasure's id."""
        with self.open() as database:
            eraser = build_offline(self.settings, database).eraser
            return write(database, lambda s: eraser.erase(s, visitor_id, reason, "olga").id)

    def seal(self) -> bool:
        """Seal what waits; whether there was anything."""
        sequencer, sealed = make_sequencer(self.settings), False
        with self.open() as database:
            while (note := write(database, sequencer.seal)) is not None:
                sequencer.keep(note)
                sealed = True
        return sealed

    def backup(self, target: Path, keep: int | None = None) -> Taken:
        return take(self.path, self.folder, target, keep)

    def restore(self, path: Path) -> Restored:
        return restore(self.settings, path)

    def verify(self) -> Report:
        """`candor log verify`."""
        key = make_sequencer(self.settings).signer.verifier_key
        address = self.settings.database_address
        return audit(Log(address, self.folder / KEPT, tuple(read_masters(self.folder)), key))

    def said(self, visitor_id: str) -> str | None:
        """What the visitor said, when it can be read; None when the visitor is not known here."""
        keyring = Keyring.from_folder(self.folder)

        def work(session: Session) -> str | None:
            query = select(MessageRow).join(ConversationRow).where(ConversationRow.visitor_id == visitor_id)
            message = session.scalars(query).first()
            if message is None:
                return None
            return str(keyring.open(session, visitor_id, message.id, message.body_sealed)["text"])

        with self.open() as database:
            return read(database, work)

    def wrapped(self, visitor_id: str) -> bytes:
        """The visitor's key as it is kept."""
        with self.open() as database:
            row = read(database, lambda s: s.get_one(VisitorKeyRow, visitor_id))
        assert row.wrapped is not None
        return row.wrapped

    def erasures(self) -> list[ErasureRow]:
        with self.open() as database:
            return list(read(database, lambda s: s.scalars(select(ErasureRow).order_by(ErasureRow.begun_at)).all()))

    def rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(query).fetchall()

    def write(self, statement: str) -> None:
        with self.open() as database:
            write(database, lambda s: s.execute(text(statement)))

    def copy_keys_to(self, other: Path) -> Site:
        """A new machine: another data folder with the same keys, and nothing else."""
        other.mkdir(mode=0o700)
        make_sequencer(self.settings)  # makes log.key where nothing has been sealed yet
        for name in ("master.key", "lookup.key", "log.key"):
            shutil.copy(self.folder / name, other / name)
        return Site(other, self.origin)

    def _visitor(self, database: Database) -> str:
        make_sequencer(self.settings)  # as at a first start: its key is one of those that backups name
        keyring = Keyring.from_folder(self.folder)

        def work(session: Session) -> str:
            visitor = VisitorRow(id=new_id("vis"), created_at=now())
            session.add(visitor)
            session.flush()
            conversation = ConversationRow(
                id=new_id("con"), visitor_id=visitor.id, door="widget", language="en", owner="assistant",
                created_at=now(),
            )  # fmt: skip
            session.add(conversation)
            session.flush()
            message = MessageRow(id=new_id("msg"), conversation_id=conversation.id, author="system", created_at=now())
            message.body_sealed = keyring.seal(session, visitor.id, message.id, {"text": SAID})
            session.add(message)
            return visitor.id

        return write(database, work)


def files(*folders: Path) -> dict[str, bytes]:
    """Every file below these folders, hidden ones too."""
    return {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def where(needle: bytes, *folders: Path) -> set[str]:
    """The names of the files that hold it, as it is or in hex."""
    spellings = (needle, needle.hex().encode())
    return {Path(name).name for name, content in files(*folders).items() if any(one in content for one in spellings)}
