"""The database's schema, step by step. `upgrade` brings any earlier database to today's."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

FOLDER = Path(__file__).parent


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest schema; from nothing, if it is empty."""
    command.upgrade(config(url), "head")


def is_known(revision: str) -> bool:
    """Whether a database of this revision can be brought up to date here."""
    scripts = ScriptDirectory.from_config(config("sqlite://"))
    return revision in {script.revision for script in scripts.walk_revisions()}


def config(url: str) -> Config:
    """Alembic's configuration, without a file."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    settings.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return settings
