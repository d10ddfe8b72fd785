"""The services of a command that serves nobody, put together once: none of them knows how a turn is taken."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

from bot.core.settings import Settings
from bot.db import Database, Keyring
from bot.db.keyring import load_secret
from bot.decisions import Recorder
from bot.handoff import Handoffs
from bot.messaging import Outbox
from bot.privacy.erasure.service import Eraser
from bot.privacy.retention import Retention
from bot.transparency_log import Sequencer
from bot.transparency_log.checkpoint import Signer


@dataclass(frozen=True)
class OfflineServices:
    """The services that need neither engine nor event loop: what commands use."""

    settings: Settings
    database: Database
    keyring: Keyring
    outbox: Outbox
    recorder: Recorder
    handoffs: Handoffs
    eraser: Eraser
    retention: Retention
    sequencer: Sequencer


def build_offline(settings: Settings, database: Database, ledger: Path | None = None) -> OfflineServices:
    """Construct the services that need no engine. Creates missing secrets in the data folder.

    Args:
        ledger: the folder of the erasure ledger; the data folder when None.
    """
    keyring = Keyring.from_folder(settings.data_dir)
    outbox, recorder = Outbox(keyring), Recorder(keyring, socket.gethostname())
    handoffs = Handoffs(outbox, recorder, keyring, settings.handoff_wait)
    eraser = Eraser(keyring, recorder, handoffs, ledger or settings.data_dir)
    return OfflineServices(
        settings=settings,
        database=database,
        keyring=keyring,
        outbox=outbox,
        recorder=recorder,
        handoffs=handoffs,
        eraser=eraser,
        retention=Retention(database, eraser),
        sequencer=make_sequencer(settings),
    )


def make_sequencer(settings: Settings) -> Sequencer:
    """The sequencer of this log; its key is made at first start."""
    signer = Signer(settings.log_origin, load_secret(settings.data_dir, "log.key"))
    return Sequencer(signer, settings.data_dir)
