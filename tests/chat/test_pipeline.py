"""The six steps over a real database, with a scripted engine. The whole with the real engine is in tests/e2e."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.core.errors import Conflict
from bot.core.ids import now
from bot.core.messages import Author, Button
from bot.core.settings import Settings
from bot.db import Database
from bot.db.models import ConversationRow, MessageRow
from bot.decisions import timing
from bot.decisions.models import Decision
from bot.messaging import Undisclosed
from bot.services import Services
from tests import transactions
from tests.playing import ask, decisions, disclosed_conversation, events, hand_over, outcomes, play, records, said
from tests.scripted import ScriptedEngine


def test_a_message_is_answered_and_every_decision_of_its_turn_recorded(
    settings: Settings, any_database: Database
) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        turn_id = await ask(services, conversation_id, "what is your refund policy")
        authors = [author for author, _ in await said(services, conversation_id)]
        assert authors == [Author.VISITOR, Author.ASSISTANT]
        assert [row.kind for row in await decisions(services, turn_id)] == ["understanding", "action", "answer"]

    play(settings, any_database, scenario)


def test_what_was_not_understood_is_recorded_as_a_fallback(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        turn_id = await ask(services, conversation_id, "qwertz")
        assert "fallback" in [row.kind for row in await decisions(services, turn_id)]

    play(settings, any_database, scenario)


def test_a_message_that_cannot_be_routed_is_kept_and_the_bug_logged_without_its_text(
    settings: Settings, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Falls when `_accept` no longer stores an unrouted message alone, or logs no trace of what went wrong."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        def broken(*_: object, **__: object) -> None:
            raise TypeError("my secret question")

        with monkeypatch.context() as patched, capture_logs() as logs:
            patched.setattr("bot.chat.steps.route.plainly", broken)
            await ask(services, conversation_id, "my secret question")
        authors = [author for author, _ in await said(services, conversation_id)]
        assert authors == [Author.VISITOR, Author.SYSTEM], "it is kept, and its turn ends in an apology"
        failed = next(line for line in logs if line["event"] == "turn:route:failed")
        assert failed["error"] == "TypeError" and failed["trace"][-1].endswith("broken")
        assert "secret" not in str(logs)

    play(settings, any_database, scenario)


def test_no_message_is_accepted_before_the_disclosure(settings: Settings, any_database: Database) -> None:
    """Rule D1. Falls when the check of `disclosed_version` in Inbox.store goes."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        with pytest.raises(Conflict):
            await ask(services, conversation_id, "hello")
        assert await events(services, conversation_id) == []
        assert engine.heard == []

    play(settings, any_database, scenario, disclose=False)


def test_the_assistant_cannot_speak_before_the_disclosure_whoever_asks(
    settings: Settings, any_database: Database
) -> None:
    """Rule D1. Falls when the check of `disclosed_version` in Outbox.add goes."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        def work(session: Session) -> None:
            conversation = session.get_one(ConversationRow, conversation_id)
            services.outbox.say(session, conversation, Author.ASSISTANT, "Hello")

        with pytest.raises(Undisclosed):
            transactions.write(services.database, work)

    play(settings, any_database, scenario, disclose=False)


def test_nothing_is_said_when_the_record_cannot_be_written(
    settings: Settings, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule L1. Falls when `self.recorder.record_all` in Answerer.answer goes, or moves behind the outbox's commit."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        def broken(_session: Session, _decisions: list[Decision]) -> list[str]:
            raise OperationalError("insert", {}, Exception("disk full"))

        with monkeypatch.context() as patch:
            patch.setattr(services.recorder, "record_all", broken)
            with services.pubsub.subscribe(f"conversation:{conversation_id}") as subscription:
                turn_id = await ask(services, conversation_id, "refund?")
                told = dict(subscription.clear())["unavailable"]
                assert told["message_id"] == turn_id and "cannot answer now" in told["message"]
        assert [author for author, _ in await said(services, conversation_id)] == [Author.VISITOR]

        # Once records can be written again, the open turn is taken up and answered, once.
        assert await services.turns.resume() == 1
        await services.turns.finished(turn_id)
        assert [author for author, _ in await said(services, conversation_id)] == [Author.VISITOR, Author.ASSISTANT]
        assert await services.turns.resume() == 0

    play(settings, any_database, scenario)


def test_the_engine_never_hears_an_identifier(settings: Settings, any_database: Database) -> None:
    """Rule P1. Falls when `masking.mask` in Router.open goes."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        await ask(services, conversation_id, "refund for FH-204817, mail me at ada@example.org")
        assert engine.heard and all("204817" not in text and "ada@example.org" not in text for text in engine.handed)
        _, answer = (await said(services, conversation_id))[1]
        assert "ada@example.org" in answer, "the visitor's own words come back to the visitor"

    play(settings, any_database, scenario)


def test_a_resend_is_not_answered_twice(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        first = await ask(services, conversation_id, "refund?", "same-id")
        second = await ask(services, conversation_id, "refund?", "same-id")
        assert first == second
        assert len(await said(services, conversation_id)) == 2

    play(settings, any_database, scenario)


def test_a_turn_that_was_taken_is_not_taken_again(settings: Settings, any_database: Database) -> None:
    """Two sweeps may find the same open message; whoever comes second leaves it at that."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        turn_id = await ask(services, conversation_id, "refund?")
        raw = transactions.read(
            services.database, lambda s: services.turns.inbox.load(s, s.get_one(MessageRow, turn_id))
        )
        await services.turns._turn(raw)
        assert [author for author, _ in await said(services, conversation_id)] == [Author.VISITOR, Author.ASSISTANT]
        assert len(await decisions(services, turn_id)) == 3

    play(settings, any_database, scenario)


def test_turns_of_one_conversation_are_taken_in_order(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        accepted = [await services.turns.accept(conversation_id, f"refund {n}", None) for n in range(12)]
        for one in accepted:
            await services.turns.finished(one.message_id)
        assert [m.message_id for m in engine.heard] == [one.message_id for one in accepted]

    play(settings, any_database, scenario)


def test_one_busy_conversation_does_not_hold_up_another(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        other = transactions.write(any_database, lambda s: disclosed_conversation(s, settings))
        engine.hold = asyncio.Event()
        busy = await services.turns.accept(conversation_id, "refund", None)
        while not engine.heard:
            await asyncio.sleep(0)
        engine.hold, held = None, engine.hold
        await ask(services, other, "refund")
        assert busy.message_id in services.turns.queue
        held.set()
        await services.turns.finished(busy.message_id)

    play(settings, any_database, scenario)


def test_an_engine_that_is_down_gets_an_honest_message_with_the_way_to_a_human(
    settings: Settings, any_database: Database
) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        engine.down = True
        turn_id = await ask(services, conversation_id, "refund?")
        last = (await events(services, conversation_id))[-1].data
        assert last["author"] == Author.SYSTEM
        assert last["buttons"] == [{"title": "Talk to a human", "payload": "/request_human"}]
        assert [(row.kind, row.outcome) for row in await decisions(services, turn_id)] == [("failure", "engine_down")]

    play(settings, any_database, scenario)


def test_the_button_for_a_human_works_while_the_engine_is_down(settings: Settings, any_database: Database) -> None:
    """Rule H1. Falls when `plainly` in Router.open goes: then only the engine could hear it."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        engine.down = True
        await ask(services, conversation_id, "/request_human")
        handoff = transactions.read(
            services.database, lambda s: services.handoffs.current(s, s.get_one(ConversationRow, conversation_id))
        )
        assert handoff is not None and handoff.state == "queued"

    play(settings, any_database, scenario)


def test_the_engine_is_not_asked_while_a_human_owns_the_conversation(
    settings: Settings, any_database: Database
) -> None:
    """Rule H1. Falls when the check of `conversation.owner` in Router._route or in Router._question goes."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        transactions.write(any_database, lambda s: hand_over(s, conversation_id))
        await ask(services, conversation_id, "refund?")
        assert engine.heard == []
        assert [author for author, _ in await said(services, conversation_id)] == [Author.VISITOR]

    play(settings, any_database, scenario)


def test_an_answer_stays_unsaid_when_a_human_took_over_meanwhile(settings: Settings, any_database: Database) -> None:
    """Rule H1. Falls when the check of `conversation.owner` in Answerer.answer goes."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        engine.hold = asyncio.Event()
        accepted = await services.turns.accept(conversation_id, "refund?", None)
        while not engine.heard:
            await asyncio.sleep(0.01)
        transactions.write(any_database, lambda s: hand_over(s, conversation_id))
        engine.hold.set()
        await services.turns.finished(accepted.message_id)
        assert [author for author, _ in await said(services, conversation_id)] == [Author.VISITOR]

    play(settings, any_database, scenario)


def test_a_pressed_button_is_shown_by_its_title(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        engine.down = True
        await ask(services, conversation_id, "refund?")
        engine.down = False
        await ask(services, conversation_id, "/request_human")
        visitors = [text for author, text in await said(services, conversation_id) if author == Author.VISITOR]
        assert visitors == ["refund?", "Talk to a human"]

    play(settings, any_database, scenario)


def test_a_consent_button_is_shown_by_its_title_for_however_long_the_visitor_allows(
    settings: Settings, any_database: Database
) -> None:
    """Falls when `HOW_LONG` is no longer left out in Inbox._title."""
    offered = '/allow_consent{"purpose": "order_history", "scope": "conversation"}'

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        def offer(session: Session) -> None:
            conversation = session.get_one(ConversationRow, conversation_id)
            services.outbox.say(session, conversation, Author.ASSISTANT, "May I?", buttons=[Button("Allow", offered)])

        transactions.write(services.database, offer)
        await ask(services, conversation_id, offered.replace("conversation", "once"))
        await ask(services, conversation_id, offered.replace("order_history", "account_details"))
        visitors = [text for author, text in await said(services, conversation_id) if author == Author.VISITOR]
        assert visitors[0] == "Allow" and visitors[1].startswith("/"), "another purpose is another button"

    play(settings, any_database, scenario)


def test_a_slip_of_ours_ends_the_turn_with_an_honest_message(
    settings: Settings, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        async def broken(*_: object) -> None:
            raise ZeroDivisionError

        with monkeypatch.context() as patch:
            patch.setattr(engine, "listen", broken)
            turn_id = await ask(services, conversation_id, "refund?")
        assert [(row.kind, row.outcome) for row in await decisions(services, turn_id)] == [
            ("failure", "internal_error")
        ]
        row = transactions.read(services.database, lambda s: s.get_one(MessageRow, turn_id))
        assert row.turn == "done", "it is not tried for ever"

    play(settings, any_database, scenario)


def test_a_withdrawn_consent_clears_its_slots_with_the_next_turn(settings: Settings, any_database: Database) -> None:
    """Rule C2. Falls when `self.consents.clear_revoked` in Router._slots goes."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        await ask(services, conversation_id, "refund?")
        assert engine.slots[0]["order_reference"] is None
        assert engine.slots[0]["language"] == "en"

    play(settings, any_database, scenario)


def test_a_message_for_a_human_has_its_route_on_record(settings: Settings, any_database: Database) -> None:
    """Every turn has an end on record. Falls when the call of `at_desk` in Router._question goes."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        transactions.write(any_database, lambda s: hand_over(s, conversation_id))
        turn_id = await ask(services, conversation_id, "my shoe is broken")
        assert await outcomes(services, turn_id) == [("route", "desk")]
        (record,) = await records(services, turn_id)
        assert "shoe" not in str(record), "what is said to a person is no decision"

    play(settings, any_database, scenario)


def test_what_the_gateway_serves_itself_has_its_route_on_record(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        first = await ask(services, conversation_id, "/request_human")
        asked = [("handoff", "handoff:queued"), ("request", "human:human_asked"), ("route", "gateway")]
        assert await outcomes(services, first) == asked
        again = await ask(services, conversation_id, "/request_human")
        waiting = [("request", "human:waiting_already"), ("answer", "human_asked_already"), ("route", "gateway")]
        assert await outcomes(services, again) == waiting
        assert engine.handed == []

    play(settings, any_database, scenario)


def test_the_records_of_a_turn_tell_how_long_its_steps_took(
    settings: Settings, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that goes on by a second when it is read, and by an hour while the engine thinks.

    Falls when a `timer.step` of a step goes.
    """
    began, passed = now(), [0.0]

    def tick() -> float:
        passed[0] += 1
        return passed[0]

    monkeypatch.setattr(timing, "time", SimpleNamespace(perf_counter=tick))
    monkeypatch.setattr(timing, "now", lambda: began + timedelta(seconds=passed[0]))

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        engine.hold = asyncio.Event()
        first = await services.turns.accept(conversation_id, "refund", None)
        second = await services.turns.accept(conversation_id, "refund", None)
        while not engine.heard:
            await asyncio.sleep(0.001)
        passed[0] += 3600
        engine.hold.set()
        await services.turns.finished(second.message_id)

        held = [record["timing"] for record in await records(services, first.message_id)]
        assert all(timing == held[0] for timing in held), "one turn, one timing"
        assert sorted(held[0], key=lambda step: held[0][step][0]) == ["wait", "mask", "think"]
        assert held[0]["think"][1] >= 3_600_000 > 60_000 > held[0]["mask"][1]
        waited = (await records(services, second.message_id))[0]["timing"]
        assert waited["wait"][0] == 0 and waited["wait"][1] > 1_800_000, "it waited for the turn before it"
        assert waited["mask"][0] >= waited["wait"][1]

    play(settings, any_database, scenario)


def test_an_answer_names_the_messages_it_was_said_in(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        turn_id = await ask(services, conversation_id, "refund?")
        shown = [event.data["id"] for event in await events(services, conversation_id)][1:]
        answer = (await records(services, turn_id))[-1]
        assert answer["kind"] == "answer" and answer["result"]["message_ids"] == shown

    play(settings, any_database, scenario)


def test_an_answer_that_stays_unsaid_names_no_message(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        engine.hold = asyncio.Event()
        accepted = await services.turns.accept(conversation_id, "refund?", None)
        while not engine.heard:
            await asyncio.sleep(0.01)
        transactions.write(any_database, lambda s: hand_over(s, conversation_id))
        engine.hold.set()
        await services.turns.finished(accepted.message_id)
        assert (await records(services, accepted.message_id))[-1]["result"]["message_ids"] == []

    play(settings, any_database, scenario)
