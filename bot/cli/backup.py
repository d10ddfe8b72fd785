"""`candor backup create` beside a running Candor; `candor backup restore` while none runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import DATABASE, CommandError, existing_file
from bot.core.settings import Settings, load_settings

if TYPE_CHECKING:
    from bot.backup.archive import Manifest
    from bot.cli.restore import Restored

POSTGRESQL = "This Candor keeps its data in PostgreSQL (DATABASE_URL): {instead}. See docs/how-to/operate.md, Backup."
backup = typer.Typer(help="The database in one file, without keys.", no_args_is_help=True)


@backup.command()
def create(
    target: Annotated[Path, typer.Argument(help="The file to write, or a folder, where its time names it.")],
    keep: Annotated[
        int | None, typer.Option(min=1, help="How many backups of this Candor to keep in that folder.")
    ] = None,
) -> None:
    """Write the database, as it is now, into one file. Keys are not included: back them up once, elsewhere."""
    from bot.backup.create import take

    settings = _sqlite_only("back it up with pg_dump")
    database = settings.data_dir / DATABASE
    if not database.is_file():
        raise CommandError("There is no database in the data folder: check CANDOR_DATA_DIR.")
    taken = take(database, settings.data_dir, target, keep)
    typer.echo(f"{taken.backup.path.name} holds {_contents(taken.backup.manifest)}.")
    for path in taken.removed:
        typer.echo(f"{path.name} was removed.")


@backup.command()
def restore(file: Annotated[Path, typer.Argument(help="The backup.")]) -> None:
    """Replace the database with a backup and reapply the erasures made since. Stop Candor first."""
    from bot.cli.restore import restore as run

    settings = _sqlite_only("restore it with pg_restore, then run 'candor erasure reapply'")
    typer.echo(_report(run(settings, existing_file(file))))


def _sqlite_only(instead: str) -> Settings:
    settings = load_settings()
    if settings.database_url is not None:
        raise CommandError(POSTGRESQL.format(instead=instead))
    return settings


def _contents(manifest: Manifest) -> str:
    taken_at = manifest.taken_at[:19].replace("T", " at ")
    return (
        f"the database of {taken_at} UTC: {manifest.visitors:,} visitors' keys, {manifest.log_size:,} sealed records, "
        f"{manifest.database_bytes / 1e6:,.1f} MB"
    )


def _report(done: Restored) -> str:
    from bot.cli.visitor import reapplied

    lines = [f"Candor has {_contents(done.backup.manifest)}.", *reapplied(done.erased)]
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
    return "\n".join([*lines, *_log_report(done.lost), "Candor can be started now."])


def _log_report(lost: int | None) -> list[str]:
    from bot.transparency_log.sequencer import UNKNOWN

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
