"""What a turn may rely on, held against the real engine with the trained model and the scripted one of the tests."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from bot.core.errors import EngineError
from bot.core.ids import new_id
from bot.core.messages import MASKING, EngineReply, MaskedMessage
from bot.rasa import Engine, Held, RasaEngine, Recalled
from tests.engine.engine_process import TOKEN, action_server
from tests.engine.engine_process import Engine as Process
from tests.scripted import ScriptedEngine
from tests.tools import model, need

SLOTS = {"language": "en", "company": "Fern & Hale", "order_reference": None}
REQUESTS = {
    "human": "I want to talk to a human",
    "robot": "are you a robot?",
    "withdraw": "I withdraw my permission, stop using my data",
}
"""What makes each of these detectors hear its request."""
ANOTHER = "what can you do for me?"


def masked(text: str, conversation_id: str | None = None) -> MaskedMessage:
    return MaskedMessage(new_id("msg"), conversation_id or new_id("con"), text, (), made_by=MASKING)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RasaEngine]:
    need("engine", "model")
    trained = model()
    assert trained is not None
    with action_server() as url:
        process = Process(trained, tmp_path_factory.mktemp("contract"), url)
        process.wait_until_ready()
        engine = RasaEngine(f"http://127.0.0.1:{process.port}", TOKEN, timeout=20, turns=2)
        yield engine
        engine.close()
        process.end()


@pytest.fixture(params=["scripted", "real"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "scripted":
        return ScriptedEngine()
    found: Engine = request.getfixturevalue("real")
    return found


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def test_a_turn_gives_its_answer_with_the_whole_trace(engine: Engine) -> None:
    reply = run(engine.turn(masked("what is your refund policy"), SLOTS))
    assert reply.intent == "refund_policy" and reply.source == "classifier"
    assert 0 < (reply.threshold or 0) < (reply.confidence or 0) <= 1
    assert reply.ranking[0].name == "refund_policy" and len(reply.ranking) > 1
    assert [said.response for said in reply.said] == ["utter_refund_policy"]
    chosen = [action for action in reply.actions if action.name == "utter_refund_policy"]
    assert [(a.policy, bool(a.rule)) for a in chosen] == [("NamedRulePolicy", True)]
    assert reply.failures == () and reply.model and reply.fingerprint


def test_a_payload_is_taken_by_its_word(engine: Engine) -> None:
    reply = run(engine.turn(masked("/refund_policy"), SLOTS))
    assert (reply.intent, reply.source, reply.confidence) == ("refund_policy", "payload", 1.0)


def test_the_same_message_is_answered_the_same(engine: Engine) -> None:
    message = masked(ANOTHER)

    async def twice() -> None:
        first = await engine.turn(message, SLOTS)
        again = await engine.turn(message, SLOTS)
        assert (first.said, first.intent, first.actions) == (again.said, again.intent, again.actions)

    run(twice())


def test_understanding_alone_says_what_each_text_means_in_their_order(engine: Engine) -> None:
    texts = ("what is your refund policy", ANOTHER, "/refund_policy")
    refund, able, payload = run(engine.understand([masked(text) for text in texts]))
    assert [one.intent for one in (refund, able, payload)] == ["refund_policy", "what_can_you_do", "refund_policy"]
    assert refund.ranking[0].name == "refund_policy" and 0 < (refund.threshold or 0) < refund.confidence <= 1
    assert refund.understood and able.understood and payload.understood
    assert run(engine.understand([])) == ()


def test_what_is_not_understood_says_so(engine: Engine) -> None:
    (understood,) = run(engine.understand([masked("qwrtz plmk vbnx")]))
    assert understood.intent == "nlu_fallback" and not understood.understood
    assert "nlu_fallback" not in [one.name for one in understood.ranking]


@pytest.mark.parametrize("request_name", REQUESTS)
def test_each_standing_request_is_heard_in_its_own_words_alone(engine: Engine, request_name: str) -> None:
    heard, ordinary = run(engine.understand([masked(REQUESTS[request_name]), masked("what is your refund policy")]))
    assert set(heard.requests) == set(ordinary.requests) == {*REQUESTS, "persona"}
    assert [n for n in REQUESTS if heard.requests[n].score >= heard.requests[n].threshold] == [request_name]
    assert all(one.score < one.threshold / 2 for one in ordinary.requests.values())
    both = [*heard.requests.values(), *ordinary.requests.values()]
    assert all(0 <= one.score <= 1 and 0 < one.threshold < 1 for one in both)


def test_a_payload_holds_no_standing_request_in_words(engine: Engine) -> None:
    (understood,) = run(engine.understand([masked("/refund_policy")]))
    assert dict(understood.requests) == {} and understood.threshold is None


def test_listening_takes_the_turn_where_no_request_may_stand(engine: Engine) -> None:
    message = masked("what is your refund policy")

    async def work() -> None:
        heard = await engine.listen(message, SLOTS, [message])
        assert isinstance(heard, EngineReply) and heard.intent == "refund_policy"
        assert [said.response for said in heard.said] == ["utter_refund_policy"]
        assert (await engine.recall(message.conversation_id)).texts == 2
        pressed = masked("/refund_policy")
        taken = await engine.listen(pressed, SLOTS, [pressed])
        assert isinstance(taken, EngineReply) and taken.source == "payload"

    run(work())


def test_no_turn_is_taken_where_a_request_may_stand_in_one_part(engine: Engine) -> None:
    whole = masked("what is your refund policy? I want to talk to a human")
    parts = [
        MaskedMessage(whole.message_id, whole.conversation_id, text, (), made_by=MASKING)
        for text in (whole.text, "what is your refund policy?", REQUESTS["human"])
    ]

    async def work() -> None:
        held = await engine.listen(whole, SLOTS, parts)
        assert isinstance(held, Held)
        assert held.understood == await engine.understand(parts), "as understanding alone says it"
        assert [one.intent for one in held.understood[1:2]] == ["refund_policy"]
        nothing = await engine.recall(whole.conversation_id)
        assert (nothing.events, nothing.texts) == ((), 0)
        # The gateway may then have a part of the message answered, under the same id.
        reply = await engine.turn(parts[1], SLOTS)
        assert reply.intent == "refund_policy"
        again = await engine.listen(whole, SLOTS, parts)
        assert isinstance(again, EngineReply) and again.said == reply.said, "what was answered is not held any more"

    run(work())


def test_the_model_is_the_one_that_takes_the_turns(engine: Engine) -> None:
    reply = run(engine.turn(masked(ANOTHER), SLOTS))
    assert run(engine.fingerprint()) == reply.fingerprint


@pytest.mark.parametrize("ask", ["turn", "listen", "understand", "recall", "forget", "fingerprint"])
def test_an_engine_that_is_not_there_is_an_engine_error(ask: str, tmp_path: Path) -> None:
    nowhere = RasaEngine("http://127.0.0.1:9", TOKEN, timeout=1, turns=1)
    for absent in (nowhere, ScriptedEngine(down=True)):
        hello = masked("hello")
        one = {"recall": ("con_1",), "forget": ("con_1",), "fingerprint": ()}
        arguments = {"turn": (hello, SLOTS), "listen": (hello, SLOTS, [hello]), "understand": ([hello],), **one}[ask]
        with pytest.raises(EngineError):
            run(getattr(absent, ask)(*arguments))
    nowhere.close()


class _Closing(BaseHTTPRequestHandler):
    """Promises to keep the connection open and closes it after one answer, as an engine that is started again does."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[tuple[str, int]]] = []

    def do_GET(self) -> None:
        self.asked.append(self.client_address)
        body = b'{"ready": true, "model": {"file": "m", "fingerprint": "f"}}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = len(self.asked) == 1

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_a_connection_is_kept_and_one_that_the_engine_closed_is_replaced() -> None:
    """Falls when the client reuses a closed connection, or opens one for each call."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Closing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        engine = RasaEngine(f"http://127.0.0.1:{server.server_address[1]}", TOKEN, timeout=5, turns=1)
        assert run(engine.fingerprint()) == "f"
        time.sleep(0.2)  # the end of the connection arrives
        assert [run(engine.fingerprint()) for _ in range(2)] == ["f", "f"]
        engine.close()
        server.shutdown()
    first, second, third = _Closing.asked
    assert first != second == third


def test_a_forgotten_conversation_begins_anew(engine: Engine) -> None:
    forgotten, other = masked("what is your refund policy"), masked("what is your refund policy")

    async def work() -> None:
        for message in (forgotten, other):
            await engine.turn(message, SLOTS)
        for _ in range(2):
            await engine.forget(forgotten.conversation_id)
        again = MaskedMessage(forgotten.message_id, forgotten.conversation_id, ANOTHER, (), made_by=MASKING)
        assert (await engine.turn(again, SLOTS)).intent == "what_can_you_do"
        same = MaskedMessage(other.message_id, other.conversation_id, ANOTHER, (), made_by=MASKING)
        assert (await engine.turn(same, SLOTS)).intent == "refund_policy"

    run(work())


def said(recalled: Recalled) -> list[tuple[str, str]]:
    return [(event["event"], event["text"]) for event in recalled.events if event["event"] in ("user", "bot")]


def test_what_is_kept_of_a_conversation_is_recalled_in_order_until_it_is_forgotten(engine: Engine) -> None:
    first, other = masked("what is your refund policy"), masked("what is your refund policy")
    second = masked(ANOTHER, first.conversation_id)

    async def work() -> None:
        replies = [(await engine.turn(message, SLOTS)).said[0].text for message in (first, second)]
        await engine.turn(other, SLOTS)
        for whole in (False, True):
            recalled = await engine.recall(first.conversation_id, whole=whole)
            heard = [("user", first.text), ("bot", replies[0]), ("user", second.text), ("bot", replies[1])]
            assert said(recalled) == heard and recalled.texts == 4
            assert recalled.slots == {"language": "en", "company": "Fern & Hale"}
            meanings = [event["parse_data"] for event in recalled.events if event["event"] == "user"]
            assert [meaning["intent"]["name"] for meaning in meanings] == ["refund_policy", "what_can_you_do"]
            assert all(set(meaning) == {"intent", "entities"} for meaning in meanings)
        await engine.forget(first.conversation_id)
        nothing = await engine.recall(first.conversation_id, whole=True)
        assert (nothing.events, dict(nothing.slots), nothing.texts) == ((), {}, 0)
        assert (await engine.recall(other.conversation_id)).texts == 2

    run(work())


def test_a_long_conversation_is_recalled_whole_page_by_page(real: RasaEngine) -> None:
    conversation_id = new_id("con")
    messages = [masked(ANOTHER, conversation_id) for _ in range(250)]

    async def work() -> None:
        for message in messages:
            await real.turn(message, SLOTS)
        newest = await real.recall(conversation_id)
        assert len(newest.events) == 1000 and newest.texts == 500
        recalled = await real.recall(conversation_id, whole=True)
        assert recalled.events[-1000:] == newest.events and len(recalled.events) > 1000
        heard = [event["message_id"] for event in recalled.events if event["event"] == "user"]
        assert heard == [message.message_id for message in messages]

    run(work())
