"""The review console's pages beside the decisions, in a real browser on a real gateway: queues, contests, corrections,
charts and the stop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browser import LOOKS, assert_accessible, launched, open_page, picture
from tests.running import Gateway, Visitor, wait_until
from tests.tools import need

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 780}
REASON = "I was told five days, and it has been two weeks."
ADDRESS = "ada@example.com"
PAGES = ("queues", "contests", "corrections", "charts", "stop")


@dataclass
class Console:
    """A gateway with something to review: messages in two languages, a contest, two proposed corrections, a handoff."""

    gateway: Gateway
    visitor: Visitor
    staff: dict[str, requests.Session] = field(default_factory=dict)

    def call(self, login: str, method: str, path: str, body: Any = None) -> Any:
        """The staff's API as `login`; fails unless it is answered with 2xx."""
        if login not in self.staff:
            self.staff[login] = session = requests.Session()
            session.headers["X-Candor"] = "1"
            self.call(login, "POST", "/api/staff/session", {"login": login, "password": self.gateway.logins[login][1]})
        answer = self.staff[login].request(method, self.gateway.url + path, json=body, timeout=15)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def decisions(self, kind: str) -> list[dict[str, Any]]:
        """The newest sealed records of a kind, the newest first."""
        rows: list[dict[str, Any]] = self.call("ruth", "GET", f"/api/review/decisions?kind={kind}")["decisions"]
        return rows

    def review(self, login: str, decision: dict[str, Any], verdict: str, reason: str, **more: str) -> None:
        body = {"verdict": verdict, "reason": reason, **more}
        self.call(login, "POST", f"/api/review/decisions/{decision['decision_id']}/reviews", body)

    def contest(self, question: str) -> None:
        """The visitor asks, and has the answer checked."""
        answer = self.visitor.ask(question)[-1]
        contested = self.visitor.call(
            "POST", f"/messages/{answer['id']}/contest", {"reason": REASON, "contact": ADDRESS}
        )
        assert contested.status_code == 201, contested.text


def fill(console: Console) -> None:
    """What the tests read; each that changes something adds its own."""
    visitor = console.visitor
    visitor.ask("what is your refund policy")
    visitor.ask("how can i pay")
    visitor.ask("purple umbrellas sing loudly at dawn")
    chinese = Visitor(console.gateway, language="zh").open()
    chinese.ask("怎么付款")
    handoff = chinese.call("POST", "/handoff", {}).json()
    console.call("mina", "POST", f"/api/desk/handoffs/{handoff['id']}/claim")
    console.contest("how long do refunds take?")
    wait_until(lambda: len(console.decisions("understanding")) >= 5, 10)
    understood = console.decisions("understanding")
    console.review("ruth", understood[0], "wrong", "wrong_intent", correct_intent="refund_status")
    console.review("ruth", understood[1], "right", "fine")
    console.review("sam", understood[1], "unsure", "unclear")
    console.review("ruth", understood[2], "right", "fine")
    console.review("sam", understood[2], "right", "fine")


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    need("engine", "model", "web")
    gateway = Gateway(tmp_path_factory.mktemp("candor"), {"CANDOR_SECOND_REVIEWS": "1"}).start()
    gateway.wait_engine()
    try:
        console = Console(gateway, Visitor(gateway).open())
        fill(console)
        yield console
    finally:
        gateway.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need("chromium", "web")
    with launched() as browser:
        yield browser


@pytest.fixture
def signed_in(browser: Browser, console: Console) -> Iterator[Callable[..., Page]]:
    """Opens a page of the console as one of the staff; a script error on it fails the test."""
    pages: list[Page] = []
    errors: list[str] = []

    def open_as(login: str, name: str, **context: Any) -> Page:
        page = open_page(browser, **{"viewport": DESKTOP, **context})
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        page.goto(f"{console.gateway.url}/review?page={name}")
        page.get_by_label("Login").fill(login)
        page.get_by_label("Password").fill(console.gateway.logins[login][1])
        page.get_by_role("button", name="Sign in").click()
        expect(heading(page, name)).to_be_visible()
        return page

    yield open_as
    for page in pages:
        page.context.close()
    assert errors == []


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name.capitalize(), exact=True, level=2)


def queue(page: Page) -> Locator:
    return page.get_by_role("list", name=re.compile("Decisions in"))


@pytest.mark.browser
def test_a_reviewer_works_through_a_queue_from_its_page(signed_in: Callable[..., Page]) -> None:
    page = signed_in("olga", "queues")
    page.get_by_role("button", name=re.compile("Random sample")).click()
    expect(queue(page).get_by_role("link").first).to_be_visible()
    assert queue(page).get_by_role("link").count() > 2
    page.get_by_role("button", name="Begin with the first").click()
    expect(page).to_have_url(re.compile(r"queue=random.*decision="))
    expect(page.get_by_role("article")).to_be_visible()
    first = page.url
    page.keyboard.press("n")
    expect(page).not_to_have_url(first)
    expect(page).to_have_url(re.compile(r"queue=random.*decision="))
    page.go_back()
    page.go_back()
    expect(heading(page, "queues")).to_be_focused()


@pytest.mark.browser
def test_agreement_stands_beside_the_queues_with_its_disagreement(signed_in: Callable[..., Page]) -> None:
    page = signed_in("ruth", "queues")
    panel = page.locator("candor-agreement-panel")
    expect(panel.get_by_text("50%")).to_be_visible()
    expect(panel.get_by_text(re.compile("2 of them by two people, who came to the same verdict on 1"))).to_be_visible()
    expect(panel.get_by_text("Ruth: right · Sam: unsure")).to_be_visible()
    panel.get_by_role("link").first.click()
    expect(page.get_by_role("article")).to_be_visible()


@pytest.mark.browser
def test_a_contest_is_decided_and_the_visitor_reads_it(signed_in: Callable[..., Page], console: Console) -> None:
    page = signed_in("sam", "contests")
    page.get_by_role("list", name="Open contests").get_by_role("button").first.click()
    expect(page.get_by_text(REASON)).to_be_visible()
    expect(page.get_by_role("link", name=ADDRESS)).to_have_attribute("href", f"mailto:{ADDRESS}")
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    picture(page, "contest-open")
    page.get_by_label("The reply was wrong").check()
    page.get_by_label("Your words to the visitor").fill("It took too long. Your refund was sent today.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("heading", name="Checked: the reply was wrong")).to_be_focused()
    expect(page.get_by_role("list", name="Decided contests").get_by_role("listitem")).not_to_have_count(0)
    told = [message for message in console.visitor.messages() if "Your refund was sent today." in message["text"]]
    assert [message["author"] for message in told] == ["system"]
    assert "Sam, a person" in told[0]["text"]
    picture(page, "contest-decided")


@pytest.mark.browser
def test_opening_a_contest_is_on_record_and_listing_none_is_shown(
    signed_in: Callable[..., Page], console: Console
) -> None:
    console.contest("how can i pay")
    before = len(console.decisions("access"))
    page = signed_in("ruth", "contests")
    row = page.get_by_role("list", name="Open contests").get_by_role("button").last
    expect(row).to_be_visible()
    assert REASON not in page.locator("candor-contests-page").inner_text()
    assert len(console.decisions("access")) == before
    row.click()
    expect(page.get_by_text(REASON)).to_be_visible()
    assert len(console.decisions("access")) == before + 1


@pytest.mark.browser
def test_a_maintainer_words_and_accepts_a_correction_that_a_reviewer_can_only_read(
    signed_in: Callable[..., Page], console: Console
) -> None:
    reader = signed_in("ruth", "corrections")
    expect(reader.get_by_role("heading", name="refund status instead of")).to_be_visible()
    expect(reader.get_by_role("button", name="Accept", exact=True)).to_have_count(0)
    page = signed_in("olga", "corrections")
    wording = page.get_by_label(re.compile("Wording to learn"))
    wording.fill("my refund for FH-204817 is late")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    wording.fill("when does the money for my return arrive")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_text("No example waits.")).to_be_visible()
    expect(heading(page, "corrections")).to_be_focused()
    page.get_by_role("button", name="Accepted").click()
    expect(page.get_by_text("when does the money for my return arrive")).to_be_visible()
    expect(page.get_by_text("Not yet trained")).to_be_visible()
    picture(page, "corrections-accepted")


@pytest.mark.browser
def test_the_charts_count_what_is_on_record(signed_in: Callable[..., Page], console: Console) -> None:
    page = signed_in("ruth", "charts")
    messages = page.get_by_role("figure", name="Messages")
    messages.get_by_text("As a table").click()
    today = messages.get_by_role("row").nth(1)
    assert int(today.get_by_role("cell").inner_text()) >= 5
    expect(page.get_by_role("img", name=re.compile("^Not understood: .*% on "))).to_be_visible()
    page.get_by_role("combobox", name="By", exact=True).select_option("language")
    handed = page.get_by_role("table", name="Passed to a human")
    expect(handed.get_by_role("row", name=re.compile("Chinese"))).to_be_visible()
    picture(page, "charts-language")
    page.get_by_role("combobox", name="By", exact=True).select_option("model")
    expect(page.get_by_role("table", name="Messages").get_by_role("row")).to_have_count(2)
    page.get_by_role("combobox", name="Period", exact=True).select_option("0")
    page.get_by_label("To", exact=True).fill("2020-01-02")
    expect(page.get_by_role("alert")).to_contain_text("Choose a first day")
    page.get_by_label("From", exact=True).fill("2020-01-01")
    expect(page.get_by_text("Nothing is on record for this choice.")).to_be_visible()


@pytest.mark.browser
def test_one_topic_is_stopped_and_started_again_without_a_mouse(
    signed_in: Callable[..., Page], console: Console
) -> None:
    visitor = Visitor(console.gateway).open()
    assert "PayPal" in visitor.ask("how can i pay")[-1]["text"]
    reader = signed_in("ruth", "stop")
    expect(reader.get_by_text("The assistant is running")).to_be_visible()
    expect(reader.get_by_role("textbox")).to_have_count(0)

    page = signed_in("olga", "stop")
    page.get_by_label("What to stop").focus()
    page.get_by_label("What to stop").select_option(label="Only: Payments")
    page.keyboard.press("Tab")
    page.keyboard.type("The price list is being mended.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Stopped now")).to_be_focused()
    picture(page, "stop-running")
    stopped = visitor.ask("how can i pay")[0]
    assert stopped["author"] == "system"
    assert "does not answer questions of this kind for now" in stopped["text"]

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The assistant is running")).to_be_focused()
    expect(page.get_by_text("The price list is being mended.")).to_be_visible()
    assert "PayPal" in Visitor(console.gateway).open().ask("how can i pay")[-1]["text"]


@pytest.mark.browser
def test_words_to_a_visitor_survive_a_sign_in_that_ends(signed_in: Callable[..., Page], console: Console) -> None:
    console.contest("what is your refund policy")
    page = signed_in("olga", "contests")
    page.get_by_role("list", name="Open contests").get_by_role("button").last.click()
    page.get_by_label("Your words to the visitor").fill("Half a sentence")
    page.context.clear_cookies()
    page.get_by_label("The reply stands").check()
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_label("Login").fill("olga")
    page.get_by_label("Password").fill(console.gateway.logins["olga"][1])
    page.get_by_role("button", name="Sign in").click()
    if "page=contests" not in page.url:
        page.get_by_role("link", name="Contests").click()
    page.get_by_role("list", name="Open contests").get_by_role("button").last.click()
    expect(page.get_by_label("Your words to the visitor")).to_have_value("Half a sentence")


@pytest.mark.browser
@pytest.mark.parametrize(("device", "scheme"), LOOKS)
def test_no_accessibility_violation_on_any_page(
    signed_in: Callable[..., Page], console: Console, device: str, scheme: str
) -> None:
    page = signed_in("olga", "stop", color_scheme=scheme, viewport=DESKTOP if device == "desktop" else PHONE)
    for name in PAGES:
        page.get_by_role("link", name=name.capitalize(), exact=True).click()
        expect(heading(page, name)).to_be_focused()
        expect(page.get_by_text("Loading…")).to_have_count(0)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
        picture(page, f"review-{name}-{scheme}-{device}")
    page.get_by_role("link", name="Contests", exact=True).click()
    page.get_by_role("list", name=re.compile("contests")).get_by_role("button").last.click()
    expect(page.get_by_role("heading", name=re.compile("reply")).first).to_be_visible()
    assert_accessible(page)
    picture(page, f"review-contest-{scheme}-{device}")
