"""A key for each visitor, wrapped by the operator's master key. AES-256-GCM throughout.

The operator's keys stand in `master.key`, one a line, the current one first: a rotation wraps the visitors' keys anew
and leaves what they sealed as it is. A wrapped key begins with the id of the master key that wrapped it.

A sealed value is nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes); `about` is authenticated with it, so that a value
cannot be moved to another row unnoticed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from bot.core.errors import CandorError
from bot.core.files import private, sync
from bot.core.ids import Json, now
from bot.db.database import core
from bot.db.models import VisitorKeyRow, table

CACHED_KEYS = 4096
MASTER_FILE = "master.key"
ERASED = "What was here has been erased and cannot be read any more."
_ADD = insert(table(VisitorKeyRow))
_WRAP = (
    update(table(VisitorKeyRow))
    .where(table(VisitorKeyRow).c.visitor_id == bindparam("of_visitor"))
    .values(wrapped=bindparam("wrapped"))
)


class KeyDestroyed(CandorError):
    """410: the visitor was erased; there is nothing left to read and nothing can be added."""

    status, code = 410, "erased"


class MasterKeyMissing(CandorError):
    """500: the operator's key that wrapped a visitor's key is gone."""

    code = "master_key_missing"


@dataclass(frozen=True)
class _Key:
    """A visitor's key, ready for use: one for sealing, one derived from it for hashes."""

    seals: AESGCM
    hashes: bytes = field(repr=False)


class Keyring:
    """Seals and opens what belongs to a visitor.

    Args:
        masters: gives the operator's keys, 32 bytes each, the current one first; asked again when it may have changed.
        lookup: the key of `digest`; it stays when the operator's key is rotated.
    """

    def __init__(self, masters: Callable[[], Sequence[bytes]], lookup: bytes) -> None:
        self._read_masters = masters
        self._masters = _by_id(masters())
        self._hash_key = hashlib.sha256(b"candor lookup" + lookup).digest()
        self._open: OrderedDict[str, _Key] = OrderedDict()

    @classmethod
    def from_folder(cls, folder: Path) -> Keyring:
        """The keyring of a data folder: `master.key` and `lookup.key`, made at first use."""
        load_secret(folder, MASTER_FILE)
        return cls(lambda: read_masters(folder), load_secret(folder, "lookup.key"))

    @classmethod
    def of(cls, master: bytes) -> Keyring:
        """A keyring of one master key, which is kept elsewhere."""
        return cls(lambda: [master], master)

    def digest(self, value: str) -> str:
        """A keyed hash, hex, to look a value up by without storing it."""
        return hmac.new(self._hash_key, value.encode(), hashlib.sha256).hexdigest()

    def digest_of(self, session: Session, visitor_id: str, value: str) -> str:
        """As `digest`, under the visitor's own key: once they are erased nobody can test guesses against it."""
        key = self._key(session, visitor_id, make=True)
        return hmac.new(key.hashes, value.encode(), hashlib.sha256).hexdigest()

    def seal(self, session: Session, visitor_id: str, about: str, value: Json) -> bytes:
        """`value` as JSON, encrypted under the visitor's key, which is made at its first use."""
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return self.seal_bytes(session, visitor_id, about, plain)

    def seal_bytes(self, session: Session, visitor_id: str, about: str, plain: bytes) -> bytes:
        """`plain`, encrypted under the visitor's key, which is made at its first use."""
        nonce = os.urandom(12)
        return nonce + self._key(session, visitor_id, make=True).seals.encrypt(nonce, plain, about.encode())

    def open(self, session: Session, visitor_id: str, about: str, sealed: bytes) -> Json:
        """What `seal` was given.

        Raises:
            KeyDestroyed: the visitor was erased.
            cryptography.exceptions.InvalidTag: the bytes, the key or `about` are not those of the seal.
        """
        return json.loads(self.open_bytes(session, visitor_id, about, sealed))

    def open_bytes(self, session: Session, visitor_id: str, about: str, sealed: bytes) -> bytes:
        """What `seal_bytes` was given; raises as `open`. An erasure leaves nothing (b"") where the value stood."""
        if not sealed:
            raise KeyDestroyed(ERASED)
        return self._key(session, visitor_id, make=False).seals.decrypt(sealed[:12], sealed[12:], about.encode())

    def destroy(self, session: Session, visitor_id: str) -> None:
        """Destroy the visitor's key: everything it sealed can never be read again, and no new key is ever made."""
        self._open.pop(visitor_id, None)
        row = session.get(VisitorKeyRow, visitor_id)
        moment = now()
        if row is None:
            session.add(VisitorKeyRow(visitor_id=visitor_id, wrapped=None, created_at=moment, destroyed_at=moment))
        elif row.destroyed_at is None:
            row.wrapped, row.destroyed_at = None, moment
        session.flush()

    def forget(self, visitor_ids: Iterable[str]) -> None:
        """Let go of keys that another process has destroyed."""
        for visitor_id in visitor_ids:
            self._open.pop(visitor_id, None)

    def wrap(self, visitor_id: str, key: bytes) -> bytes:
        """A visitor's key (32 bytes) under the operator's current key: key id (4) ‖ nonce (12) ‖ ciphertext."""
        self.reread()
        return self._wrap(visitor_id, key)

    def rewrap(self, visitor_id: str, wrapped: bytes) -> bytes:
        """What `wrap` gave, under the operator's key that was current at the last `reread`; raises as `unwrap`."""
        return self._wrap(visitor_id, self.unwrap(visitor_id, wrapped))

    def unwrap(self, visitor_id: str, wrapped: bytes) -> bytes:
        """A visitor's key out of what `wrap` gave.

        Raises:
            MasterKeyMissing: the operator's key that wrapped it is not in `master.key`.
        """
        if wrapped[:4] not in self._masters:
            self.reread()
        if wrapped[:4] not in self._masters:
            raise MasterKeyMissing("The key that locks this visitor's data is not in master.key. Restore that file.")
        return self._masters[wrapped[:4]].decrypt(wrapped[4:16], wrapped[16:], visitor_id.encode())

    def reread(self) -> bytes:
        """Learn the operator's keys anew: a rotation may be under way in another process. Gives the current one's id.

        Keys that have gone from the file stay at hand: a reader may still hold a row from before.
        """
        current = _by_id(self._read_masters())
        self._masters = {**current, **{i: key for i, key in self._masters.items() if i not in current}}
        return next(iter(current))

    def _wrap(self, visitor_id: str, key: bytes) -> bytes:
        id_, master = next(iter(self._masters.items()))
        nonce = os.urandom(12)
        return id_ + nonce + master.encrypt(nonce, key, visitor_id.encode())

    def _key(self, session: Session, visitor_id: str, *, make: bool) -> _Key:
        cached = self._open.get(visitor_id)
        if cached is not None:
            return cached
        row = session.get(VisitorKeyRow, visitor_id)
        wrapped = row.wrapped if row else (self._make(session, visitor_id) if make else None)
        if wrapped is None:
            raise KeyDestroyed(ERASED)
        key = _ready(self.unwrap(visitor_id, wrapped))
        # A key made in this very transaction may yet be rolled back: remembering it would seal under a key nobody has.
        if visitor_id not in session.info.get("new_keys", ()):
            self._remember(visitor_id, key)
        return key

    def _make(self, session: Session, visitor_id: str) -> bytes:
        # Written before it is wrapped: from here to the commit a rotation waits with removing the key that wraps it.
        core(session).execute(_ADD, {"visitor_id": visitor_id, "created_at": now()})
        wrapped = self.wrap(visitor_id, secrets.token_bytes(32))
        core(session).execute(_WRAP, {"of_visitor": visitor_id, "wrapped": wrapped})
        session.info.setdefault("new_keys", set()).add(visitor_id)
        return wrapped

    def _remember(self, visitor_id: str, key: _Key) -> None:
        self._open[visitor_id] = key
        while len(self._open) > CACHED_KEYS:
            self._open.popitem(last=False)


def key_id(master: bytes) -> bytes:
    """Four bytes that tell the operator's keys apart and say nothing about them."""
    return hashlib.sha256(b"candor master key id" + master).digest()[:4]


def read_masters(folder: Path) -> list[bytes]:
    """The operator's keys in `folder`, the current one first."""
    return [bytes.fromhex(line) for line in (folder / MASTER_FILE).read_text().split()]


def _ready(key: bytes) -> _Key:
    return _Key(AESGCM(key), hmac.new(key, b"candor visitor digest", hashlib.sha256).digest())


def _by_id(masters: Sequence[bytes]) -> dict[bytes, AESGCM]:
    if not masters or any(len(master) != 32 for master in masters):
        raise ValueError("Each master key has to be 32 bytes long.")
    return {key_id(master): AESGCM(master) for master in masters}


def load_secret(folder: Path, name: str, length: int = 32) -> bytes:
    """A secret of `length` random bytes: the first line of `folder/name` (hex, mode 600), made at first use."""
    path = folder / name
    try:
        with open(path, "x", opener=private) as file:
            file.write(secrets.token_hex(length) + "\n")
            sync(file)
    except FileExistsError:
        pass
    return bytes.fromhex(path.read_text().split()[0])
