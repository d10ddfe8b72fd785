"""Erasing a visitor, with every part real but the engine; tests/e2e/test_erasure.py looks into the files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.chat.repository import find_state
from bot.chat.sessions import find, find_by_token, find_or_open
from bot.core.errors import NotFound
from bot.core.settings import Settings
from bot.db import Database
from bot.db.keyring import KeyDestroyed
from bot.db.models import (
    ConsentRow,
    ContestRow,
    ConversationRow,
    CorrectionRow,
    CustomerRow,
    DecisionRow,
    HandoffRow,
    MessageRow,
    OutboxRow,
    PlaceholderRow,
    VisitorRow,
)
from bot.decisions.explain import why
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.desk import conversations
from bot.desk.access import followed
from bot.messaging import follow, read_events
from bot.privacy.erasure.reasons import Reason
from bot.services import Services
from tests.privacy.erasures import (
    PERSONAL,
    a_full_life,
    all_of,
    another_process,
    ask,
    begin,
    erase,
    erasure,
    person,
    play,
    sealed_values,
)
from tests.scripted import ScriptedEngine
from tests.transactions import read, write


def test_no_content_is_left_in_any_table_and_another_visitors_stays(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        (ann, ann_visitor, _), (bob, bob_visitor, _) = begin(services), begin(services)
        for conversation_id in (ann, bob):
            await a_full_life(services, conversation_id)
        before = sealed_values(services)
        assert all(len(values) >= 2 for values in before.values() if values), before
        assert [name for name, values in before.items() if not values] == ["contest.answer_sealed"]

        erase(services, ann_visitor)

        for name, values in sealed_values(services).items():
            assert len(values) < len(before[name]) or not before[name], name
        erase(services, bob_visitor)
        left = {name: values for name, values in sealed_values(services).items() if values}
        assert set(left) == {"decision_payload.payload_sealed"}
        kept = [row.kind for row in all_of(services, DecisionRow) if _opens(services, row)]
        assert kept == [Kind.ERASURE, Kind.ERASURE]

    play(settings, any_database, scenario)


def content(services: Services, row: DecisionRow) -> dict[str, Any] | None:
    return read(services.database, lambda s: services.recorder.read_record(s, row))


def _opens(services: Services, row: DecisionRow) -> bool:
    return content(services, row) is not None


def test_the_other_visitors_content_can_still_be_read(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        (ann, ann_visitor, _), (bob, _, token) = begin(services), begin(services)
        await a_full_life(services, ann)
        await a_full_life(services, bob)
        before = read(services.database, lambda s: read_events(s, services.keyring, bob, 0))
        erase(services, ann_visitor)
        await services.external_stores.sweep(True)
        after = read(services.database, lambda s: read_events(s, services.keyring, bob, 0))
        assert after[: len(before)] == before and any(PERSONAL in str(event.data) for event in after)
        assert read(services.database, lambda s: find_by_token(s, services.keyring, bob, token)).id == bob
        assert read(services.database, lambda s: services.placeholders.resolve(s, bob, "[ORDER_1]")) == "FH-204817"

    play(settings, any_database, scenario)


def test_what_leads_to_the_visitor_is_gone_and_proof_of_consent_stays(
    settings: Settings, any_database: Database
) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        ann, visitor, _ = begin(services)
        await a_full_life(services, ann)
        erase(services, visitor)
        row, conversation = all_of(services, VisitorRow)[0], all_of(services, ConversationRow)[0]
        assert (row.customer_id, row.identity_sealed) == (None, None)
        assert [customer.hash for customer in all_of(services, CustomerRow)] == [None]
        assert (conversation.token_hash, conversation.external_hash, conversation.signed_in) == (None, None, False)
        assert all(message.client_message_id is None for message in all_of(services, MessageRow))
        placeholders, (contest,) = all_of(services, PlaceholderRow), all_of(services, ContestRow)
        assert {(row.value_sealed, row.value_hash) for row in placeholders} == {(b"", "")}
        assert (contest.reason_sealed, contest.contact_sealed) == (None, None)
        assert [(c.state, c.text, c.text_sealed) for c in all_of(services, CorrectionRow)] == [("refused", None, None)]
        assert [(c.state, c.purpose) for c in all_of(services, ConsentRow)] == [("ConsentGiven", "order_history")]

    play(settings, any_database, scenario)


def test_a_customer_is_known_until_their_last_visitor_is_erased(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        (ann, phone, _), (also_ann, laptop, _) = begin(services), begin(services)
        for conversation_id in (ann, also_ann):
            await a_full_life(services, conversation_id)
        (customer,) = all_of(services, CustomerRow)
        erase(services, phone)
        assert [row.hash for row in all_of(services, CustomerRow)] == [customer.hash] != [None]
        erase(services, laptop)
        assert [row.hash for row in all_of(services, CustomerRow)] == [None]

    play(settings, any_database, scenario)


def test_a_decided_contest_keeps_its_outcome_and_loses_its_words(settings: Settings, database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        ann, visitor, _ = begin(services)
        await a_full_life(services, ann)

        def decide(session: Session) -> None:
            row = session.scalars(select(ContestRow)).one()
            row.state, row.answer_sealed = (
                "upheld",
                services.keyring.seal(session, visitor, "answer", "It stands, Ann."),
            )

        write(services.database, decide)
        erase(services, visitor)
        (row,) = all_of(services, ContestRow)
        assert (row.state, row.reason_sealed, row.contact_sealed, row.answer_sealed) == ("upheld", None, None, None)

    play(settings, database, scenario)


def test_the_record_says_that_when_and_why_and_the_log_grows_on(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        ann, visitor, _ = begin(services)
        await ask(services, ann, PERSONAL)
        write(services.database, services.sequencer.seal)
        headers = {row.id: (row.commitment, row.outcome, row.leaf_index) for row in all_of(services, DecisionRow)}
        row = erase(services, visitor, Reason.RETENTION)
        write(services.database, services.sequencer.seal)
        (record,) = all_of(services, DecisionRow, DecisionRow.kind == Kind.ERASURE)
        assert record.id == row.record_id and record.visitor_id == visitor and record.conversation_id == ""
        assert record.outcome == "erased:retention" and record.leaf_index is not None
        found = content(services, record)
        assert found is not None
        assert found["input"] == {"visitor_id": visitor, "reason": "retention", "by": "olga"}
        now_standing = {r.id: (r.commitment, r.outcome, r.leaf_index) for r in all_of(services, DecisionRow)}
        assert headers.items() <= now_standing.items()

    play(settings, any_database, scenario)


def test_erasing_twice_is_one_erasure(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        ann, visitor, _ = begin(services)
        await ask(services, ann, PERSONAL)
        first = erase(services, visitor)
        again = erase(services, visitor, Reason.OPERATOR)
        assert (again.id, again.reason, again.receipt) == (first.id, "visitor_request", first.receipt)
        assert len(all_of(services, DecisionRow, DecisionRow.kind == Kind.ERASURE)) == 1

    play(settings, any_database, scenario)


def test_nobody_else_can_be_erased_least_of_all_the_operator(settings: Settings, database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        write(
            services.database,
            lambda s: services.recorder.record(s, Decision(Kind.STOP, "", "", None, "stopped", outlives_erasure=True)),
        )
        for nobody in ("operator", "", "vis_unknown"):
            with pytest.raises(NotFound):
                erase(services, nobody)
        assert [_opens(services, row) for row in all_of(services, DecisionRow)] == [True]

    play(settings, database, scenario)


@pytest.mark.parametrize(("before", "after"), [("queued", "withdrawn"), ("accepted", "closed"), ("expired", "closed")])
def test_what_is_open_at_the_desk_ends_on_record(
    settings: Settings, any_database: Database, before: str, after: str
) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        (ann, visitor, _), (bob, _, _), mina = begin(services), begin(services), person(services)
        handoffs = services.handoffs

        def prepare(session: Session) -> None:
            row = handoffs.request(session, session.get_one(ConversationRow, ann), "button", "Asked for a human")
            if before == "accepted":
                handoffs.claim(session, row.id, mina)
            if before == "expired":
                handoffs.expire_due(session, row.expires_at)
            handoffs.request(session, session.get_one(ConversationRow, bob), "button", "Asked for a human")

        write(services.database, prepare)
        erase(services, visitor)
        (row,) = all_of(services, HandoffRow, HandoffRow.conversation_id == ann)
        assert row.state == after and row.ended_at is not None and row.contact_sealed is None
        assert read(services.database, lambda s: s.get_one(ConversationRow, ann)).owner == "assistant"
        outcomes = [row.outcome for row in all_of(services, DecisionRow, DecisionRow.conversation_id == ann)]
        assert outcomes[-1] == f"handoff:{after}"

        queue = read(services.database, lambda s: services.queue_view.queue(s, mina))
        assert [entry.row.conversation_id for entry in (*queue.waiting, *queue.mine, *queue.others)] == [bob]
        waiting = read(
            services.database,
            lambda s: handoffs.as_event(s, handoffs.current(s, s.get_one(ConversationRow, bob))),
        )
        assert waiting["position"] == 1
        with pytest.raises(NotFound, match="erased" if before != "expired" else "is not waiting"):
            read(services.database, lambda s: followed(s, mina, ann))
        if before != "expired":
            with services.database.snapshot() as session:
                view = conversations.view(session, services.keyring, services.queue_view, mina, ann)
            assert view.messages == [] and (view.entry.last_message, view.entry.contact) == (None, None)

    play(settings, any_database, scenario)


def test_the_token_opens_nothing_and_says_so_kindly(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        ann, visitor, token = begin(services)
        erase(services, visitor)
        with pytest.raises(KeyDestroyed, match="has been erased. You can start a new one") as told:
            read(services.database, lambda s: find_by_token(s, services.keyring, ann, token))
        assert (told.value.status, told.value.code) == (410, "erased")
        with pytest.raises(NotFound):
            read(services.database, lambda s: find_by_token(s, services.keyring, "con_unknown", token))

    play(settings, any_database, scenario)


def test_a_rasa_client_begins_anew_under_the_same_sender(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        def enter(session: Session) -> ConversationRow:
            return find_or_open(session, services.keyring, "rest", "+44 20 7946 0018", "en")

        first = write(services.database, enter)
        erase(services, first.visitor_id)
        assert read(services.database, lambda s: find(s, services.keyring, "rest", "+44 20 7946 0018")) is None
        second = write(services.database, enter)
        assert second.id != first.id and second.visitor_id != first.visitor_id

    play(settings, any_database, scenario)


@pytest.mark.parametrize("by", ["this process", "another process"])
def test_a_stream_that_is_open_ends(settings: Settings, any_database: Database, by: str) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        ann, visitor, _ = begin(services)
        await ask(services, ann, PERSONAL)
        seen: list[object] = []

        async def watch() -> None:
            async for batch in follow(services.database, services.keyring, services.pubsub, ann, 0):
                seen.extend(batch)

        watching = asyncio.create_task(watch())
        while not seen:
            await asyncio.sleep(0.01)
        if by == "this process":
            erase(services, visitor)
        else:
            with another_process(settings, any_database) as other:
                erase(other, visitor)
            await asyncio.sleep(0.1)
            assert not watching.done()
            await services.external_stores.sweep(True)
        await asyncio.wait_for(watching, 60)

        async for batch in follow(services.database, services.keyring, services.pubsub, ann, 0):
            raise AssertionError(f"replayed {batch}")

    play(settings, any_database, scenario)


@pytest.mark.parametrize("by", ["this process", "another process"])
def test_a_turn_under_way_ends_quietly_and_on_record(settings: Settings, any_database: Database, by: str) -> None:
    async def scenario(services: Services, engine: ScriptedEngine) -> None:
        ann, visitor, _ = begin(services)
        engine.hold = asyncio.Event()
        accepted = await services.turns.accept(ann, PERSONAL, None)
        while not engine.heard:
            await asyncio.sleep(0.01)
        if by == "this process":
            erase(services, visitor)
        else:
            with another_process(settings, any_database) as other:
                erase(other, visitor)
        await services.external_stores.sweep(True)
        assert erasure(services, visitor).done_at is None and engine.forgotten == []
        engine.hold.set()
        await services.turns.finished(accepted.message_id)

        await services.external_stores.sweep(True)
        assert erasure(services, visitor).done_at is not None and engine.forgotten == [ann]
        assert await services.turns.resume() == 0
        assert [(m.author, m.turn, m.body_sealed) for m in all_of(services, MessageRow)] == [("visitor", "done", b"")]
        ends = all_of(services, DecisionRow, DecisionRow.turn_id == accepted.message_id)
        assert [(row.kind, row.outcome) for row in ends] == [(Kind.FAILURE, "erased")]
        assert [(row.kind, row.data_sealed) for row in all_of(services, OutboxRow)] == [
            ("message", b""),
            ("erased", b""),
        ]

    play(settings, any_database, scenario)


def test_what_a_gateway_wrote_before_it_noticed_is_removed_too(settings: Settings, any_database: Database) -> None:
    """It still has the key in memory: for the blink until it notices, what it writes can be sealed with it."""

    async def scenario(services: Services, engine: ScriptedEngine) -> None:
        ann, visitor, _ = begin(services)
        await ask(services, ann, "refund")
        with another_process(settings, any_database) as other:
            erase(other, visitor)
        engine.hold = asyncio.Event()
        with capture_logs() as logged:
            accepted = await services.turns.accept(ann, PERSONAL, "ann.lee")
            await services.external_stores.sweep(True)
            engine.hold.set()
            await services.turns.finished(accepted.message_id)
        turns = [(entry["event"], entry["log_level"]) for entry in logged if entry["event"].startswith("turn:")]
        assert turns == [("turn:erased", "info")]
        await services.external_stores.sweep(True)
        row = erasure(services, visitor)
        assert row.done_at is not None and row.receipt["database"]["messages"] >= 3
        assert {name for name, values in sealed_values(services).items() if values} == {
            "decision_payload.payload_sealed"
        }
        assert all(m.turn in (None, "done") and m.client_message_id is None for m in all_of(services, MessageRow))
        with pytest.raises(KeyDestroyed):
            await services.turns.accept(ann, "again", None)

    play(settings, any_database, scenario)


def test_messages_that_wait_for_an_engine_are_not_taken_up_again(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine) -> None:
        ann, visitor, _ = begin(services)
        with another_process(settings, any_database) as crashed:
            with crashed.database.transaction() as session:
                state = find_state(session, ann, None)
                stored, _ = crashed.turns.inbox.store(session, state, PERSONAL, None)
        erase(services, visitor)
        assert await services.turns.resume() == 0 and engine.heard == []
        assert erasure(services, visitor).receipt["database"]["open_turns"] == 1
        ends = all_of(services, DecisionRow, DecisionRow.turn_id == stored.message_id)
        assert [(row.outcome, _opens(services, row)) for row in ends] == [("erased", True)]

    play(settings, any_database, scenario)


def test_an_erasure_is_done_once_the_engine_could_be_asked(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine) -> None:
        ann, visitor, _ = begin(services)
        await ask(services, ann, PERSONAL)
        erase(services, visitor)
        engine.down = True
        for ready in (False, True):
            await services.external_stores.sweep(ready)
            row = erasure(services, visitor)
            assert row.done_at is None and set(row.receipt) == {"database"}
        engine.down = False
        await services.external_stores.sweep(True)
        row = erasure(services, visitor)
        assert row.done_at is not None and engine.forgotten == [ann]
        assert row.receipt["engine"] == {"conversations": 1} and row.receipt["files"] == "purged"
        assert row.receipt["database"]["key"] == "destroyed" and row.receipt["database"]["messages"] == 2
        await services.external_stores.sweep(True)
        assert engine.forgotten == [ann]

    play(settings, any_database, scenario)


def test_an_erasure_is_not_done_while_somebody_reads_the_write_ahead_log(
    settings: Settings, database: Database
) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        ann, visitor, _ = begin(services)
        await ask(services, ann, PERSONAL)
        log = settings.data_dir / "test.db-wal"
        with database.snapshot() as reader:
            reader.execute(text("SELECT count(*) FROM message")).all()
            erase(services, visitor)
            await services.external_stores.sweep(True)
            assert erasure(services, visitor).done_at is None and log.stat().st_size > 0
        await services.external_stores.sweep(True)
        assert erasure(services, visitor).done_at is not None

    play(settings, database, scenario)


def test_postgresql_keeps_no_key_in_the_table_of_keys(settings: Settings, postgres: Callable[[], str]) -> None:
    database = Database(postgres())

    def stored() -> bytes:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("CHECKPOINT")
            query = "SELECT pg_read_binary_file(pg_relation_filepath('visitor_key'))"
            return bytes(connection.exec_driver_sql(query).scalar_one())

    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        ann, visitor, _ = begin(services)
        await ask(services, ann, PERSONAL)
        query = "SELECT wrapped FROM visitor_key WHERE visitor_id = %s"
        with database.engine.connect() as connection:
            wrapped = bytes(connection.exec_driver_sql(query, (visitor,)).scalar_one())
        assert wrapped in stored()
        erase(services, visitor)
        assert wrapped in stored()  # until the table is written anew
        await services.external_stores.sweep(True)
        assert erasure(services, visitor).done_at is not None and wrapped not in stored()

    try:
        play(settings, database, scenario)
    finally:
        database.close()


def test_postgresql_waits_for_nobody_who_uses_the_keys(postgres: Callable[[], str]) -> None:
    database = Database(postgres())
    with database.engine.begin() as busy:
        busy.exec_driver_sql("SELECT * FROM visitor_key")
        assert database.purge_now() is False
    assert database.purge_now() is True
    database.close()


def test_why_is_answered_with_that_it_was_erased(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine) -> None:
        ann, visitor, _ = begin(services)
        await ask(services, ann, PERSONAL)
        erase(services, visitor)
        text, _ = read(services.database, lambda s: why(s, services.recorder, ann, None, "en"))
        assert "has been erased" in text

    play(settings, any_database, scenario)
