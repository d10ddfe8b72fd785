"""Signed checkpoints in the C2SP formats tlog-checkpoint and signed-note, signed with Ed25519."""

from __future__ import annotations

import base64
import hashlib
import re
from copy import copy
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.core.errors import BadRequest

ED25519 = b"\x01"
"""The signature type of signed-note."""
SIGNATURE = "— "
"""What each line of a signature begins with."""
SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
"""The number of leaves as a checkpoint writes it."""


class CheckpointInvalid(BadRequest):
    """400: the text is not a checkpoint of this log, signed by this key."""

    code = "checkpoint_invalid"


@dataclass(frozen=True)
class Checkpoint:
    """The log's state at one moment: `size` leaves under `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """What is signed: three lines, the last line feed included."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class Verifier:
    """Checks the signatures of one key.

    Args:
        text: a verifier key: name+key id in hex+base64 of the type and the public key.

    Raises:
        CheckpointInvalid: the text is no verifier key of type Ed25519.
    """

    def __init__(self, text: str) -> None:
        try:
            self.name, key_id, encoded = text.strip().split("+", 2)
            raw = _decoded(encoded)
            self._key = Ed25519PublicKey.from_public_bytes(raw[1:])
        except ValueError as error:
            raise CheckpointInvalid("The key has to be a verifier key, such as name+1a2b3c4d+AbC….") from error
        self._public = raw[1:]
        self.key_id = _key_id(self.name, self._public)
        if raw[:1] != ED25519 or self.key_id.hex() != key_id or not _is_name(self.name):
            raise CheckpointInvalid("The verifier key is not whole: its key id does not fit.")

    def named(self, name: str) -> Verifier:
        """The verifier of the same key under another name."""
        other = copy(self)
        other.name, other.key_id = name, _key_id(name, self._public)
        return other

    def open(self, note: str) -> Checkpoint:
        """The checkpoint in a signed note. Signatures by other keys are passed over, as signed-note says.

        Raises:
            CheckpointInvalid: it is not well-formed, not signed by this key, or that of another log.
        """
        body, _, signatures = note.rpartition("\n\n")
        body += "\n"
        if not signatures.endswith("\n") or any(c < " " and c != "\n" for c in note):
            raise CheckpointInvalid("This is not a signed note: a line for each signature is wanted, and a line feed.")
        own = [raw for line in signatures[:-1].split("\n") if (raw := self._own(line)) is not None]
        if not own or not all(self._signed(body, signature) for signature in own):
            raise CheckpointInvalid("The checkpoint is not signed by this key.")
        found = _parse(body)
        if found.origin != self.name:
            raise CheckpointInvalid("The checkpoint is that of another log.")
        return found

    def _own(self, line: str) -> bytes | None:
        """The signature in a line, if it is one by this key.

        Raises:
            CheckpointInvalid: it is no line of a signature.
        """
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        try:
            raw = _decoded(encoded)
        except ValueError:
            raw = b""
        if dash != "—" or not _is_name(name) or len(raw) <= len(self.key_id):
            raise CheckpointInvalid("This is not a signed note: a line for each signature is wanted.")
        return raw[4:] if name == self.name and raw[:4] == self.key_id else None

    def _signed(self, body: str, signature: bytes) -> bool:
        try:
            self._key.verify(signature, body.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


class Notes:
    """Opens checkpoints of one log: its key may have signed under an earlier name of it.

    Raises:
        CheckpointInvalid: `verifier_key` is none.
    """

    def __init__(self, verifier_key: str) -> None:
        self._verifier = Verifier(verifier_key)

    def open(self, note: str) -> Checkpoint:
        """The checkpoint in a note that this key signed, whatever the log's name was then.

        Raises:
            CheckpointInvalid: it is not well-formed or not signed by this key.
        """
        origin = note.partition("\n")[0]
        renamed = _is_name(origin) and origin != self._verifier.name
        return (self._verifier.named(origin) if renamed else self._verifier).open(note)

    def stored(self, size: int, root: str, note: str) -> Checkpoint:
        """The checkpoint in a row of the table `log_checkpoint`, each byte of which counts.

        Raises:
            CheckpointInvalid: one of them was changed.
        """
        try:
            found = self.open(note)
        except (TypeError, AttributeError, UnicodeError) as error:
            raise CheckpointInvalid("This is no checkpoint.") from error
        if (found.size, found.root.hex()) != (size, root) or not _is_canonical(found, note):
            raise CheckpointInvalid("The checkpoint is not as it was signed.")
        return found


class Signer:
    """Signs checkpoints for one origin.

    Args:
        origin: the log's name, a URL without scheme; also the key's name.
        seed: 32 bytes, the private key.
    """

    def __init__(self, origin: str, seed: bytes) -> None:
        self.origin = origin
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._key.public_key().public_bytes_raw()
        self._key_id = _key_id(origin, self._public)

    @property
    def verifier_key(self) -> str:
        """What others check our checkpoints with."""
        return f"{self.origin}+{self._key_id.hex()}+{base64.b64encode(ED25519 + self._public).decode()}"

    def sign(self, size: int, root: bytes) -> str:
        """A signed note over the checkpoint of `size` leaves under `root`."""
        body = Checkpoint(self.origin, size, root).body
        signature = base64.b64encode(self._key_id + self._key.sign(body.encode())).decode()
        return f"{body}\n{SIGNATURE}{self.origin} {signature}\n"


def split_notes(text: str) -> list[str]:
    """The notes in a file that holds one or, as an anchor may keep them, several one after the other."""
    notes: list[str] = []
    signed = True
    for line in text.splitlines(keepends=True):
        if signed and not line.startswith(SIGNATURE):
            if not line.strip():
                continue
            notes.append("")
            signed = False
        if not notes:
            notes.append("")
        notes[-1] += line
        signed = line.startswith(SIGNATURE)
    return notes


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def _decoded(text: str) -> bytes:
    """Base64 of which no character could be another.

    Raises:
        ValueError: it is none.
    """
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError("The last bits have to be zero.")
    return raw


def _is_name(name: str) -> bool:
    """Whether a key may have this name: no space, no plus."""
    return bool(name) and "+" not in name and not any(c.isspace() for c in name)


def _parse(body: str) -> Checkpoint:
    lines = body.split("\n")
    try:
        origin, size, root = lines[0], lines[1], _decoded(lines[2])
    except (IndexError, ValueError) as error:
        raise CheckpointInvalid("The checkpoint is not whole: origin, size and root are wanted.") from error
    if not origin or not SIZE.fullmatch(size) or len(root) != 32:
        raise CheckpointInvalid("The checkpoint is not well-formed: origin, size and root are wanted.")
    return Checkpoint(origin, int(size), root)


def _is_canonical(checkpoint: Checkpoint, note: str) -> bool:
    """Whether the note is what `Signer.sign` writes: base64 and line ends leave room for changes that nobody signed."""
    signature = note.rstrip("\n").rpartition(" ")[2]
    again = base64.b64encode(base64.b64decode(signature)).decode()
    return note == f"{checkpoint.body}\n{SIGNATURE}{checkpoint.origin} {again}\n"
