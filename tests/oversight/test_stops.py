"""Stopping the assistant, wholly or for a topic, over a real database with a scripted engine."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.consent import Choice, status_of
from bot.core.errors import BadRequest, Conflict, NotFound
from bot.core.messages import Author
from bot.core.settings import Settings
from bot.db import Database
from bot.db.models import ConversationRow, DecisionPayloadRow, DecisionRow, HandoffRow, StopRow
from bot.decisions.kinds import Kind
from bot.oversight import stops
from bot.oversight.rasa_project import ALWAYS_ON
from bot.policies import purpose_named
from bot.services import Services, build
from tests.parts import make_parts
from tests.playing import ask, colleague, disclosed_conversation, events, hand_over, outcomes, play, records, said
from tests.scripted import ScriptedEngine

OFF = "The AI assistant of Fern & Hale has been switched off for now, so a person will answer you instead."
OFF_HERE = "The AI assistant does not answer questions of this kind for now, so a person will answer you instead."


async def stop(services: Services, topic: str | None = None) -> str:
    """Olga stops the assistant; the stop's id."""
    olga = await colleague(services, "Olga", "operator")
    with services.database.transaction() as session:
        row, _ = services.stops.start(session, olga, topic, "It tells nonsense.")
    return row.id


async def resume(services: Services, stop_id: str) -> None:
    olga = await colleague(services, "Otto", "operator")
    with services.database.transaction() as session:
        services.stops.end(session, olga, stop_id)


async def heard_by_visitor(services: Services, conversation_id: str) -> list[str]:
    return [words for author, words in await said(services, conversation_id) if author != Author.VISITOR]


async def handoff(services: Services, conversation_id: str) -> HandoffRow | None:
    with services.database.snapshot() as session:
        return services.handoffs.current(session, session.get_one(ConversationRow, conversation_id))


def test_while_the_assistant_is_stopped_a_person_is_asked_and_the_engine_is_not(
    settings: Settings, any_database: Database
) -> None:
    """Falls when `stops.wholly` in Router._route goes. The engine may listen for requests; it takes no turn."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        engine.down = True  # it is not even needed
        await stop(services)
        turn_id = await ask(services, conversation_id, "what is your refund policy")
        first, second = await heard_by_visitor(services, conversation_id)
        assert first == OFF and second.startswith("We have asked a person to join you.")
        assert "goes on answering" not in second
        waiting = await handoff(services, conversation_id)
        assert waiting is not None and (waiting.state, waiting.trigger) == ("queued", "assistant")
        assert waiting.reason == "The assistant is stopped"
        assert engine.heard == []
        assert await outcomes(services, turn_id) == [("route", "stopped"), ("handoff", "handoff:queued")]
        (route, _) = await records(services, turn_id)
        assert route["timing"]["wait"][1] >= 0 and "refund" not in str(route)

    play(settings, any_database, scenario)


def test_the_sentence_is_said_once_and_further_messages_wait_at_the_desk(
    settings: Settings, any_database: Database
) -> None:
    """Falls when `has_answered` always says no."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        await stop(services)
        await ask(services, conversation_id, "refund?")
        before = await heard_by_visitor(services, conversation_id)
        with services.pubsub.subscribe("queue") as subscription:
            subscription.clear()
            second = await ask(services, conversation_id, "hello?")
            assert await subscription.changed(5), "the desk's list shows the new message"
        assert await heard_by_visitor(services, conversation_id) == before
        assert await outcomes(services, second) == [("route", "stopped")], "one turn, counted once in the charts"
        assert engine.heard == []

    play(settings, any_database, scenario)


def test_who_no_longer_waits_is_not_put_back_into_the_queue(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        await stop(services)
        await ask(services, conversation_id, "refund?")
        with services.database.transaction() as session:
            services.handoffs.withdraw(session, session.get_one(ConversationRow, conversation_id))
        assert "goes on answering" not in (await heard_by_visitor(services, conversation_id))[-1]
        await ask(services, conversation_id, "refund??")
        last = (await events(services, conversation_id))[-1].data
        assert last["text"].startswith("The AI assistant is still switched off.")
        assert [button["payload"] for button in last["buttons"]] == ["/request_human"]
        left = await handoff(services, conversation_id)
        assert left is not None and left.state == "withdrawn"

    play(settings, any_database, scenario)


def test_when_the_stop_ends_the_assistant_answers_again_and_a_new_stop_is_told_anew(
    settings: Settings, any_database: Database
) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        stop_id = await stop(services)
        await ask(services, conversation_id, "refund?")
        await resume(services, stop_id)
        await ask(services, conversation_id, "refund?")
        assert (await said(services, conversation_id))[-1] == (Author.ASSISTANT, "About refund_policy: refund?")
        olga = await colleague(services, "Olga", "operator")
        with services.database.transaction() as session:
            services.stops.start(session, olga, None, "Again.")
        await ask(services, conversation_id, "refund?")
        assert (await heard_by_visitor(services, conversation_id)).count(OFF) == 2

    play(settings, any_database, scenario)


def test_a_stop_holds_in_every_process_from_the_next_message_on(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        other = build(settings, any_database, ScriptedEngine())
        stop_id = await stop(other)
        await ask(services, conversation_id, "refund?")
        assert engine.heard == []
        await resume(other, stop_id)
        await ask(services, conversation_id, "refund?")
        assert len(engine.heard) == 1

    play(settings, any_database, scenario)


def test_a_stopped_topic_reaches_no_rule_while_others_are_answered(settings: Settings, any_database: Database) -> None:
    """Falls when `Stops.covering` in Router._question goes."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        await stop(services, "returns")
        turn_id = await ask(services, conversation_id, "refund for FH-204817?")
        assert (await heard_by_visitor(services, conversation_id))[0] == OFF_HERE
        assert engine.heard == []
        assert await outcomes(services, turn_id) == [
            ("understanding", "refund_policy"),
            ("route", "stopped:returns"),
            ("handoff", "handoff:queued"),
        ]
        understood = (await records(services, turn_id))[0]
        assert understood["input"] == {"text": "refund for [ORDER_1]?", "source": "classifier"}
        assert (understood["confidence"], understood["threshold"]) == (0.9, 0.4)
        assert "understand" in understood["timing"]
        waiting = await handoff(services, conversation_id)
        assert waiting is not None and waiting.reason == "The assistant is stopped for: Returns"

        await ask(services, conversation_id, "are you a robot?")
        assert (await said(services, conversation_id))[-1][0] == Author.ASSISTANT

    play(settings, any_database, scenario)


def test_a_button_of_a_stopped_topic_is_stopped_too(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        await stop(services, "orders")
        turn_id = await ask(services, conversation_id, "/order_status")
        assert engine.heard == []
        assert ("route", "stopped:orders") in await outcomes(services, turn_id)
        assert (await records(services, turn_id))[0]["input"]["source"] == "payload"

    play(settings, any_database, scenario)


@pytest.mark.parametrize("topic", [None, "returns"])
def test_an_answer_under_way_stays_unsaid_when_the_stop_lands(
    settings: Settings, any_database: Database, topic: str | None
) -> None:
    """Falls when `Stops.covering` in Answerer.answer goes."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        engine.hold = asyncio.Event()
        accepted = await services.turns.accept(conversation_id, "refund?", None)
        while not engine.heard:
            await asyncio.sleep(0.01)
        await stop(services, topic)
        engine.hold.set()
        await services.turns.finished(accepted.message_id)
        assert (await heard_by_visitor(services, conversation_id))[0] == (OFF_HERE if topic else OFF)
        assert Author.ASSISTANT not in [author for author, _ in await said(services, conversation_id)]
        kinds = [kind for kind, _ in await outcomes(services, accepted.message_id)]
        assert kinds == ["understanding", "action", "answer", "route", "handoff"]
        answer = (await records(services, accepted.message_id))[2]
        assert answer["result"]["message_ids"] == []

    play(settings, any_database, scenario)


def test_an_answer_under_way_about_something_else_is_said(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        engine.hold = asyncio.Event()
        accepted = await services.turns.accept(conversation_id, "refund?", None)
        while not engine.heard:
            await asyncio.sleep(0.01)
        await stop(services, "orders")
        engine.hold.set()
        await services.turns.finished(accepted.message_id)
        assert (await said(services, conversation_id))[-1][0] == Author.ASSISTANT

    play(settings, any_database, scenario)


def test_the_button_for_a_human_works_while_the_assistant_is_stopped(
    settings: Settings, any_database: Database
) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        await stop(services)
        turn_id = await ask(services, conversation_id, "/request_human")
        assert ("route", "gateway") in await outcomes(services, turn_id)
        (told,) = await heard_by_visitor(services, conversation_id)
        assert told.startswith("We have asked a person") and "goes on answering" not in told

    play(settings, any_database, scenario)


@pytest.mark.parametrize(
    ("payload", "before", "after", "told"),
    [
        ('/refuse_consent{"purpose": "order_history"}', None, "refused", "All right: your orders will not be used."),
        ('/withdraw_consent{"purpose": "order_history"}', "allow", "withdrawn", "Done: no more use of your orders,"),
        ("/withdraw_consent", "allow", "withdrawn", "Done: no more use of your orders,"),
        ('/withdraw_consent{"purpose": "something_else"}', "allow", "given", OFF),
        ("/withdraw_consent{not json}", "allow", "given", OFF),
        ('/allow_consent{"purpose": "order_history"}', None, "none", "Only when you are signed in"),
    ],
)
def test_a_button_about_consent_holds_while_the_assistant_is_stopped(
    settings: Settings, database: Database, payload: str, before: Choice | None, after: str, told: str
) -> None:
    """Rule C2. Falls when Router.open obeys only where the engine serves.

    What is no button of ours to the letter is none, nor a request in words.
    """

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        if before:
            with database.transaction() as session:
                conversation = session.get_one(ConversationRow, conversation_id)
                services.consents.choose(session, conversation, "order_history", before, {"how": "switch"})
        await stop(services)
        await ask(services, conversation_id, payload)
        with database.snapshot() as session:
            conversation = session.get_one(ConversationRow, conversation_id)
            assert status_of(session, conversation, purpose_named("order_history")).state == after
        assert (await heard_by_visitor(services, conversation_id))[0].startswith(told)
        assert Author.ASSISTANT not in [author for author, _ in await said(services, conversation_id)]

    play(settings, database, scenario)


def test_a_conversation_that_a_human_has_is_left_to_them(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        with any_database.transaction() as session:
            hand_over(session, conversation_id)
        await stop(services)
        turn_id = await ask(services, conversation_id, "my shoe is broken")
        assert await outcomes(services, turn_id) == [("route", "desk")]
        assert await heard_by_visitor(services, conversation_id) == []
        await ask(services, conversation_id, "are you a robot?")
        (told,) = await heard_by_visitor(services, conversation_id)
        assert told.startswith("Mina") and "is a person" in told

    play(settings, any_database, scenario)


def test_a_topic_stop_that_cannot_ask_the_engine_says_so(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        await stop(services, "orders")
        engine.down = True
        turn_id = await ask(services, conversation_id, "refund?")
        assert await outcomes(services, turn_id) == [("failure", "engine_down")]
        assert engine.heard == []

    play(settings, any_database, scenario)


def test_a_chinese_visitor_reads_it_in_chinese(settings: Settings, database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        await stop(services)
        await ask(services, conversation_id, "你好")
        assert (await heard_by_visitor(services, conversation_id))[0].startswith("Fern & Hale 的 AI 助手目前已停用")

    play(settings, database, scenario)


def test_each_start_and_end_is_a_record_that_outlives_every_visitor(settings: Settings, any_database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        for topic in (None, "orders"):
            await resume(services, await stop(services, topic))

        query = (
            select(DecisionRow, DecisionPayloadRow)
            .join(DecisionPayloadRow, DecisionPayloadRow.decision_id == DecisionRow.id)
            .where(DecisionRow.kind == Kind.STOP)
            .order_by(DecisionRow.at, DecisionRow.id)
        )
        with services.database.snapshot() as session:
            found = session.execute(query).all()
            opened = [services.recorder.read(session, row, payload) for row, payload in found]
        assert all((row.conversation_id, row.visitor_id) == ("", "") for row, _ in found)
        assert all(one and one["human_involvement"] == "decided by a person" for one in opened)
        assert opened[0] and opened[0]["input"]["reason"] == "It tells nonsense."
        assert [(row.outcome, payload.visitor_id) for row, payload in found] == [
            (outcome, "operator") for outcome in ("stopped", "resumed", "stopped:orders", "resumed:orders")
        ]

    play(settings, any_database, scenario)


def test_stopping_twice_is_one_stop_and_ending_twice_is_refused(settings: Settings, database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        stop_id = await stop(services)
        olga = await colleague(services, "Olga", "operator")
        with services.database.transaction() as session:
            again, fresh = services.stops.start(session, olga, None, "Also me.")
        assert (again.id, fresh) == (stop_id, False)
        await resume(services, stop_id)
        with pytest.raises(Conflict):
            await resume(services, stop_id)
        with pytest.raises(NotFound):
            await resume(services, "stp_none")

    play(settings, database, scenario)


@pytest.mark.parametrize("topic", ["nonsense", "", *sorted(ALWAYS_ON)])
def test_only_a_subject_can_be_stopped_alone(settings: Settings, database: Database, topic: str) -> None:
    """The way to a human, the visitor's rights and the truth about who speaks stay."""

    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        with pytest.raises(BadRequest, match="orders"):
            await stop(services, topic)
        with services.database.snapshot() as session:
            assert list(stops.active(session)) == []

    play(settings, database, scenario)


def test_a_turn_that_came_to_a_stopped_topic_by_another_way_is_covered(tmp_path: Path) -> None:
    """Such as a question of earlier that goes on, or a form that ends in another topic's action."""
    row, gone = StopRow(id="stp_1", topic="orders"), StopRow(id="stp_2", topic="no_longer_in_the_project")
    with make_parts(tmp_path) as parts:
        assert parts.stops.covering([row], "affirm", ["action_affirm", "action_order_status"]) is row
        assert parts.stops.covering([row], "affirm", ["action_affirm"]) is None
        assert parts.stops.covering([gone], "order_status") is None


def test_asking_what_is_stopped_needs_no_look_at_what_was(database: Database) -> None:
    """Asked with every message. Falls when the index `stop_active` goes."""

    query = select(StopRow).where(StopRow.ended_at.is_(None)).order_by(StopRow.at)
    with database.snapshot() as session:
        compiled = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        assert "stop_active" in str(session.execute(text(f"EXPLAIN QUERY PLAN {compiled}")).all())


def test_many_conversations_are_answered_by_one_stop(settings: Settings, database: Database) -> None:
    async def scenario(services: Services, engine: ScriptedEngine, conversation_id: str) -> None:
        await stop(services)
        for _ in range(3):
            with database.transaction() as session:
                other = disclosed_conversation(session, settings)
            await ask(services, other, "refund?")
            assert (await heard_by_visitor(services, other))[0] == OFF

    play(settings, database, scenario)
