"""The file of a backup: a tar archive of three members.

manifest.json  what it is and what it fits
visitors.keys  the visitors' wrapped keys, one a line: "<visitor> <hex>"
candor.db      the database, without those keys

The keys are separate from the database so that one can be overwritten in place when its visitor is erased. What it
sealed in this backup then cannot be decrypted; everything else is unchanged.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from bot.core.errors import BadRequest
from bot.core.files import sync

FORMAT = "candor/backup/1"
MANIFEST, KEYS, DATABASE = MEMBERS = ("manifest.json", "visitors.keys", "candor.db")
LONGEST_MANIFEST = 65_536
CHUNK = 1 << 20


class NoBackup(BadRequest):
    """400: the file is no backup made by Candor, or it is damaged."""

    code = "backup_damaged"


@dataclass(frozen=True)
class Manifest:
    """What a backup contains and requires. `keys` holds the ids of the operator's keys, never a key."""

    candor: str
    schema: str
    taken_at: str
    log_size: int
    log_root: str
    keys: Mapping[str, list[str]]
    visitors: int
    database_bytes: int
    database_sha256: str

    def as_bytes(self) -> bytes:
        """The member, with a digest of everything else in it."""
        content = {"format": FORMAT, **asdict(self)}
        return json.dumps({**content, "digest": _digest(content)}, indent=2).encode()


@dataclass(frozen=True)
class Backup:
    """An opened backup. Its database is verified only when it is read: `copy_database`."""

    path: Path
    manifest: Manifest
    _members: Mapping[str, tuple[int, int]] = field(repr=False)
    """Offset and length."""

    def keys(self) -> Iterator[tuple[str, bytes]]:
        """Each visitor with their wrapped key; b"" where it was blanked.

        Raises:
            NoBackup: there are not as many as there were.
        """
        offset, length = self._members[KEYS]
        count = 0
        with open(self.path, "rb") as file:
            file.seek(offset)
            for line in file.read(length).splitlines():
                visitor_id, wrapped = _key(line, self.path)
                count += 1
                yield visitor_id, wrapped
        if count != self.manifest.visitors:
            raise damaged(self.path)

    def copy_database(self, target: BinaryIO) -> None:
        """Write the database into `target`.

        Raises:
            NoBackup: it is not the one that was backed up.
        """
        offset, length = self._members[DATABASE]
        digest = hashlib.sha256()
        with open(self.path, "rb") as file:
            file.seek(offset)
            for chunk in _chunks(file, length):
                digest.update(chunk)
                target.write(chunk)
        if digest.hexdigest() != self.manifest.database_sha256:
            raise damaged(self.path)

    def blank(self, visitor_ids: Iterable[str]) -> int:
        """Overwrite the keys of these visitors with zeros, on the medium; how many there were. Twice is harmless."""
        wanted = {visitor_id.encode() for visitor_id in visitor_ids}
        at, length = self._members[KEYS]
        blanked = 0
        with open(self.path, "rb+", buffering=0) as file:
            for line in os.pread(file.fileno(), length, at).splitlines(keepends=True):
                name, _, wrapped = line.partition(b" ")
                if name in wanted and wrapped.strip(b"0\n"):
                    os.pwrite(file.fileno(), b"0" * (len(wrapped) - 1), at + len(name) + 1)
                    blanked += 1
                at += len(line)
            if blanked:
                sync(file)
        return blanked


def open_backup(path: Path) -> Backup:
    """The backup in `path`.

    Raises:
        NoBackup: it is none, or not whole.
    """
    try:
        with tarfile.open(path, "r:") as archive:
            infos = [archive.next() for _ in MEMBERS]
        members = {info.name: (info.offset_data, info.size) for info in infos if info is not None and info.isreg()}
        if tuple(members) != MEMBERS or any(sum(place) > path.stat().st_size for place in members.values()):
            raise damaged(path)
        return Backup(path, _manifest(path, *members[MANIFEST]), members)
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(path) from error


def write_backup(path: Path, manifest: Manifest, keys: Iterable[tuple[str, bytes]], database: Path) -> None:
    """Write a backup into an existing file; it has reached the disk when this returns."""
    content = "".join(f"{visitor_id} {wrapped.hex()}\n" for visitor_id, wrapped in keys).encode()
    with open(path, "rb+") as file:
        with tarfile.open(fileobj=file, mode="w") as archive, open(database, "rb") as source:
            for name, data in ((MANIFEST, manifest.as_bytes()), (KEYS, content)):
                archive.addfile(_info(name, len(data)), BytesIO(data))
            archive.addfile(_info(DATABASE, manifest.database_bytes), source)
        sync(file)


def damaged(path: Path) -> NoBackup:
    """What to say of such a file."""
    return NoBackup(f"{path.name} is no backup made by 'candor backup create', or it is damaged. Use another one.")


def sha256_of(path: Path) -> str:
    """Hex, over a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(path: Path, offset: int, length: int) -> Manifest:
    if length > LONGEST_MANIFEST:
        raise damaged(path)
    with open(path, "rb") as file:
        file.seek(offset)
        content = json.loads(file.read(length))
    digest = content.pop("digest")
    if content.pop("format") != FORMAT or digest != _digest({"format": FORMAT, **content}):
        raise damaged(path)
    return Manifest(**content)


def _digest(content: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _key(line: bytes, path: Path) -> tuple[str, bytes]:
    try:
        visitor_id, wrapped = line.decode().split(" ")
        return visitor_id, bytes.fromhex(wrapped) if wrapped.strip("0") else b""
    except ValueError as error:
        raise damaged(path) from error


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _chunks(file: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0 and (chunk := file.read(min(CHUNK, length))):
        length -= len(chunk)
        yield chunk
