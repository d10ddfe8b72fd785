"""kill -9, wherever it hurts most: nothing is lost, nothing is doubled, and the visitor hears the truth."""

from __future__ import annotations

import os
import re
import signal

import pytest
import requests
from playwright.sync_api import expect

from tests.e2e.browser import launched, open_page
from tests.running import Gateway, Visitor, wait_until
from tests.tools import need


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"


def said(visitor: Visitor) -> list[tuple[str, str]]:
    return [(m["author"], m["text"]) for m in visitor.messages()]


def authors(visitor: Visitor) -> list[str]:
    return [author for author, _ in said(visitor)]


def test_a_gateway_killed_between_record_and_delivery_delivers_once_after_restart(files_own: Gateway) -> None:
    files_own.run("tests.e2e.dies_after_record")
    engine = files_own.engine_pid()
    visitor = Visitor(files_own).open()
    visitor.send("what is your refund policy")
    assert files_own.process.wait(timeout=30) == -signal.SIGKILL
    wait_until(lambda: not alive(engine))

    files_own.run()
    assert authors(visitor) == ["visitor", "assistant"]
    assert visitor.ask("thank you")[-1]["author"] == "assistant"
    assert len(said(visitor)) == 4


def test_an_engine_killed_in_mid_turn_is_admitted_and_started_again(own: Gateway) -> None:
    visitor = Visitor(own).open()
    engine = own.engine_pid()
    os.kill(engine, signal.SIGSTOP)
    visitor.send("what is your refund policy")
    wait_until(lambda: authors(visitor) == ["visitor"])
    os.kill(engine, signal.SIGKILL)
    wait_until(lambda: authors(visitor) == ["visitor", "system"])
    assert visitor.messages()[-1]["buttons"][0]["payload"] == "/request_human"

    # The button still reaches the desk while the engine is down.
    assert visitor.call("POST", "/handoff", {}).status_code == 201

    own.wait_engine()
    assert own.engine_pid() != engine
    assert visitor.ask("what is your refund policy")[-1]["author"] == "assistant"
    assert authors(visitor).count("visitor") == 2


def test_a_gateway_killed_while_the_engine_thinks_answers_once_after_restart(own: Gateway) -> None:
    visitor = Visitor(own).open()
    engine = own.engine_pid()
    os.kill(engine, signal.SIGSTOP)
    sent = visitor.send("what is your refund policy", "once")
    own.kill()
    os.kill(engine, signal.SIGCONT)
    wait_until(lambda: not alive(engine))

    own.start()
    wait_until(lambda: authors(visitor) == ["visitor", "assistant"])
    again = visitor.send("what is your refund policy", "once")
    assert again["duplicate"] and again["message_id"] == sent["message_id"]
    assert authors(visitor) == ["visitor", "assistant"]


@pytest.mark.browser
def test_the_chat_goes_on_after_the_gateway_was_killed(own: Gateway) -> None:
    need("chromium")
    with launched() as browser:
        page = open_page(browser)
        page.goto(own.url)
        page.locator("candor-widget").get_by_role("button").first.click()
        box, bubbles = page.get_by_role("textbox"), page.locator("candor-widget .message .text")
        box.fill("what is your refund policy")
        page.keyboard.press("Enter")
        expect(bubbles.filter(has_text="within 30 days")).to_have_count(1)
        own.kill()
        box.fill("how can i pay")
        page.keyboard.press("Enter")
        own.start()
        expect(bubbles.filter(has_text="PayPal")).to_have_count(1, timeout=60_000)
        expect(bubbles.filter(has_text=re.compile("^how can i pay$"))).to_have_count(1)
        expect(bubbles.filter(has_text=re.compile("^what is your refund policy$"))).to_have_count(1)
        page.context.close()


def test_ctrl_c_leaves_no_process_behind_and_an_open_stream_does_not_hold_it_up(own: Gateway) -> None:
    engine = own.engine_pid()
    visitor = Visitor(own).open()
    url = f"{own.url}/api/conversations/{visitor.conversation_id}/events"
    headers = {"Authorization": f"Bearer {visitor.token}"}
    with requests.get(url, headers=headers, stream=True, timeout=30):
        assert own.stop() == 0
    assert not alive(engine)
