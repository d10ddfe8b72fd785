"""The migrations make the schema that the models describe, and leave a database alone that they do not know."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from bot import migrations
from bot.core.errors import CandorError
from bot.core.settings import Settings
from bot.db.models import Base


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_migrated_schema_is_that_of_the_models(
    kind: str, settings: Settings, request: pytest.FixtureRequest
) -> None:
    address = settings.database_address if kind == "sqlite" else request.getfixturevalue("postgres")()
    migrations.upgrade(address)
    engine = create_engine(address)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


@pytest.mark.parametrize("revision", ["0001", "0002", "9999"])
def test_a_database_of_an_unknown_revision_is_left_as_it_is(revision: str, settings: Settings) -> None:
    engine = create_engine(settings.database_address)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text(f"INSERT INTO alembic_version VALUES ('{revision}')"))
    with pytest.raises(CandorError, match="begin with an empty database"):
        migrations.upgrade(settings.database_address)
    with engine.connect() as connection:
        tables = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        assert tables == ["alembic_version"]
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == revision
    engine.dispose()
