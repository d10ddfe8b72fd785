"""Checks signed checkpoints of one log: its key may have signed under an earlier name of it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from bot.transparency_log.checkpoint import Checkpoint, CheckpointInvalid, Verifier

SIGNATURE = "— "
"""What each line of a signature begins with."""


@dataclass(frozen=True)
class Notes:
    """Opens checkpoints that `verifier_key` signed.

    Raises:
        CheckpointInvalid: that is no verifier key.
    """

    verifier_key: str

    def __post_init__(self) -> None:
        Verifier(self.verifier_key)

    def open(self, note: str) -> Checkpoint:
        """The checkpoint in a note that this key signed, whatever the log's name was then.

        Raises:
            CheckpointInvalid: it is not well-formed or not signed by this key.
        """
        key = self.verifier_key
        origin = note.split("\n", 1)[0]
        if origin != key.split("+", 1)[0] and origin and not set(origin) & set("+ \t\r"):
            key = _named(key, origin)
        return Verifier(key).open(note)

    def stored(self, size: int, root: str, note: str) -> Checkpoint:
        """The checkpoint in a row of the table `log_checkpoint`, each byte of which counts.

        Raises:
            CheckpointInvalid: one of them was changed.
        """
        try:
            found = self.open(note)
        except (TypeError, AttributeError, UnicodeError) as error:
            raise CheckpointInvalid("This is no checkpoint.") from error
        if (found.size, found.root.hex()) != (size, root) or not _canonical(found, note):
            raise CheckpointInvalid("The checkpoint is not as it was signed.")
        return found


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


def _named(key: str, origin: str) -> str:
    """The verifier key of the same public key under another name."""
    encoded = key.strip().split("+", 2)[2]
    key_id = hashlib.sha256(origin.encode() + b"\n" + base64.b64decode(encoded)).digest()[:4]
    return f"{origin}+{key_id.hex()}+{encoded}"


def _canonical(checkpoint: Checkpoint, note: str) -> bool:
    """Whether the note is what `Signer.sign` writes: base64 and line ends leave room for changes that nobody signed."""
    signature = note.rstrip("\n").rpartition(" ")[2]
    again = base64.b64encode(base64.b64decode(signature)).decode()
    return note == f"{checkpoint.body}\n— {checkpoint.origin} {again}\n"
