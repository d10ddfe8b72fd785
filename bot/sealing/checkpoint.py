"""Signed checkpoints in the C2SP formats tlog-checkpoint and signed-note, signed with Ed25519."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.errors import BadRequest

ED25519 = b"\x01"
"""The signature type of signed-note."""


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
            raw = base64.b64decode(encoded, validate=True)
            self._key = Ed25519PublicKey.from_public_bytes(raw[1:])
        except (ValueError, binascii.Error) as error:
            raise CheckpointInvalid("The key has to be a verifier key, such as name+1a2b3c4d+AbC….") from error
        self.key_id = _key_id(self.name, raw[1:])
        if raw[:1] != ED25519 or self.key_id.hex() != key_id:
            raise CheckpointInvalid("The verifier key is not whole: its key id does not fit.")

    def open(self, note: str) -> Checkpoint:
        """The checkpoint in a signed note.

        Raises:
            CheckpointInvalid: it is not well-formed or not signed by this key.
        """
        body, _, signatures = note.rpartition("\n\n")
        body += "\n"
        for line in signatures.splitlines():
            dash, _, rest = line.partition(" ")
            name, _, encoded = rest.rpartition(" ")
            if dash == "—" and name == self.name and self._signed(body, encoded):
                return _parse(body)
        raise CheckpointInvalid("The checkpoint is not signed by this key.")

    def _signed(self, body: str, encoded: str) -> bool:
        try:
            raw = base64.b64decode(encoded, validate=True)
            if raw[:4] != self.key_id:
                return False
            self._key.verify(raw[4:], body.encode())
        except (binascii.Error, InvalidSignature, ValueError):
            return False
        return True


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
        return f"{body}\n— {self.origin} {signature}\n"


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def _parse(body: str) -> Checkpoint:
    lines = body.split("\n")
    try:
        origin, size, root = lines[0], lines[1], base64.b64decode(lines[2], validate=True)
    except (IndexError, binascii.Error) as error:
        raise CheckpointInvalid("The checkpoint is not whole: origin, size and root are wanted.") from error
    if not origin or not size.isascii() or not size.isdigit() or str(int(size)) != size or len(root) != 32:
        raise CheckpointInvalid("The checkpoint is not well-formed: origin, size and root are wanted.")
    return Checkpoint(origin, int(size), root)
