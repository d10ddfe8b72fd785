"""The database's schema, step by step. `upgrade` brings any earlier database to today's."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from bot.core.errors import CandorError

FOLDER = Path(__file__).parent


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest schema; from nothing, if it is empty.

    Raises:
        CandorError: a newer Candor made the database, or one from before the first release; it is left as it is.
    """
    try:
        command.upgrade(config(url), "head")
    except CommandError as error:
        raise CandorError(
            "This Candor does not know the database's schema: a newer one made it, or one from before the first "
            "release. Run that Candor, or begin with an empty database: set CANDOR_DATA_DIR or DATABASE_URL."
        ) from error


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
