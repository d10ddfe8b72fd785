"""Many tabs in a real browser: one stream for all of them, as a browser opens six connections to a server at most."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.e2e.browser import launched, open_page
from tests.running import Gateway, Visitor, wait_until
from tests.tools import need

TABS = 8
"""More than a browser has connections."""


class Streams:
    """The event streams that the tabs of `context` hold open."""

    def __init__(self, context: BrowserContext) -> None:
        self.open: set[Request] = set()
        context.on("request", self._begun)
        context.on("requestfinished", self._ended)
        context.on("requestfailed", self._ended)

    def _begun(self, request: Request) -> None:
        if request.url.endswith("/events"):
            self.open.add(request)

    def _ended(self, request: Request) -> None:
        self.open.discard(request)

    def become(self, count: int, page: Page) -> None:
        """Waits until so many are open."""

        def reached() -> bool:
            page.wait_for_timeout(50)
            return sum(not request.frame.page.is_closed() for request in self.open) == count

        wait_until(reached)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need("chromium", "web")
    with launched() as browser:
        yield browser


def tabs(first: Page, url: str, ready: Callable[[Page], None]) -> list[Page]:
    pages = [first]
    while len(pages) < TABS:
        pages.append(first.context.new_page())
        pages[-1].goto(url)
        ready(pages[-1])
    return pages


@pytest.mark.browser
def test_a_chat_in_many_tabs_has_one_stream_and_every_tab_hears_the_answer(browser: Browser, gateway: Gateway) -> None:
    first = open_page(browser)
    streams = Streams(first.context)
    first.goto(gateway.url)
    first.locator("candor-widget").get_by_role("button").first.click()
    expect(first.get_by_role("textbox")).to_be_enabled()
    pages = tabs(first, gateway.url, lambda page: expect(page.get_by_role("textbox")).to_be_enabled())
    streams.become(1, first)

    def answered(page: Page, pattern: str) -> None:
        found = page.locator("candor-widget .message .text").filter(has_text=re.compile(pattern))
        expect(found).to_have_count(1)

    pages[0].get_by_role("textbox").fill("what is your refund policy")
    pages[0].keyboard.press("Enter")
    for page in pages:
        answered(page, "within 30 days")

    # The connected tab, which is the one that came last, is closed: another one takes over and nothing is missed.
    pages.pop().close()
    streams.become(1, first)
    pages[0].get_by_role("textbox").fill("how can i pay")
    pages[0].keyboard.press("Enter")
    for page in pages:
        answered(page, "PayPal")
        answered(page, "within 30 days")

    # No stream for a closed panel.
    for page in pages:
        page.evaluate("() => window.candor.close()")
    streams.become(0, first)
    first.context.close()


@pytest.mark.browser
def test_a_desk_in_many_tabs_has_one_stream_and_every_tab_shows_who_waits(browser: Browser, gateway: Gateway) -> None:
    first = open_page(browser)
    streams = Streams(first.context)
    path, password = gateway.logins["mina"]
    first.goto(gateway.url + path)
    first.get_by_label("Login").fill("mina")
    first.get_by_label("Password").fill(password)
    first.get_by_role("button", name="Sign in").click()

    def loaded(page: Page) -> None:
        expect(page.get_by_role("heading", name="Waiting")).to_be_visible()

    loaded(first)
    pages = tabs(first, gateway.url + path, loaded)
    streams.become(1, first)
    visitor = Visitor(gateway).open()
    assert visitor.call("POST", "/handoff", {}).status_code in (200, 201)
    for page in pages:
        expect(page).to_have_title(re.compile(r"^\(\d+\)"))
    assert visitor.call("DELETE", "/handoff").status_code == 200
    first.context.close()
