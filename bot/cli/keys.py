"""`candor keys rotate`: works beside a running gateway or without one."""

from __future__ import annotations

import typer

keys = typer.Typer(help="The operator's key, which wraps the key of every visitor.", no_args_is_help=True)


@keys.command()
def rotate() -> None:
    """Put a new key into master.key. Encrypted content is not rewritten; visitors notice nothing."""
    from bot.cli.context import services
    from bot.cli.visitor import purge
    from bot.db.key_rotation import rotate as run

    with services() as s:
        folder = s.settings.data_dir
        wrapped = run(s.database, folder, lambda so_far: typer.echo(f"{so_far:,} keys wrapped anew …"))
        purged = purge(s.database)
    typer.echo(f"master.key holds a new key; {wrapped:,} visitors' keys are locked with it. Back the file up now.")
    if not purged:
        typer.echo("The database is being read: what the old key locked leaves its write-ahead log within a while.")
