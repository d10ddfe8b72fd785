"""The widget in a real browser where things go wrong, and without a mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator

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


SHOP = """<!doctype html><html lang="en" dir="rtl"><head><meta charset="utf-8"><title>A shop</title>
<link rel="icon" href="data:,"></head><body style="display: flex"><h1 style="flex: 1">A shop</h1>
<script type="module" src="/widget.js"></script></body></html>"""
"""Everything at once that has harmed embedded chats: a flex body, a right-to-left page, a module script."""
PLAIN_HTTP = "delete Crypto.prototype.randomUUID; delete Navigator.prototype.locks"
"""What browsers withhold from a page that does not come by https."""


def embedded(browser: Browser, gateway: Gateway, init: str = "") -> Page:
    page = open_page(browser)
    page.route("**/a-shop", lambda route: route.fulfill(body=SHOP, content_type="text/html"))
    if init:
        page.add_init_script(init)
    page.goto(f"{gateway.url}/a-shop")
    return page


@pytest.mark.browser
def test_a_page_on_plain_http_can_send(browser: Browser, gateway: Gateway) -> None:
    page = embedded(browser, gateway, PLAIN_HTTP)
    page.locator("candor-widget").get_by_role("button").first.click()
    expect(page.get_by_role("textbox")).to_be_enabled()
    ask(page, "what is your refund policy")
    expect(bubbles(page, "within 30 days")).to_have_count(1)
    page.context.close()


@pytest.mark.browser
def test_the_widget_leaves_the_page_around_it_alone(browser: Browser, gateway: Gateway) -> None:
    page = embedded(browser, gateway)
    launcher = page.locator("candor-widget").get_by_role("button").first
    expect(launcher).to_be_visible()
    box = page.locator("h1").bounding_box()
    assert box
    assert box["width"] > 1200, "the button takes no room in the page's layout"
    page.evaluate("() => { window.heard = []; addEventListener('keydown', (event) => window.heard.push(event.key)) }")
    launcher.click()
    expect(page.get_by_role("textbox")).to_be_enabled()
    page.get_by_role("textbox").press_sequentially("/s")
    assert page.evaluate("() => window.heard") == []
    assert page.locator("h1").bounding_box() == box
    assert page.locator("candor-widget .panel").evaluate("(panel) => getComputedStyle(panel).direction") == "ltr"
    page.context.close()


@pytest.mark.browser
def test_the_chat_stays_when_the_page_exchanges_its_body(browser: Browser, gateway: Gateway) -> None:
    page = chat(browser, gateway)
    ask(page, "what is your refund policy")
    expect(bubbles(page, "within 30 days")).to_have_count(1)
    page.get_by_role("textbox").fill("half a sen")
    for exchange in (
        "document.body.innerHTML = '<h1>Other</h1>'",
        "document.body.replaceWith(document.createElement('body'))",
        "document.body.append(document.querySelector('candor-widget'))",
        "document.querySelector('candor-widget').remove(); window.candor.open()",
    ):
        page.evaluate(f"() => {{ {exchange} }}")
        expect(page.get_by_role("textbox")).to_have_value("half a sen")
        expect(bubbles(page, "within 30 days")).to_have_count(1)
    ask(page, "how can i pay")
    expect(bubbles(page, "PayPal")).to_have_count(1)
    page.context.close()
