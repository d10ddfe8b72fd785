"""What commands share: settings, data folder, database, services and errors. Imports no web server."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.core.errors import SettingsError
from bot.core.settings import ROOT, Settings, load_settings

if TYPE_CHECKING:
    from bot.db import Database
    from bot.offline import OfflineServices

DATABASE = "candor.db"


class CommandError(Exception):
    """A command cannot do what was asked. The message is one sentence for standard error; the exit code is 2."""


def _or_login(value: str) -> str:
    return value or getpass.getuser()


By = Annotated[str, typer.Option(callback=_or_login, help="Who does it, for the record; defaults to your login.")]
"""The option `--by`. Declare it as `by: By = ""`."""


@contextmanager
def services() -> Iterator[OfflineServices]:
    """The services of a command, over a prepared data folder; closes the database at the end."""
    from bot.offline import build_offline

    settings = load_settings()
    database, _ = prepare(settings)
    try:
        yield build_offline(settings, database)
    finally:
        database.close()


@contextmanager
def existing_database(
    settings: Settings, missing: str = "There is no database in the data folder"
) -> Iterator[Database]:
    """The database as it is: creates nothing and migrates nothing.

    Raises:
        CommandError: there is no SQLite file; the message begins with `missing`.
    """
    from bot.db import Database

    if settings.database_url is None and not (settings.data_dir / DATABASE).is_file():
        raise CommandError(f"{missing}: check CANDOR_DATA_DIR or DATABASE_URL.")
    database = Database(settings.database_address)
    try:
        yield database
    finally:
        database.close()


def existing_file(path: Path) -> Path:
    """`path`.

    Raises:
        CommandError: there is no such file.
    """
    if not path.is_file():
        raise CommandError(f"There is no file {path.name}.")
    return path


def prepare(settings: Settings) -> tuple[Database, str]:
    """Create the data folder, migrate the schema, load the published policies and, in the demo, its shop and staff.

    Returns:
        The database, and the text that lists the logins of the demo staff (empty outside the demo).

    Raises:
        SettingsError: the data folder cannot be made, or the database does not answer.
    """
    from sqlalchemy.exc import OperationalError

    from bot import migrations
    from bot.backup.registry import discard_restoring
    from bot.db import Database
    from bot.policies.repository import load, publish_first
    from bot.shop.demo import seed
    from bot.staff.demo import make_demo_staff, retire_demo_staff

    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chmod(settings.data_dir, 0o700)
    except OSError as error:
        reason = (error.strerror or "it cannot be used").lower()
        raise SettingsError(f"CANDOR_DATA_DIR: {reason}. Name a folder that can be made and written to.") from None
    os.umask(0o077)
    # The open database holds the process lock: from here on no restore can replace the file.
    database = Database(settings.database_address)
    discard_restoring(settings.data_dir)
    try:
        migrations.upgrade(settings.database_address)
    except OperationalError:
        if settings.database_url is None:
            raise
        raise SettingsError("DATABASE_URL: no database answers there. Check the address and that it runs.") from None
    with database.transaction() as session:
        publish_first(session)
    with database.snapshot() as session:
        load(session)
    if not settings.demo:
        retire_demo_staff(database, settings.data_dir)
        return database, ""
    with database.transaction() as session:
        seed(session)
    return database, make_demo_staff(database, settings.data_dir)


def find_model(settings: Settings) -> Path:
    """The model that CANDOR_MODEL names, or the newest in models/.

    Raises:
        SettingsError: there is none.
    """
    if settings.model is not None:
        if not settings.model.is_file():
            raise SettingsError(
                "CANDOR_MODEL: there is no such file. Give a trained model, or unset it for the newest."
            )
        return settings.model
    models = sorted((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise SettingsError("There is no trained model in models/ yet: run 'make model'.")
    return models[-1]
