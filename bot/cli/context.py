"""What a command needs before it can work. Loads no web server, so that commands without one start at once."""

from __future__ import annotations

import os
from pathlib import Path

from bot import migrations
from bot.backup.registry import discard_restoring
from bot.core.errors import SettingsError
from bot.core.settings import ROOT, Settings
from bot.db import Database
from bot.policies.repository import load, publish_first
from bot.shop.demo import seed
from bot.staff.demo import make_demo_staff


def prepare(settings: Settings) -> tuple[Database, str]:
    """The data folder, the newest schema, the policies in force and, in the demo, its shop and staff.

    Gives the staff's logins to print.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chmod(settings.data_dir, 0o700)
    os.umask(0o077)
    # In this order: from here on nobody puts a backup in the database's place.
    database = Database(settings.database_address)
    discard_restoring(settings.data_dir)
    migrations.upgrade(settings.database_address)
    database.write_now(publish_first)
    database.read_now(load)
    if not settings.demo:
        return database, ""
    database.write_now(seed)
    return database, make_demo_staff(database, settings.data_dir)


def find_model(settings: Settings) -> Path:
    """The model in CANDOR_MODEL, or the newest in models/.

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
