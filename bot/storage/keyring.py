"""A key for each visitor, wrapped by the operator's master key. AES-256-GCM throughout.

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
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Session

from bot.errors import CandorError
from bot.messages import Json, now
from bot.storage.tables import VisitorKeyRow

CACHED_KEYS = 4096


class KeyDestroyed(CandorError):
    """410: the visitor's data was erased; there is nothing left to read."""

    status, code = 410, "erased"


class Keyring:
    """Seals and opens what belongs to a visitor.

    Args:
        master: 32 bytes, the operator's key.
    """

    def __init__(self, master: bytes) -> None:
        if len(master) != 32:
            raise ValueError("The master key has to be 32 bytes long.")
        self._master = AESGCM(master)
        self._hash_key = hashlib.sha256(b"candor lookup" + master).digest()
        self._open: OrderedDict[str, AESGCM] = OrderedDict()

    def digest(self, value: str) -> str:
        """A keyed hash, hex, to look a value up by without storing it."""
        return hmac.new(self._hash_key, value.encode(), hashlib.sha256).hexdigest()

    def seal(self, session: Session, visitor_id: str, about: str, value: Json) -> bytes:
        """`value` as JSON, encrypted under the visitor's key, which is made at its first use."""
        nonce = os.urandom(12)
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return nonce + self._key(session, visitor_id, make=True).encrypt(nonce, plain, about.encode())

    def open(self, session: Session, visitor_id: str, about: str, sealed: bytes) -> Json:
        """What `seal` was given.

        Raises:
            KeyDestroyed: the visitor was erased.
            cryptography.exceptions.InvalidTag: the bytes, the key or `about` are not those of the seal.
        """
        key = self._key(session, visitor_id, make=False)
        return json.loads(key.decrypt(sealed[:12], sealed[12:], about.encode()))

    def destroy(self, session: Session, visitor_id: str) -> None:
        """Destroy the visitor's key: everything it sealed can never be read again."""
        self._open.pop(visitor_id, None)
        row = session.get(VisitorKeyRow, visitor_id)
        if row is not None and row.destroyed_at is None:
            row.wrapped, row.destroyed_at = None, now()

    def _key(self, session: Session, visitor_id: str, *, make: bool) -> AESGCM:
        cached = self._open.get(visitor_id)
        if cached is not None:
            return cached
        row = session.get(VisitorKeyRow, visitor_id)
        if row is None and make:
            row = self._make(session, visitor_id)
        if row is None or row.wrapped is None:
            raise KeyDestroyed("This visitor's data was erased.")
        key = AESGCM(self._master.decrypt(row.wrapped[:12], row.wrapped[12:], visitor_id.encode()))
        # A key made in this very transaction may yet be rolled back: remembering it would seal under a key nobody has.
        if visitor_id not in session.info.get("new_keys", ()):
            self._remember(visitor_id, key)
        return key

    def _make(self, session: Session, visitor_id: str) -> VisitorKeyRow:
        nonce = os.urandom(12)
        wrapped = nonce + self._master.encrypt(nonce, secrets.token_bytes(32), visitor_id.encode())
        row = VisitorKeyRow(visitor_id=visitor_id, wrapped=wrapped, created_at=now(), destroyed_at=None)
        session.add(row)
        session.info.setdefault("new_keys", set()).add(visitor_id)
        return row

    def _remember(self, visitor_id: str, key: AESGCM) -> None:
        self._open[visitor_id] = key
        while len(self._open) > CACHED_KEYS:
            self._open.popitem(last=False)


def load_secret(folder: Path, name: str, length: int = 32) -> bytes:
    """A secret of `length` random bytes, kept in `folder/name` (hex, mode 600) and made at first use."""
    path = folder / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text().strip())
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(length) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return bytes.fromhex(path.read_text().strip())
