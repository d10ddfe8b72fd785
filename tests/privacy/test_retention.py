"""Retention over real databases: rows are as old as their moments say, and no clock is set back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from bot.core.errors import Unavailable
from bot.core.ids import now
from bot.core.settings import Settings
from bot.db import Database
from bot.db.keyring import read_masters
from bot.db.models import (
    ContestRow,
    ConversationRow,
    CorrectionRow,
    DecisionPayloadRow,
    DecisionRow,
    ErasureRow,
    HandoffRow,
    IdentityUseRow,
    MessageRow,
    PlaceholderRow,
    RetentionRunRow,
    StaffRow,
    StaffSessionRow,
    VisitorRow,
)
from bot.decisions.kinds import Kind
from bot.jobs import Job, jobs, keep_running
from bot.policies import processing
from bot.privacy import retention
from bot.privacy.categories.registry import CATEGORIES, together
from bot.privacy.legal_holds import hold, release
from bot.privacy.repository import ages, begun_before, runs
from bot.privacy.retention import kept_for
from bot.services import Services
from bot.transparency_log.sequencer import KEPT
from bot.transparency_log.verifier import Log, audit
from tests.privacy.aged import conversation, full, play
from tests.scripted import ScriptedEngine
from tests.transactions import read, write
from tests.transparency_log.many import fill

FULL = {"conversation": 1, "identity": 1, "decisions": 3, "contests": 1, "handoffs": 1, "contact": 2,
        "identifiers": 2, "training": 1}  # fmt: skip
"""What `full` puts into a conversation, by category."""


def all_of(services: Services, table: Any, *conditions: Any) -> list[Any]:
    return read(services.database, lambda s: list(s.scalars(select(table).where(*conditions))))


def days(category: str) -> float:
    return kept_for()[category] / timedelta(days=1)


def left(services: Services, conversation_id: str) -> dict[str, int]:
    """What a conversation still holds of what can be cleared by itself, and whether its visitor was erased."""
    holding = (HandoffRow.contact_sealed, ContestRow.contact_sealed)
    contacts = [
        row
        for column in holding
        for row in all_of(services, column, column.is_not(None), column.class_.conversation_id == conversation_id)
    ]
    placeholders = all_of(services, PlaceholderRow, PlaceholderRow.conversation_id == conversation_id)
    visitor_id = all_of(services, ConversationRow.visitor_id, ConversationRow.id == conversation_id)[0]
    proposals = all_of(services, CorrectionRow, CorrectionRow.visitor_id == visitor_id)
    return {
        "contact": len(contacts),
        "identifiers": sum(bool(row.value_sealed or row.value_hash) for row in placeholders),
        "training": sum(row.state == "proposed" and row.text_sealed is not None for row in proposals),
        "erased": len(all_of(services, ErasureRow, ErasureRow.visitor_id == visitor_id)),
    }


def test_every_category_that_is_declared_is_enforced() -> None:
    assert set(processing().kept) == set(CATEGORIES)


@pytest.mark.parametrize("category", ["contact", "identifiers", "training"])
def test_a_category_is_cleared_when_its_days_have_passed_and_not_before(
    settings: Settings, any_database: Database, category: str
) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        young, old = full(services, days(category) - 0.1), full(services, days(category) + 0.1)
        done = await services.retention.run()
        assert done.removed[category] == FULL[category]
        assert left(services, young)[category] == FULL[category] and left(services, old)[category] == 0
        assert left(services, old)["erased"] == 0
        assert len(all_of(services, MessageRow, MessageRow.body_sealed != b"")) == 4

    play(settings, any_database, scenario)


def test_a_proposal_nobody_decided_about_ends_as_refused(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        full(services, days("training") + 1)
        await services.retention.run()
        (row,) = all_of(services, CorrectionRow)
        assert (row.state, row.text_sealed, row.text, row.decided_by) == ("refused", None, None, None)
        assert row.decided_at is not None and "time" in row.note

    play(settings, any_database, scenario)


def test_after_the_longest_of_their_days_the_visitor_is_erased(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        longest = max(days(name) for name in together())
        young, old = full(services, longest - 0.1), full(services, longest + 0.1)
        done = await services.retention.run()
        assert (left(services, young)["erased"], left(services, old)["erased"]) == (0, 1)
        (erasure,) = all_of(services, ErasureRow)
        assert erasure.reason == "retention"
        (record,) = all_of(services, DecisionRow, DecisionRow.kind == Kind.ERASURE)
        assert (record.id, record.outcome) == (erasure.record_id, "erased:retention")
        payloads = select(DecisionPayloadRow).where(DecisionPayloadRow.visitor_id == erasure.visitor_id)
        assert all(row.payload_sealed is None for row in read(services.database, lambda s: list(s.scalars(payloads))))
        assert {name: done.removed[name] for name in together()} == {name: FULL[name] for name in together()}
        # The other one's addresses and identifiers went by themselves.
        assert done.removed["contact"] == 2 * FULL["contact"]

    play(settings, any_database, scenario)


def test_the_longest_holds_where_days_differ(settings: Settings, database: Database, monkeypatch: Any) -> None:
    kept = {**kept_for(), "decisions": timedelta(days=400), "conversation": timedelta(days=20)}
    monkeypatch.setattr(retention, "kept_for", lambda: kept)

    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        younger, older = conversation(services, 399), conversation(services, 401)
        await services.retention.run()
        assert (left(services, younger)["erased"], left(services, older)["erased"]) == (0, 1)

    play(settings, database, scenario)


def test_the_days_count_from_the_last_message_and_not_from_the_first(
    settings: Settings, any_database: Database
) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        going_on = conversation(services, 1, begun=500)
        silent = conversation(services, 500)
        theirs = update(MessageRow).where(MessageRow.conversation_id == silent)
        write(services.database, lambda s: s.execute(theirs.values(body_sealed=b"")))
        done = await services.retention.run()
        assert done.removed["conversation"] == 1
        assert (left(services, going_on)["erased"], left(services, silent)["erased"]) == (0, 1)

    play(settings, any_database, scenario)


def test_a_conversation_without_a_message_counts_from_its_beginning(settings: Settings, database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine) -> None:
        opened = conversation(services, 181)
        write(services.database, lambda s: s.execute(MessageRow.__table__.delete()))
        done = await services.retention.run(engine_ready=True)
        assert done.removed["conversation"] == 1 and left(services, opened)["erased"] == 1
        assert engine.forgotten == []

    play(settings, database, scenario)


def test_who_has_several_conversations_is_erased_when_the_last_one_is_due(
    settings: Settings, any_database: Database, monkeypatch: Any
) -> None:
    monkeypatch.setattr(retention, "PAGE", 1)

    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        first = full(services, 300)
        visitor = all_of(services, ConversationRow.visitor_id)[0]
        second = conversation(services, 10, visitor_id=visitor)
        done = await services.retention.run()
        assert left(services, first) == {"contact": 0, "identifiers": 0, "training": 0, "erased": 0}
        assert done.removed["conversation"] == 0
        long_ago = now() - timedelta(days=200)
        write(services.database, lambda s: s.execute(
            update(MessageRow).where(MessageRow.conversation_id == second).values(created_at=long_ago)
        ))  # fmt: skip
        due = await services.retention.due()
        done = await services.retention.run()
        assert due.removed["conversation"] == done.removed["conversation"] == 2
        assert len(all_of(services, ErasureRow)) == 1

    play(settings, any_database, scenario)


# What keeps a conversation.


def open_handoff(services: Services, conversation_id: str) -> Callable[[Session], Any]:
    def work(session: Session) -> None:
        row = session.get_one(ConversationRow, conversation_id)
        services.handoffs.request(session, row, "button", "Asked for a human")
        # What has just been said counts too, so it is made as old as the rest.
        old = now() - timedelta(days=400)
        theirs = update(MessageRow).where(MessageRow.conversation_id == conversation_id)
        session.flush()
        session.execute(theirs.values(created_at=old))

    return work


def contested(_services: Services, conversation_id: str) -> Callable[[Session], Any]:
    theirs = update(ContestRow).where(ContestRow.conversation_id == conversation_id)
    return lambda s: s.execute(theirs.values(state="open", decided_at=None))


def on_hold(services: Services, conversation_id: str) -> Callable[[Session], Any]:
    return lambda s: hold(s, services.recorder, conversation_id, "Claim 12", "olga")


@pytest.mark.parametrize(("why", "keep"), [("hold", on_hold), ("handoff", open_handoff), ("contest", contested)])
def test_what_somebody_waits_for_is_left_alone(settings: Settings, any_database: Database, why: str, keep: Any) -> None:
    async def scenario(services: Services, engine: ScriptedEngine) -> None:
        kept, other = full(services, 400), full(services, 400)
        before = left(services, kept)
        write(services.database, keep(services, kept))
        due = await services.retention.due()
        done = await services.retention.run(engine_ready=True)
        assert due.left_alone == done.left_alone == {why: 1}
        assert left(services, kept) == before and kept not in engine.forgotten
        assert left(services, other)["erased"] == 1 and done.removed["conversation"] == 1

    play(settings, any_database, scenario)


def test_a_hold_on_one_conversation_keeps_the_visitor_and_their_others_lose_what_goes_by_itself(
    settings: Settings, any_database: Database
) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        kept, other = full(services, 400), full(services, 400)
        visitor = all_of(services, ConversationRow.visitor_id, ConversationRow.id == kept)[0]
        theirs = update(ConversationRow).where(ConversationRow.id == other).values(visitor_id=visitor)
        write(services.database, lambda s: s.execute(theirs))
        before = left(services, kept)
        row = write(services.database, on_hold(services, kept))
        await services.retention.run()
        assert (left(services, kept)["contact"], left(services, other)["contact"]) == (before["contact"], 0)
        assert all_of(services, ErasureRow) == []
        write(services.database, lambda s: release(s, services.recorder, row.id, "olga"))
        await services.retention.run()
        assert left(services, kept)["erased"] == 1

    play(settings, any_database, scenario)


@pytest.mark.parametrize("age", [400, 100])
def test_who_is_put_on_hold_or_writes_after_the_look_is_left_alone(
    settings: Settings, any_database: Database, monkeypatch: Any, age: float
) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        held, writes, other = full(services, age), full(services, age), full(services, age)
        before = left(services, held)
        really_begin = services.database.transaction

        @contextmanager
        def late() -> Iterator[Session]:
            monkeypatch.undo()
            write(services.database, on_hold(services, held))
            theirs = update(MessageRow).where(MessageRow.conversation_id == writes)
            write(services.database, lambda s: s.execute(theirs.values(created_at=now())))
            with really_begin() as session:
                yield session

        monkeypatch.setattr(services.database, "transaction", late)
        done = await services.retention.run()
        assert left(services, held) == left(services, writes) == before
        assert left(services, other)["contact"] == 0 and done.removed["contact"] == FULL["contact"]

    play(settings, any_database, scenario)


# The engine.


def test_the_engine_forgets_a_conversation_once_and_again_when_it_went_on(
    settings: Settings, any_database: Database
) -> None:
    async def scenario(services: Services, engine: ScriptedEngine) -> None:
        young, old = conversation(services, days("engine") - 1), conversation(services, days("engine") + 1)
        assert (await services.retention.due()).removed == {"engine": 1}
        assert (await services.retention.run(engine_ready=True)).removed == {"engine": 1}
        assert (await services.retention.run(engine_ready=True)).removed == {}
        assert engine.forgotten == [old] and young not in engine.forgotten
        # It goes on, and 31 more days pass.
        said, forgot = now() - timedelta(days=31), now() - timedelta(days=62)
        write(services.database, lambda s: s.execute(update(ConversationRow).values(engine_forgot_at=forgot)))
        write(services.database, lambda s: s.execute(
            update(MessageRow).where(MessageRow.conversation_id == old).values(created_at=said)
        ))  # fmt: skip
        await services.retention.run(engine_ready=True)
        assert engine.forgotten == [old, old]

    play(settings, any_database, scenario)


def test_an_engine_that_is_not_ready_or_fails_is_asked_in_a_later_round(settings: Settings, database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine) -> None:
        old = full(services, days("engine") + 1)
        assert (await services.retention.run(engine_ready=False)).removed == {"identifiers": 2}
        engine.down = True
        assert (await services.retention.run(engine_ready=True)).removed == {}
        engine.down = False
        assert (await services.retention.run(engine_ready=True)).removed == {"engine": 1}
        assert engine.forgotten == [old]

    play(settings, database, scenario)


def test_an_engine_that_fails_midway_is_not_asked_again_for_those_it_forgot(
    settings: Settings, database: Database, monkeypatch: Any
) -> None:
    async def scenario(services: Services, engine: ScriptedEngine) -> None:
        three = {conversation(services, 40) for _ in range(3)}
        really_forget = ScriptedEngine.forget

        async def forget(self: ScriptedEngine, conversation_id: str) -> None:
            self.down = len(self.forgotten) == 2
            await really_forget(self, conversation_id)

        monkeypatch.setattr(ScriptedEngine, "forget", forget)
        assert (await services.retention.run(engine_ready=True)).removed == {"engine": 2}
        monkeypatch.undo()
        engine.down = False
        assert (await services.retention.run(engine_ready=True)).removed == {"engine": 1}
        assert set(engine.forgotten) == three and len(engine.forgotten) == 3

    play(settings, database, scenario)


# What runs out by itself.


def test_used_tokens_and_staffs_sessions_go_when_they_have_run_out(
    settings: Settings, any_database: Database, monkeypatch: Any
) -> None:
    monkeypatch.setattr(retention, "DELETED", 2)

    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        full(services, 1)  # brings a member of staff

        def prepare(session: Session) -> None:
            staff_id = session.scalars(select(StaffRow.id)).first()
            for number in range(5):
                over = now() + timedelta(hours=1 if number == 4 else -1)
                session.add(IdentityUseRow(jti_hash=f"{number}", conversation_id="con_x", expires_at=over))
                session.add(StaffSessionRow(token_hash=f"{number}", staff_id=staff_id, expires_at=over))

        write(services.database, prepare)
        expected = {"identity_tokens": 4, "staff_sessions": 4}
        assert (await services.retention.due()).removed == expected
        assert (await services.retention.run()).removed == expected
        assert all_of(services, IdentityUseRow.jti_hash) == all_of(services, StaffSessionRow.token_hash) == ["4"]

    play(settings, any_database, scenario)


# Rounds.


def test_a_dry_run_counts_what_a_run_removes_and_changes_nothing(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        for age in (1, 31, 91, 179, 181, 500):
            full(services, age)
            conversation(services, age)
        write(services.database, on_hold(services, full(services, 500)))
        before = [left(services, one) for one in all_of(services, ConversationRow.id)]
        due = await services.retention.due()
        assert [left(services, one) for one in all_of(services, ConversationRow.id)] == before
        assert all_of(services, RetentionRunRow) == all_of(services, ErasureRow) == []
        done = await services.retention.run(engine_ready=True)
        assert due == done
        assert {name for name, count in done.removed.items() if count} == set(FULL) | {"engine"}
        assert (await services.retention.due()).removed == {}

    play(settings, any_database, scenario)


def test_a_second_round_finds_nothing_to_do(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine) -> None:
        for age in (31, 91, 181):
            full(services, age)
        await services.retention.run(engine_ready=True)
        forgotten, erasures = list(engine.forgotten), all_of(services, ErasureRow.id)
        again = await services.retention.run(engine_ready=True)
        assert again.removed == {} and again.left_alone == {}
        assert engine.forgotten == forgotten and all_of(services, ErasureRow.id) == erasures

    play(settings, any_database, scenario)


def test_a_round_is_on_record_with_its_counts_and_old_ones_go(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        full(services, 91)
        write(
            services.database, lambda s: s.add(RetentionRunRow(id="ret_0", at=now() - timedelta(days=367), removed={}))
        )
        await services.retention.run()
        await services.retention.run()
        found = [row.removed for row in read(services.database, runs)]
        assert found == [{}, {"contact": 2, "identifiers": 2, "training": 1}]

    play(settings, any_database, scenario)


def test_however_much_is_due_each_transaction_takes_a_little(
    settings: Settings, any_database: Database, monkeypatch: Any
) -> None:
    monkeypatch.setattr(retention, "PAGE", 4)

    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        ages = (95, 200)
        for age in ages:
            for _ in range(9):
                full(services, age)
        # Those that began at the very same moment are not passed over at the end of a page.
        first = now() - timedelta(days=205)
        write(services.database, lambda s: s.execute(update(ConversationRow).values(created_at=first)))
        erasures, cleared, really_begin = 0, [], services.database.transaction

        def identifiers() -> int:
            return len(all_of(services, PlaceholderRow, PlaceholderRow.value_sealed != b""))

        @contextmanager
        def counting() -> Iterator[Session]:
            nonlocal erasures
            before = identifiers()
            with really_begin() as session:
                yield session
            now_erased = len(all_of(services, ErasureRow.id))
            assert now_erased - erasures <= 1
            cleared.append(before - identifiers() if now_erased == erasures else 0)
            erasures = now_erased

        monkeypatch.setattr(services.database, "transaction", counting)
        done = await services.retention.run()
        assert done.removed["conversation"] == erasures == 9 and done.removed["identifiers"] == 2 * 18
        assert 0 < max(cleared) <= 2 * 4

    play(settings, any_database, scenario)


def test_one_that_cannot_be_cleared_keeps_no_other(settings: Settings, database: Database, monkeypatch: Any) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        three = [conversation(services, 200) for _ in range(3)]
        damaged = all_of(services, ConversationRow.visitor_id, ConversationRow.id == three[1])[0]
        really_erase = services.eraser.erase

        def erase(session: Session, visitor_id: str, *rest: Any) -> Any:
            if visitor_id == damaged:
                raise Unavailable("Its key is missing.")
            return really_erase(session, visitor_id, *rest)

        monkeypatch.setattr(type(services.eraser), "erase", staticmethod(erase))
        assert (await services.retention.run()).removed["conversation"] == 2
        assert [left(services, one)["erased"] for one in three] == [1, 0, 1]
        monkeypatch.undo()
        assert (await services.retention.run()).removed["conversation"] == 1

    play(settings, database, scenario)


def test_the_log_verifies_after_everybody_was_erased(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        fill(any_database, services.keyring, services.sequencer, 300, days=5, until=now() - timedelta(days=185))
        visitors = all_of(services, VisitorRow.id)
        done = await services.retention.run()
        assert done.removed["conversation"] == len(visitors) > 10 and done.removed["decisions"] > 200
        while (note := write(services.database, services.sequencer.seal)) is not None:
            services.sequencer.keep(note)

    play(settings, any_database, scenario)
    folder = settings.data_dir
    address = any_database.engine.url.render_as_string(hide_password=False)
    key = _verifier_key(settings)
    report = audit(Log(address, folder / KEPT, tuple(read_masters(folder)), key))
    assert report.ok and report.erased > 200, report.as_text()


def _verifier_key(settings: Settings) -> str:
    from bot.offline import make_sequencer

    return make_sequencer(settings).signer.verifier_key


def test_no_query_reads_a_whole_table(settings: Settings, database: Database) -> None:
    """By SQLite's own plan: each table is searched along an index, however many conversations there are."""
    asked: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, sql: str, values: Any, *_rest: Any) -> None:
        asked.append((sql, values))

    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        full(services, 95)
        full(services, 195)
        event.listen(database.engine, "before_cursor_execute", listen)
        await services.retention.due()
        read(services.database, lambda s: begun_before(s, now(), (now(), "con_"), 10))
        read(services.database, lambda s: ages(s, ["vis_1", "vis_2"]))
        event.remove(database.engine, "before_cursor_execute", listen)

    play(settings, database, scenario)
    with database.engine.connect() as connection:
        plans = {
            row[3] for sql, values in asked for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        }
    assert {plan for plan in plans if plan.startswith("SCAN") and "staff_session" not in plan} == set()
    assert any("message_conversation" in plan for plan in plans), plans


def often(services: Services, engine_ready: bool) -> Job:
    """The job as bot/jobs.py has it, a hundred times a second."""
    job = next(job for job in jobs(services, lambda: engine_ready) if job.name == "retain")
    assert 0 < job.first <= 60 and job.every == 3600
    return replace(job, first=0.01, every=0.01)


def test_the_job_runs_shortly_after_the_start_and_again(settings: Settings, database: Database) -> None:

    async def scenario(services: Services, engine: ScriptedEngine) -> None:
        old = conversation(services, 40)
        count = select(func.count()).select_from(RetentionRunRow)
        job = asyncio.create_task(keep_running(often(services, True), services.pubsub))
        async with asyncio.timeout(60):
            while read(services.database, lambda s: s.scalar(count) or 0) < 2:
                await asyncio.sleep(0.01)
        job.cancel()
        assert engine.forgotten == [old]

    play(settings, database, scenario)


def test_the_job_goes_on_after_a_round_that_failed(settings: Settings, database: Database, monkeypatch: Any) -> None:
    rounds: list[bool] = []

    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        async def run(_self: Any, engine_ready: bool) -> None:
            rounds.append(engine_ready)
            raise RuntimeError("something")

        monkeypatch.setattr(retention.Retention, "run", run)
        job = asyncio.create_task(keep_running(often(services, False), services.pubsub))
        async with asyncio.timeout(60):
            while len(rounds) < 2:
                await asyncio.sleep(0.01)
        job.cancel()
        assert rounds[:2] == [False, False]

    play(settings, database, scenario)


def test_a_round_that_finds_nothing_to_clear_writes_its_note_alone(settings: Settings, database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        full(services, 95)
        await services.retention.run(engine_ready=True)
        written: list[str] = []

        def note(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
            if not sql.startswith(("SELECT", "BEGIN")):
                written.append(sql.partition("(")[0].strip())

        event.listen(database.engine, "before_cursor_execute", note)
        await services.retention.run(engine_ready=True)
        event.remove(database.engine, "before_cursor_execute", note)
        assert [sql for sql in written if "retention_run" not in sql and not sql.startswith("DELETE")] == []

    play(settings, database, scenario)
