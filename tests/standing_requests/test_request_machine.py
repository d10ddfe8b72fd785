"""Whatever happens in whatever order: consent is given if and only if a small model says so (rules C1, C2, H1).

The whole turn on a real database, with an engine that asks for consent as the real one does. tests/long takes 10,000
steps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bot.cli.serve import action_services
from bot.consent import Refused, Subject, seal_subject, status_of
from bot.core.ids import Json, new_id
from bot.core.messages import Author, EngineReply, Executed, MaskedMessage, Said
from bot.core.settings import Settings
from bot.db.models import ConversationRow, HandoffRow, VisitorRow
from bot.messaging import Event
from bot.messaging.repository import remember, served
from bot.policies import ORDER_HISTORY, purpose_named
from bot.privacy.erasure.service import Reason
from bot.services import Services, build
from bot.shop.demo import seed
from bot.staff import Staff
from tests import transactions
from tests.databases import fresh_database
from tests.playing import colleague, disclosed_conversation, events
from tests.scripted import ScriptedEngine

STEPS = 40
QUESTION = "where is my order?"
YES = ("yes", "ok", "sure, go ahead", "可以", "👍")
NAMED_YES = "ok you may look at my orders"
NO = ("no", "no thanks", "不用了")
NOT_A_YES = ("should I allow it", "yeah, as if", "my boss allows it", "yes?", "only if you delete it", "好吧那算了")
NAMED_STOP = ("stop using my orders", "不要再看我的订单")
STOP = (*NAMED_STOP, "STOP", "forget me")
ALLOW_BUTTON = '/allow_consent{"purpose": "order_history", "scope": "until_withdrawn"}'
NO_BUTTON = '/refuse_consent{"purpose": "order_history"}'
STOP_BUTTON = '/withdraw_consent{"purpose": "order_history"}'
NOT_A_BUTTON = (
    '/allow_consent{"purpose": "old_name"}',
    "/allow_consent please",
    f"{ALLOW_BUTTON} now",
    "EXTERNAL: allow_consent",
)


class AskingEngine(ScriptedEngine):
    """Answers a question for orders as `action_order_status` does: the gate first, then card, order or neither."""

    services: Services
    reads: int = 0

    async def turn(self, message: MaskedMessage, slots: Mapping[str, Json]) -> EngineReply:
        reply = await super().turn(message, slots)
        if message.text != QUESTION:
            return reply
        visit = await action_services(self.services).visit(message.conversation_id, message.message_id, "en")
        assert visit is not None
        grant = await visit.ask_gate(ORDER_HISTORY)
        if not isinstance(grant, Refused):
            self.reads += 1
            return _saying(reply, Said("It is on its way."))
        if grant.reason in ("not_asked", "expired", "changed"):
            return _saying(reply, await visit.ask_consent(ORDER_HISTORY))
        return _saying(reply, Said("You can see it in your account."))


def _saying(reply: EngineReply, said: Said) -> EngineReply:
    action = Executed("action_order_status", "NamedRulePolicy", 1.0, "order status")
    return EngineReply(**{**reply.__dict__, "said": (said,), "actions": (action,)})


@dataclass
class Model:
    """What the visitor has said of their orders, and who answers."""

    state: str = "none"
    human: bool = False
    stopped: bool = False
    down: bool = False
    asked: bool = False
    log: list[str] = field(default_factory=list)

    @property
    def engine_answers(self) -> bool:
        return not (self.human or self.stopped or self.down)


class RequestMachine(RuleBasedStateMachine):
    """One visitor who is signed in, one agent, one operator."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.model = Model()
        self.run(self._open())

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    async def _open(self) -> None:
        self.database = fresh_database(self.folder / f"{new_id('db')}.db")
        transactions.write(self.database, seed)
        self.engine = AskingEngine()
        self.services = self.engine.services = build(Settings(data_dir=self.folder), self.database, self.engine)
        self.agent: Staff = await colleague(self.services, "Mina", "agent")
        self.operator: Staff = await colleague(self.services, "Olga", "operator")
        await self._begin()

    async def _begin(self) -> None:
        self.id = transactions.write(self.database, lambda s: disclosed_conversation(s, self.services.settings))

        def sign_in(session: Any) -> None:
            conversation = session.get_one(ConversationRow, self.id)
            visitor = session.get_one(VisitorRow, conversation.visitor_id)
            seal_subject(session, self.services.keyring, visitor, Subject(new_id("cust"), "Ada"))
            conversation.signed_in = True

        transactions.write(self.database, sign_in)
        self.model = Model(down=self.engine.down, stopped=self.model.stopped)

    # What the visitor sees and does

    def screen(self) -> list[Event]:
        return list(self.run(events(self.services, self.id)))

    def answers_a_card(self) -> bool:
        """Is the last thing on the visitor's screen the card, and has it reached them?"""
        said = [e for e in self.screen() if e.kind == "message" and e.data["author"] != Author.VISITOR]
        seen = transactions.read(self.database, lambda s: served(s, self.id, "widget"))
        return bool(
            said
            and said[-1].data["consent_request"]
            and (said[-1].seq or 0) <= seen
            and self.model.state == "requested"
        )

    def card_has_arrived(self) -> bool:
        """Has the newest card of this conversation reached the visitor?"""
        cards = [e.seq or 0 for e in self.screen() if e.kind == "message" and e.data["consent_request"]]
        seen = transactions.read(self.database, lambda s: served(s, self.id, "widget"))
        return bool(cards) and cards[-1] <= seen

    def says(self, text: str) -> None:
        self.model.log.append(text)

        async def turn() -> None:
            accepted = await self.services.turns.accept(self.id, text, None)
            await self.services.turns.finished(accepted.message_id)

        self.run(turn())

    def asks_again(self) -> None:
        """The question is put to the engine, which shows the card where it may."""
        if self.model.engine_answers and self.model.state in ("none", "requested"):
            self.model.state, self.model.asked = "requested", True

    @rule()
    def ask(self) -> None:
        self.says(QUESTION)
        self.asks_again()

    @rule()
    def deliver(self) -> None:
        last = self.screen()[-1].seq if self.screen() else 0
        transactions.write(self.database, lambda s: remember(s, self.id, "widget", last or 0))

    @rule(text=st.sampled_from(YES))
    def say_yes(self, text: str) -> None:
        if self.answers_a_card():
            self.model.state = "given"
        self.says(text)

    @rule()
    def say_yes_by_name(self) -> None:
        if self.model.asked and self.card_has_arrived():
            self.model.state = "given"
        elif self.model.state != "given":
            self.model.state, self.model.asked = "requested", True
        self.says(NAMED_YES)

    @rule(text=st.sampled_from((*NOT_A_YES, *NOT_A_BUTTON)))
    def say_what_is_no_yes(self, text: str) -> None:
        self.says(text)

    @rule(text=st.sampled_from(YES))
    def ask_and_say_yes_in_one_burst(self, text: str) -> None:
        """The second message is sent before the first is answered: the card for that cannot have arrived.

        While a human answers, nothing is said to the first, and a card of earlier is still the last word.
        """
        counts = self.answers_a_card() and self.model.human

        async def both() -> None:
            accepted = [await self.services.turns.accept(self.id, one, None) for one in (QUESTION, text)]
            for one in accepted:
                await self.services.turns.finished(one.message_id)

        self.model.log += [QUESTION, text]
        self.run(both())
        self.asks_again()
        if counts:
            self.model.state = "given"

    @rule(text=st.sampled_from(NO))
    def say_no(self, text: str) -> None:
        if self.answers_a_card():
            self.model.state = "refused"
        self.says(text)

    @rule(text=st.sampled_from((*STOP, STOP_BUTTON)))
    def stop(self, text: str) -> None:
        if self.model.state == "given":
            self.model.state = "withdrawn"
        elif self.answers_a_card() or (
            self.model.state in ("none", "requested") and "order" in text and not text.startswith("/")
        ):
            self.model.state = "refused"
        elif self.model.state in ("none", "requested") and "订单" in text:
            self.model.state = "refused"
        self.says(text)

    @rule()
    def press_allow(self) -> None:
        if self.model.asked and self.card_has_arrived():
            self.model.state = "given"
        elif self.model.state != "given":
            self.model.state, self.model.asked = "requested", True
        self.says(ALLOW_BUTTON)

    @rule()
    def press_no(self) -> None:
        if self.model.state not in ("refused", "withdrawn"):
            self.model.state = "withdrawn" if self.model.state == "given" else "refused"
        self.says(NO_BUTTON)

    # Who answers

    @precondition(lambda self: not self.model.human)
    @rule(text=st.sampled_from(("/request_human", "get me a person", "转人工")))
    def ask_for_a_human(self, text: str) -> None:
        self.says(text)
        assert self.newest_handoff().state == "queued"

    @precondition(
        lambda self: (
            not self.model.human and self.newest_handoff() is not None and self.newest_handoff().state == "queued"
        )
    )
    @rule()
    def claim(self) -> None:
        handoff = self.newest_handoff()
        transactions.write(self.database, lambda s: self.services.handoffs.claim(s, handoff.id, self.agent).id)
        self.model.human = True

    @precondition(lambda self: self.model.human)
    @rule()
    def give_back(self) -> None:
        handoff = self.newest_handoff()
        transactions.write(self.database, lambda s: self.services.handoffs.give_back(s, handoff.id, self.agent).id)
        self.model.human = False

    def somebody_waits(self) -> bool:
        newest = self.newest_handoff()
        return newest is not None and newest.state == "queued"

    def newest_handoff(self) -> HandoffRow:
        return transactions.read(
            self.database, lambda s: self.services.handoffs.current(s, s.get_one(ConversationRow, self.id))
        )

    @rule()
    def stop_or_resume_the_assistant(self) -> None:
        def work(session: Any) -> None:
            if self.model.stopped:
                self.services.stops.end(session, self.operator, self.stop_id)
            else:
                self.stop_id = self.services.stops.start(session, self.operator, None, "a test")[0].id

        transactions.write(self.database, work)
        self.model.stopped = not self.model.stopped

    @rule()
    def kill_or_start_the_engine(self) -> None:
        self.engine.down = self.model.down = not self.engine.down

    @rule()
    def erase(self) -> None:
        def work(session: Any) -> None:
            visitor = session.get_one(ConversationRow, self.id).visitor_id
            self.services.eraser.erase(session, visitor, Reason.VISITOR_REQUEST, "visitor")

        transactions.write(self.database, work)
        self.run(self._begin())

    @invariant()
    def consent_is_as_the_model_says(self) -> None:
        def state(session: Any) -> str:
            return status_of(session, session.get_one(ConversationRow, self.id), purpose_named(ORDER_HISTORY)).state

        assert transactions.read(self.database, state) == self.model.state, self.model.log

    @invariant()
    def nothing_is_read_without_it(self) -> None:
        reads, self.engine.reads = self.engine.reads, 0
        assert not reads or self.model.state == "given", self.model.log

    @invariant()
    def a_human_is_not_talked_over(self) -> None:
        said = [e for e in self.screen() if e.kind == "message"]
        assert not (self.model.human and said and said[-1].data["author"] == Author.ASSISTANT), self.model.log

    def teardown(self) -> None:
        self.run(self.services.turns.queue.drain(5))
        self.database.close()
        self.loop.close()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[None]:
    RequestMachine.folder = tmp_path
    yield


def hold_to_the_model(steps: int) -> None:
    """Play `steps` steps, in runs of 40."""
    chosen = settings(
        max_examples=steps // STEPS,
        stateful_step_count=STEPS,
        deadline=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(RequestMachine, settings=chosen)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("steps", [400, pytest.param(10_000, marks=pytest.mark.long)])
def test_consent_is_given_if_and_only_if_the_model_says_so(steps: int) -> None:
    hold_to_the_model(steps)
