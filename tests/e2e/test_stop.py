"""An operator stops the assistant while it runs with the real engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, expect

from tests.e2e.browser import assert_accessible, launched, open_page, picture
from tests.running import Gateway, Visitor, wait_until
from tests.tools import need

OFF = "has been switched off for now, so a person will answer you instead."
OFF_HERE = "does not answer questions of this kind for now, so a person will answer you instead."


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A Candor of this module's own: a stop is everybody's."""
    need("engine", "model", "web")
    gateway = Gateway(tmp_path_factory.mktemp("stops"), {"CANDOR_HANDOFF_WAIT": "600"}).start()
    yield gateway
    gateway.stop()


@pytest.fixture
def stop(own: Gateway) -> Iterator[Callable[[str | None], str]]:
    """Olga stops a topic, or everything; all ends with the test."""
    olga, stops = signed_in(own, "olga"), f"{own.url}/api/review/stops"
    started: list[str] = []

    def start(topic: str | None) -> str:
        answer = olga.post(stops, json={"topic": topic, "reason": "It tells nonsense."}, timeout=30)
        assert answer.status_code == 201, answer.text
        started.append(answer.json()["id"])
        return started[-1]

    yield start
    for stop_id in started:
        assert olga.delete(f"{stops}/{stop_id}", timeout=30).status_code == 200


def signed_in(gateway: Gateway, login: str) -> requests.Session:
    session = requests.Session()
    session.headers["X-Candor"] = "1"
    _, password = gateway.logins[login]
    body = {"login": login, "password": password}
    assert session.post(f"{gateway.url}/api/staff/session", json=body, timeout=30).status_code == 200
    return session


def authors(messages: list[dict[str, Any]]) -> set[str]:
    return {message["author"] for message in messages}


@pytest.mark.engine
def test_a_stopped_topic_goes_to_people_however_it_is_asked_for(own: Gateway, stop: Callable[..., str]) -> None:
    stop("orders")
    for question in ("where is my order?", "/order_status", "我的订单到哪了？"):
        visitor = Visitor(own).open()
        answers = visitor.ask(question)
        assert authors(answers) == {"system"}, answers
        assert OFF_HERE in answers[0]["text"] or "不回答这类问题" in answers[0]["text"]
        assert visitor.call("GET").json()["handoff"]["state"] == "queued"
        assert authors(visitor.ask("what is your refund policy")) == {"assistant"}, "other topics go on"
    desk = signed_in(own, "mina").get(f"{own.url}/api/desk/queue", timeout=30).json()
    assert {entry["reason"] for entry in desk["waiting"]} == {"The assistant is stopped for: Orders"}


@pytest.mark.engine
def test_the_engine_keeps_nothing_of_what_came_while_everything_was_stopped(
    own: Gateway, stop: Callable[..., str]
) -> None:
    visitor = Visitor(own).open()
    assert authors(visitor.ask("hello from the umbrella shop")) == {"assistant"}
    stop(None)
    answers = visitor.ask("what is your refund policy for umbrellas")
    assert authors(answers) == {"system"} and OFF in answers[0]["text"]
    assert "goes on answering" not in " ".join(answer["text"] for answer in answers)
    kept = b"".join(path.read_bytes() for path in own.data_dir.glob("engine.db*"))
    assert b"hello from the umbrella shop" in kept and b"what is your refund policy for umbrellas" not in kept


@pytest.mark.engine
def test_rights_and_the_way_to_a_human_hold_while_everything_is_stopped(own: Gateway, stop: Callable[..., str]) -> None:
    stop(None)
    visitor = Visitor(own).open()
    choice = {"purpose": "order_history", "choice": "refuse"}
    assert visitor.call("POST", "/consent", choice).json()["state"] == "refused"
    assert visitor.call("POST", "/handoff", {}).status_code == 201
    assert visitor.call("DELETE", "/handoff").json()["state"] == "withdrawn"
    visitor.ask("/request_human")
    assert visitor.call("GET").json()["handoff"]["state"] == "queued"


@pytest.mark.engine
@pytest.mark.parametrize("topic", [None, "orders"])
def test_standing_requests_in_words_hold_whatever_is_stopped(
    own: Gateway, stop: Callable[..., str], topic: str | None
) -> None:
    """Falls when Turns listens for them in the engine's route alone."""
    visitor = Visitor(own).open()
    choice = {"purpose": "order_history", "choice": "allow"}
    assert visitor.call("POST", "/consent", choice).json()["state"] == "given"
    stop(topic)
    told = visitor.ask("hm, am I talking with a bot here or what?")
    assert "not a person" in told[0]["text"] and authors(told) == {"assistant" if topic else "system"}
    visitor.ask("you know what, I no longer want you to look into my orders")
    consents = {one["purpose"]: one["state"] for one in visitor.call("GET").json()["consents"]}
    assert consents["order_history"] == "withdrawn"
    visitor.ask("could somebody of your staff take over please")
    assert visitor.call("GET").json()["handoff"]["state"] == "queued"


@pytest.mark.engine
def test_when_it_ends_the_assistant_answers_the_next_message(own: Gateway) -> None:
    olga, stops = signed_in(own, "olga"), f"{own.url}/api/review/stops"
    stop_id = olga.post(stops, json={"topic": None, "reason": "A try."}, timeout=30).json()["id"]
    visitor = Visitor(own).open()
    assert authors(visitor.ask("what is your refund policy")) == {"system"}
    assert olga.delete(f"{stops}/{stop_id}", timeout=30).status_code == 200
    assert authors(visitor.ask("how can i pay")) == {"assistant"}


@pytest.mark.browser
def test_the_visitor_reads_an_honest_sentence_and_a_person_answers(own: Gateway, stop: Callable[..., str]) -> None:
    need("chromium")
    with launched() as browser:
        page = open_page(browser)
        page.goto(own.url)
        page.locator("candor-widget").get_by_role("button").first.click()
        expect(page.get_by_role("textbox")).to_be_enabled()
        stop(None)
        page.get_by_role("textbox").fill("where is my order?")
        page.keyboard.press("Enter")
        expect(page.locator("candor-widget .system").filter(has_text=re.compile(OFF))).to_be_visible()
        expect(page.get_by_text("Waiting for a person.")).to_be_visible()
        assert_accessible(page)
        picture(page, "stop-1-off")
        page.get_by_role("textbox").fill("hello?")
        page.keyboard.press("Enter")
        answer_from_the_desk(own, "Hello, Mina here.")
        expect(page.locator("candor-widget .human .text")).to_have_text("Hello, Mina here.")
        assert page.locator("candor-widget .system").filter(has_text=re.compile(OFF)).count() == 1
        picture(page, "stop-2-human")
        _close(browser)


def answer_from_the_desk(gateway: Gateway, text: str) -> None:
    """Mina takes the conversation whose visitor wrote 'hello?' last."""
    mina, desk = signed_in(gateway, "mina"), f"{gateway.url}/api/desk"

    def waiting() -> list[dict[str, Any]]:
        queue = mina.get(f"{desk}/queue", timeout=30).json()["waiting"]
        return [entry for entry in queue if "hello?" in str(entry["last_message"])]

    wait_until(waiting)
    entry = waiting()[-1]
    assert mina.post(f"{desk}/handoffs/{entry['handoff_id']}/claim", timeout=30).status_code == 200
    body = {"client_message_id": "mina-1", "text": text}
    sent = mina.post(f"{desk}/conversations/{entry['conversation_id']}/messages", json=body, timeout=30)
    assert sent.status_code == 202, sent.text


def _close(browser: Browser) -> None:
    for context in browser.contexts:
        context.close()
