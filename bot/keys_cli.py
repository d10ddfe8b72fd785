"""`candor erase` and `candor keys rotate`: beside a running gateway or without one."""

from __future__ import annotations

import getpass
import socket
import time
from typing import TYPE_CHECKING, Annotated

import typer

from bot.privacy.reasons import Reason
from bot.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.settings import Settings
    from bot.storage import Database
    from bot.storage.tables import ErasureRow

PURGE_SECONDS = 3.0
keys = typer.Typer(help="The operator's key, which locks every visitor's.", no_args_is_help=True)


def erase(
    reason: Annotated[Reason, typer.Option(help="Why; it stands in the record.")],
    visitor: Annotated[str, typer.Option(help="The visitor's id, vis_…")] = "",
    conversation: Annotated[str, typer.Option(help="Or the id of one of their conversations, con_…")] = "",
    by: Annotated[str, typer.Option(help="Who does it, for the record; your login when left out.")] = "",
) -> None:
    """Erase a visitor: what they said and what was recorded about them. That it was done stays on record."""
    from bot.startup import prepare

    if bool(visitor) == bool(conversation):
        raise typer.BadParameter("Give --visitor or --conversation.")
    settings = load_settings()
    database, _ = prepare(settings)
    row = database.write_now(lambda s: _erase(s, settings, visitor, conversation, reason, by or getpass.getuser()))
    purged = _purged(database)
    database.close()
    typer.echo(_receipt(row, purged))


@keys.command()
def rotate() -> None:
    """Put a new key into master.key. Nothing that is sealed is rewritten; visitors notice nothing."""
    from bot.startup import prepare
    from bot.storage.rotation import rotate as run

    settings = load_settings()
    database, _ = prepare(settings)
    wrapped = run(database, settings.data_dir, lambda so_far: typer.echo(f"{so_far:,} keys wrapped anew …"))
    purged = _purged(database)
    database.close()
    typer.echo(f"master.key holds a new key; {wrapped:,} visitors' keys are locked with it. Back the file up now.")
    if not purged:
        typer.echo("The database is being read: what the old key locked leaves its write-ahead log within a while.")


def _erase(
    session: Session, settings: Settings, visitor: str, conversation: str, reason: Reason, by: str
) -> ErasureRow:
    from bot.decisions import Recorder
    from bot.handoff import Handoffs
    from bot.outbox import Outbox
    from bot.privacy.erasure import Eraser, visitor_of
    from bot.storage import Keyring

    keyring = Keyring.from_folder(settings.data_dir)
    recorder = Recorder(keyring, socket.gethostname())
    handoffs = Handoffs(Outbox(keyring), recorder.record, keyring, settings.handoff_wait)
    eraser = Eraser(keyring, recorder, handoffs.end_for_erasure, settings.data_dir)
    return eraser.erase(session, visitor or visitor_of(session, conversation), reason, by)


def _purged(database: Database) -> bool:
    deadline = time.monotonic() + PURGE_SECONDS
    while not database.purge_now():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _receipt(row: ErasureRow, purged: bool) -> str:
    lines = [
        f"Visitor {row.visitor_id} was erased on {row.begun_at:%Y-%m-%d at %H:%M:%S} UTC ({row.reason}).",
        f"It is on record as {row.record_id}.",
        *(f"  {store}: {_words(removed)}" for store, removed in row.receipt.items()),
    ]
    if row.done_at is not None:
        return "\n".join([*lines, "Nothing is left to do."])
    left = ["Left to do: clearing the engine's store. A running Candor does it within seconds, else at its next start."]
    if not purged:
        left += ["The database is being read: its write-ahead log is emptied by then as well."]
    return "\n".join([*lines, *left, "Run the same command again to see whether it is done."])


def _words(removed: object) -> str:
    if isinstance(removed, dict):
        return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in removed.items())
    return str(removed)
