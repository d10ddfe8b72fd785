"""`candor backup` beside a running Candor, `candor restore` without one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.core.errors import BadRequest
from bot.core.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.backup.archive import Manifest
    from bot.cli.restore import Restored
    from bot.core.settings import Settings
    from bot.db.models import ErasureRow

POSTGRESQL = (
    "This Candor keeps its data in PostgreSQL (DATABASE_URL): {instead}. docs/operations.md tells how, in the chapter "
    "Backup."
)


def backup(
    target: Annotated[Path, typer.Argument(help="The file to write, or a folder in which it gets a name by its time.")],
    keep: Annotated[
        int | None, typer.Option(min=1, help="How many of this Candor's backups to keep in that folder.")
    ] = None,
) -> None:
    """Write the database into one file, as it is at this moment. Keys are not in it: back them up once, elsewhere."""
    from bot.backup.create import take

    settings = load_settings()
    if settings.database_url is not None:
        raise BadRequest(POSTGRESQL.format(instead="back it up with pg_dump"))
    database = settings.data_dir / "candor.db"
    if not database.is_file():
        raise BadRequest("There is no database in the data folder: check CANDOR_DATA_DIR.")
    taken = take(database, settings.data_dir, target, keep)
    typer.echo(f"{taken.backup.path.name} holds {_what(taken.backup.manifest)}.")
    for path in taken.removed:
        typer.echo(f"{path.name} was removed.")


def restore(
    file: Annotated[Path | None, typer.Argument(help="The backup.")] = None,
    erasures_only: Annotated[
        bool, typer.Option(help="Only do again the erasures made since, in a database that was restored otherwise.")
    ] = False,
) -> None:
    """Put a backup in the database's place and erase again who was erased since. Stop Candor first."""
    settings = load_settings()
    if (file is None) != erasures_only:
        raise typer.BadParameter("Give the backup's file, or --erasures-only.")
    if file is None:
        _erasures_only(settings)
        return
    if settings.database_url is not None:
        instead = "restore it with pg_restore, then run 'candor restore --erasures-only'"
        raise BadRequest(POSTGRESQL.format(instead=instead))
    from bot.cli.restore import restore as run

    if not file.is_file():
        raise BadRequest(f"There is no file {file.name}.")
    typer.echo(_told(run(settings, file)))


def _erasures_only(settings: Settings) -> None:
    from bot.cli.context import prepare
    from bot.cli.restore import erase_all_again
    from bot.privacy.erasure import ledger

    database, _ = prepare(settings)
    rows = erase_all_again(database, settings, ledger.read(settings.data_dir))
    database.purge_now()
    database.close()
    typer.echo("\n".join(_erasures(rows)))


def _what(manifest: Manifest) -> str:
    taken_at = manifest.taken_at[:19].replace("T", " at ")
    return (
        f"the database of {taken_at} UTC: {manifest.visitors:,} visitors' keys, {manifest.log_size:,} sealed records, "
        f"{manifest.database_bytes / 1e6:,.1f} MB"
    )


def _told(done: Restored) -> str:
    lines = [f"Candor has {_what(done.backup.manifest)}.", *_erasures(done.erased)]
    if done.before is not None:
        lines.append(
            f"What was there before is kept in {done.before.name} in the data folder, a backup like any other. "
            "It also holds visitors who came later: remove it as soon as you are sure that you do not need it."
        )
    if done.aside is not None:
        lines.append(
            f"The database that was there could not be read. It is kept as {done.aside.name} in the data folder, where "
            "no erasure reaches it: remove it as soon as nobody needs it."
        )
    return "\n".join([*lines, *_log(done.lost), "Candor can be started now."])


def _erasures(rows: Sequence[ErasureRow]) -> list[str]:
    if not rows:
        return ["Nobody had to be erased again."]
    told = [
        f"Erased again: {row.visitor_id}, as on {row.begun_at:%Y-%m-%d at %H:%M:%S} UTC ({row.reason}, {row.id})."
        for row in rows
    ]
    return [*told, "The engine's store follows within seconds of the next start."]


def _log(lost: int | None) -> list[str]:
    from bot.transparency_log.lost_tail import UNKNOWN

    if lost is None:
        return ["The log is whole: nothing had been signed since."]
    gone = (
        "Nobody here knows whether records were signed after this backup was taken."
        if lost == UNKNOWN
        else f"{lost:,} records that had been signed since are gone."
    )
    return [
        gone,
        "So that two logs never bear one name, nothing more is signed until it has another: set CANDOR_LOG_ORIGIN "
        "before you start Candor, and tell whoever keeps its checkpoints. What was signed is kept in log.lost-… in the "
        "data folder, as evidence of the gap.",
    ]
