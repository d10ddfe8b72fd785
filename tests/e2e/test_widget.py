"""The widget in a real browser where things go wrong, and without a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browser import launched, open_page, picture, tab_to
from tests.running import Gateway
from tests.tools import need


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need("chromium", "web")
    with launched() as browser:
        yield browser


def chat(browser: Browser, gateway: Gateway) -> Page:
    page = open_page(browser)
    page.goto(gateway.url)
    page.locator("candor-widget").get_by_role("button").first.click()
    expect(page.get_by_role("textbox")).to_be_enabled()
    return page


def ask(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")


def bubbles(page: Page, pattern: str) -> Locator:
    """The messages on the screen whose text matches; not what the screen reader's log holds."""
    return page.locator("candor-widget .message .text").filter(has_text=re.compile(pattern))


def shown(page: Page, text: str) -> int:
    """How many messages on the screen read `text`."""
    return bubbles(page, f"^{text}$").count()


@pytest.mark.browser
def test_a_message_written_offline_arrives_once_when_the_connection_is_back(browser: Browser, gateway: Gateway) -> None:
    page = chat(browser, gateway)
    ask(page, "what is your refund policy")
    expect(bubbles(page, "within 30 days")).to_have_count(1)
    page.context.set_offline(True)
    ask(page, "how can i pay")
    expect(page.locator("candor-widget").get_by_text(re.compile("offline|connection", re.I)).first).to_be_visible()
    picture(page, "offline")
    page.context.set_offline(False)
    expect(bubbles(page, "PayPal")).to_have_count(1)
    page.reload()
    expect(bubbles(page, "PayPal")).to_have_count(1)
    assert (shown(page, "how can i pay"), shown(page, "what is your refund policy")) == (1, 1)
    page.context.close()


@pytest.mark.browser
def test_a_message_sent_in_the_moment_of_a_reload_is_neither_lost_nor_doubled(
    browser: Browser, gateway: Gateway
) -> None:
    page = chat(browser, gateway)
    ask(page, "how can i pay")
    page.reload()
    expect(bubbles(page, "PayPal")).to_have_count(1)
    assert shown(page, "how can i pay") == 1
    page.context.close()


@pytest.mark.browser
def test_the_chat_goes_on_after_the_gateway_was_killed(browser: Browser, own_gateway: Callable[..., Gateway]) -> None:
    gateway = own_gateway()
    page = chat(browser, gateway)
    ask(page, "what is your refund policy")
    expect(bubbles(page, "within 30 days")).to_have_count(1)
    gateway.kill()
    ask(page, "how can i pay")
    gateway.start()
    expect(bubbles(page, "PayPal")).to_have_count(1, timeout=60_000)
    assert (shown(page, "how can i pay"), shown(page, "what is your refund policy")) == (1, 1)
    page.context.close()


@pytest.mark.browser
def test_everything_can_be_done_without_a_mouse(browser: Browser, gateway: Gateway) -> None:
    page = open_page(browser)
    page.goto(gateway.url)
    launcher = page.locator("candor-widget").get_by_role("button").first
    launcher.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("what is your refund policy")
    page.keyboard.press("Enter")
    expect(bubbles(page, "within 30 days")).to_be_visible()

    tab_to(page, "Talk to a human")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("asked a person", re.I)).first).to_be_visible()
    tab_to(page, "Stop waiting")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop waiting")).to_have_count(0)

    # The button is gone; whoever pressed it is not thrown out of the panel.
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(launcher).to_be_focused()
    page.context.close()


@pytest.mark.browser
def test_a_screen_reader_hears_new_messages_and_not_the_history_again(browser: Browser, gateway: Gateway) -> None:
    page = chat(browser, gateway)
    ask(page, "what is your refund policy")
    log = page.get_by_role("log")
    expect(log).to_contain_text("within 30 days")
    page.reload()
    expect(bubbles(page, "within 30 days")).to_be_visible()
    assert "within 30 days" not in log.inner_text()
    ask(page, "how can i pay")
    expect(log).to_contain_text("PayPal")
    page.context.close()
