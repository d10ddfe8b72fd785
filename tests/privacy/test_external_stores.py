"""When an erasure's second phase runs: at once here, within half a minute for another process, never when idle."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.core.settings import Settings
from bot.db import Database
from bot.db.models import MessageRow
from bot.privacy.erasure import external_stores
from bot.privacy.erasure.external_stores import RETRY_SECONDS
from bot.privacy.erasure.service import ERASURE
from bot.services import Services
from tests.privacy.erasures import all_of, another_process, ask, begin, erase, erasure, play, sealed_values
from tests.scripted import ScriptedEngine


def test_an_idle_gateway_asks_one_question_a_round_and_no_round_is_due(settings: Settings, database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        assert await services.external_stores.sweep(True) is None
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            asked.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        await services.external_stores.sweep(True)
        event.remove(database.engine, "before_cursor_execute", note)
        assert len(asked) == 1 and "FROM erasure" in asked[0]

    play(settings, database, scenario)


def test_a_transaction_that_erases_touches_the_topic_and_rounds_are_due_until_it_is_done(
    settings: Settings, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(services: Services, engine: ScriptedEngine) -> None:
        _, visitor, _ = begin(services)
        topics: set[str] = set()
        services.database.on_commit(topics.update)
        erase(services, visitor)
        assert ERASURE in topics
        engine.down = True
        assert await services.external_stores.sweep(True) == RETRY_SECONDS
        assert erasure(services, visitor).done_at is None
        engine.down = False
        # A transaction that read the key before may yet put it into memory: rounds go on for a while.
        assert await services.external_stores.sweep(True) == RETRY_SECONDS
        assert erasure(services, visitor).done_at is not None
        monkeypatch.setattr(external_stores, "SETTLING", timedelta(0))
        assert await services.external_stores.sweep(True) is None

    play(settings, any_database, scenario)


def test_what_was_written_after_another_process_had_completed_the_erasure_is_cleared_when_noticed(
    settings: Settings, any_database: Database
) -> None:
    async def scenario(services: Services, engine: ScriptedEngine) -> None:
        ann, visitor, _ = begin(services)
        await ask(services, ann, "refund")
        with another_process(settings, any_database) as other:
            erase(other, visitor)
            await other.external_stores.sweep(True)
        assert erasure(services, visitor).done_at is not None
        # This process has the key in memory until it notices.
        engine.hold = asyncio.Event()
        accepted = await services.turns.accept(ann, "I am ann.lee@example.org", "ann.lee")
        assert all_of(services, MessageRow, MessageRow.body_sealed != b"")
        await services.external_stores.sweep(True)
        engine.hold.set()
        await services.turns.finished(accepted.message_id)
        await services.external_stores.sweep(True)
        left = {name for name, values in sealed_values(services).items() if values}
        assert left == {"decision_payload.payload_sealed"}
        assert all(row.client_message_id is None for row in all_of(services, MessageRow))

    play(settings, any_database, scenario)
