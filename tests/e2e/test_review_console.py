"""The review console's shell and its decisions page in a real browser, on a real gateway with a visitor's turns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.e2e.browser import assert_accessible, launched, open_page, picture
from tests.running import Gateway, Visitor, wait_until
from tests.tools import need

DESKTOP = {"width": 1280, "height": 800}
WIDE = {"width": 1600, "height": 900}
PHONE = {"width": 390, "height": 780}
REMEMBERED = "candor.review.checkpoint"
FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return `${element?.tagName} ${element?.getAttribute("name") ?? ""} ${element?.innerText ?? ""}`;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need("chromium", "web")
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def visitor(gateway: Gateway) -> Visitor:
    gateway.wait_engine()
    visitor = Visitor(gateway).open()
    for text in ("what is your refund policy", "blarg wibble fnord", "how can i pay"):
        visitor.ask(text)
    return visitor


def sign_in(page: Page, gateway: Gateway, login: str = "ruth", query: str = "") -> None:
    page.goto(f"{gateway.url}/review{query}")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(gateway.logins[login][1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("banner")).to_be_visible()


def console(browser: Browser, visitor: Visitor, more: str = "", **context: Any) -> Page:
    """The decisions of the visitor's conversation; `more` is added to the address."""
    page = open_page(browser, **{"viewport": DESKTOP, **context})
    sign_in(page, visitor.gateway, query=f"?conversation={visitor.conversation_id}{more}")
    expect(rows(page).first).to_be_visible()
    return page


def rows(page: Page) -> Locator:
    return page.get_by_role("list", name="Decisions, newest first").get_by_role("link")


def open_one(page: Page, kind: str = "answer") -> None:
    rows(page).filter(has_text=kind).first.click()
    expect(page.get_by_role("article")).to_be_visible()


def badge(page: Page) -> Locator:
    return page.locator("candor-evidence-badge .badge")


def decision_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["decision"][0]


def changed_record(page: Page, **fields: Any) -> None:
    """As if the server gave another record than the sealed one."""

    def answer(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), **fields})

    page.route(re.compile(r"/api/review/decisions/dec_\w+\?why="), answer)


@pytest.mark.browser
def test_a_whole_review_can_be_done_by_keyboard(browser: Browser, visitor: Visitor) -> None:
    page = console(browser, visitor)
    page.keyboard.press("/")
    page.keyboard.type("understanding n r 1 c p ?")  # letters typed into a field are no shortcuts
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("article")).to_have_count(0)
    page.get_by_role("searchbox").fill("")
    page.keyboard.press("Tab")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    article = page.get_by_role("article")
    expect(article.get_by_role("heading", level=2)).to_be_focused()
    opened = decision_of(page)

    page.keyboard.press("r")
    expect(page.get_by_role("radio", name="Right")).to_be_focused()
    page.keyboard.press("Escape")
    assert "A" in page.evaluate(FOCUSED).split()[0]
    page.keyboard.press("2")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Training example")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(article.get_by_role("status").get_by_text("Your review is on record.")).to_be_visible()
    expect(article.get_by_role("list", name="Reviews so far")).to_contain_text("Ruth")
    row = page.locator(f"candor-decision-list a[data-id={opened}]")
    expect(row).to_contain_text("Reviewed: wrong")
    expect(page.get_by_role("button", name="Next decision")).to_be_focused()

    page.keyboard.press("n")
    expect(page).not_to_have_url(re.compile(opened))
    expect(article.get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name="How this record was checked")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Conversation")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Conversation", exact=True)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Open the next decision")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("f")
    expect(page.get_by_label("Kind")).to_be_focused()
    page.context.close()


@pytest.mark.browser
def test_the_browser_itself_verifies_a_record_against_the_signed_log(browser: Browser, visitor: Visitor) -> None:
    page = console(browser, visitor)
    open_one(page)
    expect(badge(page)).to_have_text(re.compile(r"Verified checked in this browser against checkpoint [\d,]+\s*$"))
    page.keyboard.press("p")
    proof = page.locator("candor-evidence-badge .proof")
    expect(proof.locator("li.ok")).to_have_count(6)
    expect(proof.locator("li.bad")).to_have_count(0)
    kept = json.loads(page.evaluate(f"localStorage.getItem('{REMEMBERED}')"))
    assert kept["size"] > 0 and len(kept["root"]) == 64
    picture(page, "review-proof")
    page.context.close()


@pytest.mark.browser
def test_a_record_that_was_changed_does_not_verify_and_says_what_to_do(browser: Browser, visitor: Visitor) -> None:
    page = console(browser, visitor)
    changed_record(page, payload='{"outcome":"something else"}')
    open_one(page)
    expect(badge(page)).to_contain_text("Does not verify")
    page.keyboard.press("p")
    expect(page.locator("candor-evidence-badge li.bad")).to_contain_text("The content does not give the hash")
    expect(page.get_by_text("candor log verify")).to_be_visible()
    assert_accessible(page)
    picture(page, "review-does-not-verify")
    page.context.close()


@pytest.mark.browser
def test_an_erased_record_still_verifies_by_its_header(browser: Browser, visitor: Visitor) -> None:
    page = console(browser, visitor)
    erasure = {"at": "2026-11-23T14:05:33Z", "reason": "asked_by_visitor", "record_id": "dec_1"}
    changed_record(page, payload=None, salt=None, erasure=erasure)
    open_one(page)
    expect(badge(page)).to_contain_text("Erased, header verified")
    expect(page.get_by_text(re.compile("content of this record was erased on"))).to_be_visible()
    picture(page, "review-erased")
    page.context.close()


@pytest.mark.browser
def test_a_log_that_became_shorter_is_noticed_on_every_page(browser: Browser, visitor: Visitor) -> None:
    page = console(browser, visitor)
    open_one(page)
    expect(badge(page)).to_contain_text("Verified")
    page.evaluate(
        f"""() => {{ const kept = JSON.parse(localStorage.getItem('{REMEMBERED}'));
        localStorage.setItem('{REMEMBERED}', JSON.stringify({{...kept, size: kept.size + 1000000}})); }}"""
    )
    page.reload()
    expect(badge(page)).to_contain_text("Does not verify")
    log = page.get_by_role("button", name="Log needs a look")
    log.click()
    expect(page.get_by_role("dialog")).to_contain_text("This browser has seen")
    assert_accessible(page)
    picture(page, "review-log-shorter")
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("p")
    page.get_by_role("button", name="Forget what this browser saw before").click()
    expect(badge(page)).to_contain_text("Verified")
    page.context.close()


@pytest.mark.browser
def test_every_view_has_an_address_and_the_back_button_leads_back(browser: Browser, visitor: Visitor) -> None:
    page = console(browser, visitor)
    list_address = page.url
    open_one(page)
    decision_address, title = page.url, page.get_by_role("article").get_by_role("heading", level=2).inner_text()
    page.get_by_role("link", name="Queues").click()
    expect(page).to_have_url(re.compile(r"/review\?page=queues$"))
    expect(page.get_by_role("heading", name="Queues", level=2)).to_be_focused()
    expect(page).to_have_title(re.compile("^Queues"))
    page.go_back()
    expect(page).to_have_url(decision_address)
    expect(page.get_by_role("article").get_by_role("heading", level=2)).to_have_text(title)
    page.go_back()
    expect(page).to_have_url(list_address)
    expect(page.get_by_role("article")).to_have_count(0)
    page.goto(decision_address)
    expect(page.get_by_role("article").get_by_role("heading", level=2)).to_have_text(title)
    for name in ("Queues", "Contests", "Corrections", "Charts", "Stop"):
        page.get_by_role("navigation", name="Review console").get_by_role("link", name=name).click()
        expect(page.get_by_role("main").get_by_role("heading", level=2).first).to_be_visible()
    page.context.close()


@pytest.mark.browser
def test_the_conversation_stands_beside_the_decision_and_the_look_is_on_record(
    browser: Browser, visitor: Visitor
) -> None:
    page = console(browser, visitor, viewport=WIDE)
    page.get_by_label("Looking for").select_option("complaint")
    open_one(page)
    opened = decision_of(page)
    page.get_by_role("button", name="Conversation", exact=True).click()
    panel = page.get_by_role("complementary", name="Conversation around the decision")
    expect(panel.locator(".text", has_text="how can i pay")).to_be_visible()
    expect(panel.locator(".message.here .tag")).to_have_text(["Visitor", "AI assistant"])
    expect(panel.get_by_role("link").and_(panel.locator("[aria-current=true]"))).to_contain_text("answer")
    picture(page, "review-conversation")
    assert_accessible(page)

    def looks() -> list[dict[str, Any]]:
        listed = page.request.get(f"{visitor.gateway.url}/api/review/decisions?kind=access&limit=20").json()
        ids = [one["decision_id"] for one in listed["decisions"]]
        return [page.request.get(f"{visitor.gateway.url}/api/review/decisions/{one}").json() for one in ids[:4]]

    wait_until(lambda: any(opened in json.dumps(one) and "complaint" in json.dumps(one) for one in looks()), 10)
    page.context.close()


@pytest.mark.browser
def test_filters_and_search_narrow_the_list_and_what_is_exported(browser: Browser, visitor: Visitor) -> None:
    page = console(browser, visitor)
    whole = rows(page).count()
    page.keyboard.press("f")
    page.get_by_label("Kind").select_option("understanding")
    expect(rows(page)).to_have_count(3)
    page.get_by_label("Confidence to, %").fill("50")
    page.keyboard.press("Tab")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("Not understood")
    picture(page, "review-filters")
    page.get_by_role("button", name="Take off the filter Confidence to: 50%").click()
    expect(rows(page)).to_have_count(3)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export these decisions as CSV").click()
    lines = download.value.path().read_text("utf-8").splitlines()
    assert len(lines) == 1 + 3
    page.get_by_role("button", name="Take off the filter Kind: Understanding").click()
    expect(rows(page)).to_have_count(whole)
    page.get_by_role("searchbox").fill("nobody_said_this")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No decision fits these filters.")).to_be_visible()
    page.context.close()


@pytest.mark.browser
def test_the_ids_that_the_product_makes_are_found(browser: Browser, visitor: Visitor) -> None:
    """Pasted as somebody got them from a log line, a desk or an erasure: of a conversation, a message or a reply."""
    question, reply = next((m["reply_to"], m["id"]) for m in visitor.messages() if m["author"] == "assistant")
    page = open_page(browser, viewport=DESKTOP)
    sign_in(page, visitor.gateway)
    shown = {}
    for pasted in (visitor.conversation_id, question, reply):
        page.get_by_role("searchbox").fill(f" {pasted} ")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(pasted))
        expect(rows(page).filter(has_text="answer").first).to_be_visible()
        expect(rows(page).filter(has_text="understanding")).to_have_count(3 if pasted == visitor.conversation_id else 1)
        shown[pasted] = {row.get_attribute("data-id") for row in rows(page).all()}
    assert shown[question] == shown[reply] < shown[visitor.conversation_id]
    page.context.close()


@pytest.mark.browser
def test_a_queue_is_worked_through_from_one_decision_to_the_next(browser: Browser, visitor: Visitor) -> None:
    page = open_page(browser, viewport=DESKTOP)
    sign_in(page, visitor.gateway, "sam", "?queue=random")
    listed = page.get_by_role("list", name=re.compile("Decisions in the queue")).get_by_role("link")
    expect(listed.first).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("article")).to_be_visible()
    first = decision_of(page)
    page.keyboard.press("n")
    expect(page).not_to_have_url(re.compile(first))
    assert "queue=random" in page.url
    expect(page.get_by_role("article")).to_be_visible()
    picture(page, "review-queue")
    page.get_by_role("link", name="All decisions", exact=True).click()
    expect(page.get_by_role("heading", name="Decisions", level=2)).to_be_visible()
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_accessibility_violation_anywhere_on_the_decisions_page(
    browser: Browser, visitor: Visitor, scheme: str, size: dict[str, int]
) -> None:
    name = f"review-{'phone' if size is PHONE else 'desktop'}-{scheme}"
    page = console(browser, visitor, color_scheme=scheme, viewport=size)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    assert_accessible(page)
    picture(page, f"{name}-list")
    page.keyboard.press("f")
    expect(page.get_by_role("combobox", name="Outcome")).to_be_visible()
    assert_accessible(page)
    picture(page, f"{name}-filters")
    open_one(page, "understanding")
    expect(badge(page)).to_contain_text("Verified")
    assert_accessible(page)
    picture(page, f"{name}-decision")
    page.keyboard.press("2")
    page.get_by_label("Right intent").select_option(index=1)
    page.keyboard.press("Tab")
    assert_accessible(page)
    picture(page, f"{name}-verdict")
    page.get_by_role("button", name="Conversation", exact=True).press("p")
    assert_accessible(page)
    picture(page, f"{name}-proof")
    page.keyboard.press("c")
    expect(page.locator(".message .text", has_text="how can i pay")).to_be_visible()
    assert_accessible(page)
    picture(page, f"{name}-conversation")
    page.keyboard.press("?")
    assert_accessible(page)
    picture(page, f"{name}-help")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("sealed")).click()
    expect(page.get_by_role("dialog")).to_contain_text("records are sealed")
    assert_accessible(page)
    picture(page, f"{name}-log")
    assert refused == []
    assert page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        size["width"],
        size["height"],
    ], "the page is larger than the screen"
    page.context.close()


@pytest.mark.browser
def test_nothing_moves_for_people_who_asked_for_no_motion(browser: Browser, visitor: Visitor) -> None:
    page = console(browser, visitor, reduced_motion="reduce")
    open_one(page)
    moving = page.evaluate(
        """() => { const all = []; const walk = (root) => { for (const one of root.querySelectorAll("*")) {
        const style = getComputedStyle(one);
        if (parseFloat(style.transitionDuration) > 0 || style.animationName !== "none") all.push(one.tagName);
        if (one.shadowRoot) walk(one.shadowRoot); } }; walk(document); return all; }"""
    )
    assert moving == []
    page.context.close()
