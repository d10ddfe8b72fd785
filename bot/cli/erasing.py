"""The eraser as commands put it together, without the rest of a gateway."""

from __future__ import annotations

import socket
from pathlib import Path

from bot.core.settings import Settings
from bot.db import Keyring
from bot.decisions import Recorder
from bot.handoff import Handoffs
from bot.messaging import Outbox
from bot.privacy.erasure.service import Eraser


def make_eraser(settings: Settings, ledger: Path | None = None) -> tuple[Eraser, Recorder]:
    """An eraser and what writes its records.

    Args:
        ledger: the folder where erasures are noted, when it is not the data folder.
    """
    keyring = Keyring.from_folder(settings.data_dir)
    recorder = Recorder(keyring, socket.gethostname())
    handoffs = Handoffs(Outbox(keyring), recorder.record, keyring, settings.handoff_wait)
    return Eraser(keyring, recorder, handoffs, ledger or settings.data_dir), recorder
