"""Consent and the privacy centre in a real browser: in the chat and on its own page, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browser import assert_accessible, launched, open_page, picture, stored_on_device, tab_to
from tests.running import Gateway, Visitor
from tests.tools import ROOT, need

NOTHING = {"local": [], "session": [], "cookies": "", "databases": [], "caches": [], "jar": []}
ONE_ENTRY = {**NOTHING, "local": ["candor:conversation"]}
KEPT = "() => JSON.parse(localStorage.getItem('candor:conversation'))"
COUNT_PRESSES = "() => { window.presses = 0; addEventListener('click', () => { window.presses += 1 }, true) }"
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
ADA, BRUNO, OMAR, NOOR, MEI = "cust_ada", "cust_bruno", "cust_omar", "cust_noor", "cust_mei"
SHOP = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>
<link rel="icon" href="data:,"></head><body><h1>A shop</h1><script src="/widget.js" defer></script></body></html>"""
WORDS = {
    "en": {
        "privacy": "Your privacy",
        "stored": re.compile("^What is stored"),
        "erase_all": "Erase everything",
        "erase": "Erase",
        "receipt": "Receipt of the erasure",
        "question": "what is your refund policy",
        "answer": "within 30 days",
    },
    "zh": {
        "privacy": "我的隐私",
        "stored": re.compile("^保存了哪些内容"),
        "erase_all": "删除全部内容",
        "erase": "删除",
        "receipt": "删除回执",
        "question": "多久能退款？",
        "answer": "工作日",
    },
}

LOOKS: dict[str, list[tuple[Any, Any]]] = {
    "en": [(WIDE, "light"), (NARROW, "dark")],
    "zh": [(WIDE, "dark"), (NARROW, "light")],
}
"""Every width in every scheme, every language in every width and every scheme."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need("chromium", "web")
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """One for this file alone: a customer's choices hold for all their chats, also for those of other files' tests."""
    need("engine", "model", "web")
    gateway = Gateway(tmp_path_factory.mktemp("candor")).start()
    yield gateway
    gateway.stop()


@pytest.fixture
def visit(browser: Browser, gateway: Gateway) -> Iterator[Callable[..., Page]]:
    """Opens the chat as a new visitor; `customer` is signed in at the shop."""
    pages: list[Page] = []

    def open_one(customer: str | None = None, language: str = "en", init: str = "", **context: Any) -> Page:
        page = open_page(browser, **context)
        pages.append(page)
        if init:
            page.add_init_script(init)
        page.goto(f"{gateway.url}/?lang={language}" + (f"&customer={customer}" if customer else ""))
        open_chat(page)
        return page

    yield open_one
    for page in pages:
        page.context.close()


def open_chat(page: Page) -> None:
    page.locator("candor-widget").get_by_role("button").first.click()
    expect(page.get_by_role("textbox")).to_be_enabled()


def ask(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")


def answers(page: Page, text: str) -> None:
    expect(page.locator("candor-widget .message.assistant .text").filter(has_text=text).last).to_be_visible()


def open_centre(page: Page, language: str = "en") -> Locator:
    page.get_by_role("button", name=WORDS[language]["privacy"], exact=True).click()
    centre = page.locator("candor-privacy-centre")
    expect(centre.get_by_role("switch").first).to_be_visible()
    return centre


def switch(page: Page, name: str) -> Locator:
    return page.get_by_role("switch", name=name)


def is_on(page: Page, name: str) -> None:
    expect(switch(page, name)).to_have_attribute("aria-checked", "true")


def is_off(page: Page, name: str) -> None:
    expect(switch(page, name)).to_have_attribute("aria-checked", "false")


def stand(page: Page, name: str) -> Locator:
    """What stands below a purpose's switch."""
    return page.locator("candor-purposes li").filter(has=page.get_by_role("heading", name=name)).locator(".stand")


def page_of(browser: Browser, visitor: Visitor, language: str = "en", **context: Any) -> Page:
    """The page /privacy as the chat opens it."""
    page = open_page(browser, **context)
    fragment = f"conversation={visitor.conversation_id}&token={visitor.token}&language={language}"
    page.goto(f"{visitor.gateway.url}/privacy#{fragment}")
    expect(page.get_by_role("switch").first).to_be_visible()
    return page


# What is on the device


@pytest.mark.browser
def test_nothing_is_stored_or_asked_for_before_the_chat_is_opened_and_then_only_what_is_documented(
    browser: Browser, gateway: Gateway
) -> None:
    page, asked = open_page(browser), []
    page.route("**/a-shop", lambda route: route.fulfill(body=SHOP, content_type="text/html"))
    page.on("request", lambda request: asked.append(request.url.removeprefix(gateway.url)))
    page.goto(f"{gateway.url}/a-shop", wait_until="networkidle")
    expect(page.locator("candor-widget").get_by_role("button")).to_be_visible()
    assert stored_on_device(page) == NOTHING
    assert [path for path in asked if not path.startswith("data:")] == ["/a-shop", "/widget.js"]

    open_chat(page)
    assert stored_on_device(page) == ONE_ENTRY
    documented = re.findall(r"^\| `(\w+)` \|", section("What is on the visitor's device"), re.MULTILINE)
    assert list(page.evaluate(KEPT)) == documented

    # What was written and has not been sent is the one thing that is added, as documented.
    page.context.set_offline(True)
    ask(page, "how can i pay")
    expect(page.get_by_text("Not sent").first).to_be_visible()
    (pending,) = page.evaluate(KEPT)["pending"]
    assert all(f"`{name}`" in section("What is on the visitor's device") for name in pending)
    open_centre_offline = page.get_by_role("button", name="Your privacy")
    page.context.set_offline(False)
    answers(page, "PayPal")
    open_centre_offline.click()
    expect(page.get_by_role("switch").first).to_be_visible()
    assert stored_on_device(page) == ONE_ENTRY
    assert page.evaluate(KEPT)["pending"] == []
    page.context.close()


@pytest.mark.browser
def test_the_page_stores_nothing_and_takes_the_key_out_of_its_address(browser: Browser, gateway: Gateway) -> None:
    visitor = Visitor(gateway).open()
    page, sent = open_page(browser), []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(f"{gateway.url}/privacy#conversation={visitor.conversation_id}&token={visitor.token}&language=en")
    expect(page.get_by_role("switch").first).to_be_visible()
    assert page.url == f"{gateway.url}/privacy"
    assert not any(visitor.token in url.partition("#")[0] for url in sent)
    assert stored_on_device(page) == NOTHING
    page.reload()
    expect(page.get_by_role("heading", name="Open this page from the chat")).to_be_visible()
    assert_accessible(page)
    page.context.close()


def section(title: str) -> str:
    """A section of docs/how-to/embed-the-widget.md."""
    text = (ROOT / "docs" / "how-to" / "embed-the-widget.md").read_text("utf-8")
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


# Choices


@pytest.mark.browser
def test_taking_a_yes_back_needs_no_more_presses_than_giving_it(visit: Callable[..., Page]) -> None:
    page = visit(ADA)
    page.evaluate(COUNT_PRESSES)

    def presses() -> int:
        made: int = page.evaluate("() => { const made = window.presses; window.presses = 0; return made }")
        return made

    ask(page, "where is my order?")
    allow = page.get_by_role("button", name="Allow", exact=True)
    expect(allow).to_be_visible()
    expect(page.get_by_role("radio", name="In this conversation")).to_be_checked()
    assert presses() == 0
    allow.click()
    answers(page, "FH-204817")
    expect(page.get_by_text("You allowed this in this conversation")).to_be_visible()
    on_the_card = presses()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("You took this back. We no longer look.")).to_be_visible()
    assert (on_the_card, presses()) == (1, 1)

    open_centre(page)
    switch(page, "Use your order history").click()
    is_on(page, "Use your order history")
    in_the_centre = presses()
    page.get_by_role("button", name="Back to the chat").click()
    presses()
    open_centre(page)
    switch(page, "Use your order history").click()
    is_off(page, "Use your order history")
    assert (in_the_centre, presses()) == (2, 2)


@pytest.mark.browser
def test_a_no_costs_one_press_and_is_as_big_as_a_yes(visit: Callable[..., Page]) -> None:
    page = visit(BRUNO, viewport=NARROW)
    ask(page, "where is my order?")
    allow, refuse = (page.get_by_role("button", name=name, exact=True) for name in ("Allow", "No thanks"))
    expect(refuse).to_be_visible()
    boxes = allow.bounding_box(), refuse.bounding_box()
    assert boxes[0] and boxes[1]
    assert [round(boxes[0][side]) for side in ("width", "height", "y")] == [
        round(boxes[1][side]) for side in ("width", "height", "y")
    ]
    refuse.click()
    expect(page.get_by_text("You said no thanks. We do not look.")).to_be_visible()
    open_centre(page)
    expect(stand(page, "Use your order history")).to_have_text("Off. You said no thanks.")


@pytest.mark.browser
def test_a_yes_for_once_is_used_up_and_asked_again_in_sight(visit: Callable[..., Page]) -> None:
    page = visit(OMAR)
    ask(page, "where is my order?")
    page.get_by_role("radio", name="Just this once").check()
    page.get_by_role("button", name="Allow", exact=True).click()
    answers(page, "FH-")
    expect(page.get_by_text("Used this once. We no longer look.")).to_be_visible()
    assert page.locator(".message.visitor .text").filter(has_text="/allow").count() == 0
    ask(page, "where is my order?")
    expect(page.get_by_role("button", name="Allow", exact=True)).to_be_in_viewport()


@pytest.mark.browser
def test_an_objection_is_one_press_and_the_switch_undoes_it(visit: Callable[..., Page]) -> None:
    page = visit(NOOR)
    open_centre(page)
    name = "Recommend from what you bought and looked at"
    page.get_by_role("button", name="Object to recommendations").click()
    expect(stand(page, name)).to_contain_text("You objected")
    expect(switch(page, name)).to_be_focused()
    page.keyboard.press("Space")
    is_on(page, name)


@pytest.mark.browser
@pytest.mark.parametrize("how", ["header", "property"])
def test_global_privacy_control_is_honoured_and_shown(visit: Callable[..., Page], how: str) -> None:
    property_ = "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})"
    page = visit(extra_http_headers={"Sec-GPC": "1"}) if how == "header" else visit(init=property_)
    centre = open_centre(page)
    expect(centre.get_by_text("We honour that: what it covers stays off")).to_be_visible()
    learning, orders = "Learn from this conversation", "Use your order history"
    expect(stand(page, learning)).to_contain_text("because your browser asks for it (Global Privacy Control)")
    expect(stand(page, orders)).not_to_contain_text("Global Privacy Control")
    switch(page, learning).click()
    is_on(page, learning)

    # It stays honoured when the page is loaded again, and so does what the visitor turned on in spite of it.
    page.reload()
    open_centre(page)
    is_on(page, learning)
    expect(stand(page, "Write to you by e-mail")).to_contain_text("Global Privacy Control")


@pytest.mark.browser
@pytest.mark.parametrize(("keep", "customer"), [(True, MEI), (False, NOOR)], ids=["kept", "left"])
def test_choices_made_before_signing_in_are_asked_about_once(
    visit: Callable[..., Page], keep: bool, customer: str
) -> None:
    page = visit()
    open_centre(page)
    learning = "Learn from this conversation"
    switch(page, learning).click()
    is_on(page, learning)
    page.get_by_role("button", name="Back to the chat").click()
    page.get_by_label("Sign in as a sample customer").select_option(customer)
    expect(page.get_by_role("heading", name="Keep the choices you made before you signed in?")).to_be_visible()
    expect(page.locator("candor-merge-card")).to_contain_text(f"{learning}: Allowed")
    expect(page.get_by_role("button", name="Leave them", exact=True)).to_be_in_viewport(ratio=1)
    picture(page, "privacy-merge")
    assert_accessible(page)
    page.get_by_role("button", name="Keep" if keep else "Leave them", exact=True).click()
    expect(page.locator("candor-merge-card")).to_have_count(0)
    open_centre(page)
    (is_on if keep else is_off)(page, learning)


# What is stored


@pytest.mark.browser
def test_what_was_said_and_left_is_shown_put_right_and_taken_along(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, "what is your refund policy")
    answers(page, "within 30 days")
    page.get_by_role("button", name="Have a human check this").click()
    page.get_by_label("E-mail or phone, to be written to as well (optional)").fill("ada@exmaple.org")
    page.get_by_role("button", name="Send", exact=True).first.click()
    expect(page.get_by_text("A person will check this answer.")).to_be_visible()

    centre = open_centre(page)
    centre.get_by_role("button", name=WORDS["en"]["stored"]).click()
    centre.locator("summary").filter(has_text="What was said here").click()
    said = centre.get_by_role("listitem").filter(has_text="what is your refund policy")
    expect(said).to_contain_text("You")
    expect(centre.locator(".tag.ai").filter(has_text="AI assistant").first).to_be_visible()

    centre.locator("summary").filter(has_text="Addresses you left").click()
    centre.get_by_role("button", name="Correct this: ada@exmaple.org").click()
    page.get_by_label("E-mail or phone, as it should be").fill("not an address")
    page.keyboard.press("Enter")
    expect(centre.get_by_role("alert").filter(has_text="address")).to_be_visible()
    page.get_by_label("E-mail or phone, as it should be").fill("ada@example.org")
    page.keyboard.press("Enter")
    expect(centre.get_by_text("Corrected.")).to_be_visible()
    expect(centre.locator(".value").filter(has_text="ada@example.org")).to_be_visible()

    told = downloaded(page, "Download as data (JSON)")
    assert re.fullmatch(r"candor-my-data-\d{4}-\d\d-\d\d\.json", told.name)
    everything = json.dumps(json.loads(told.read_text("utf-8")), ensure_ascii=False)
    assert "what is your refund policy" in everything and "ada@example.org" in everything
    readable = downloaded(page, "Download to read (HTML)").read_text("utf-8")
    assert "what is your refund policy" in readable and "AI assistant" in readable


@pytest.mark.browser
def test_each_choice_has_its_receipt_to_keep(visit: Callable[..., Page]) -> None:
    page = visit()
    centre = open_centre(page)
    switch(page, "Learn from this conversation").click()
    is_on(page, "Learn from this conversation")
    centre.get_by_role("button", name=re.compile("^Your choices so far")).click()
    expect(centre.get_by_role("listitem").filter(has_text="You allowed it")).to_contain_text("until you take it back")
    assert "Learn from this conversation" in downloaded(page, "Receipt HTML").read_text("utf-8")
    assert json.loads(downloaded(page, "Receipt JSON").read_text("utf-8"))
    assert json.loads(downloaded(page, "All of these as consent records (JSON-LD)").read_text("utf-8"))["@graph"]


def downloaded(page: Page, button: str) -> Path:
    """The file that a press gives, under its own name."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    path = download.value.path()
    return path.rename(path.parent / download.value.suggested_filename)


# Erasure


@pytest.mark.browser
def test_an_erased_conversation_leaves_a_receipt_and_nothing_else(visit: Callable[..., Page], gateway: Gateway) -> None:
    page = visit()
    ask(page, "what is your refund policy")
    answers(page, "within 30 days")
    kept = page.evaluate(KEPT)
    other = page.context.new_page()
    other.goto(gateway.url)
    expect(other.get_by_role("textbox")).to_be_enabled()
    third = page.context.new_page()
    third.goto(gateway.url)
    open_centre(third)

    open_centre(page)
    page.get_by_role("button", name="Erase this conversation").click()
    step = page.get_by_role("region", name="What will go")
    expect(step).to_contain_text("It cannot be brought back.")
    ways = [step.get_by_role("button", name=name, exact=True).bounding_box() for name in ("Erase", "Cancel")]
    assert ways[0] and ways[1] and ways[0]["width"] == ways[1]["width"] and ways[0]["height"] == ways[1]["height"]
    step.get_by_role("button", name="Erase", exact=True).click()

    receipt = page.get_by_role("region", name="Receipt of the erasure")
    expect(receipt).to_contain_text("It is erased in every store.")
    for store in (
        "Database",
        "Chat screens",
        "Support desk",
        "Review and records",
        "The assistant's engine",
        "Files",
        "Backups",
    ):
        expect(receipt).to_contain_text(f"{store}: Done")
    assert stored_on_device(page) == NOTHING
    assert "Database" in downloaded(page, "Download to read (HTML)").read_text("utf-8")
    address = f"{gateway.url}/api/conversations/{kept['id']}"
    assert requests.get(address, headers={"Authorization": f"Bearer {kept['token']}"}, timeout=30).status_code == 410

    # Other tabs let go as well of what they showed, and begin nothing by themselves.
    expect(third.get_by_role("alert").filter(has_text="This conversation is no longer here")).to_be_visible()
    expect(third.get_by_role("switch")).to_have_count(0)
    expect(other.get_by_text("The conversation is erased.")).to_be_visible()
    assert stored_on_device(other) == NOTHING

    page.get_by_role("button", name="Start a new chat").click()
    expect(page.get_by_role("textbox")).to_be_enabled()
    assert page.evaluate(KEPT)["id"] not in ("", kept["id"])
    expect(page.get_by_text("what is your refund policy")).to_have_count(0)


# Everybody can use it


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_accessibility_violation_and_nothing_cut_off(
    browser: Browser, gateway: Gateway, visit: Callable[..., Page], language: str
) -> None:
    words = WORDS[language]
    page = visit(ADA, language)
    ask(page, words["question"])
    answers(page, words["answer"])
    centre = open_centre(page, language)
    visitor = Visitor(gateway, language).open()
    visitor.ask(words["question"])
    alone = page_of(browser, visitor, language)
    for name, one, whole in (("chat", page, centre), ("page", alone, alone.locator("candor-privacy-centre"))):
        picture(one, f"privacy-{name}-{language}")
        for button in whole.locator("candor-section button.head").all():
            button.click()
        for summary in whole.locator("summary").all():
            summary.click()
        whole.get_by_role("button", name=words["erase_all"]).click()
        for size, scheme in LOOKS[language]:
            one.set_viewport_size(size)
            one.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert_accessible(one)
            assert whole.evaluate("e => e.scrollWidth <= e.clientWidth"), f"{name}: no scrolling sideways"
        whole.get_by_role("button", name=words["erase"], exact=True).click()
        expect(whole.get_by_role("heading", name=words["receipt"])).to_be_visible()
        assert_accessible(one)
        picture(one, f"privacy-receipt-{name}-{language}")
    alone.context.close()


@pytest.mark.browser
def test_the_privacy_centre_needs_no_mouse_and_never_loses_the_focus(visit: Callable[..., Page]) -> None:
    page = visit()
    tab_to(page, "Your privacy")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your privacy")).to_be_focused()
    expect(page.get_by_role("switch").first).to_be_visible()
    learning = switch(page, "Learn from this conversation")
    for _ in range(20):
        page.keyboard.press("Tab")
        if learning.evaluate("e => e.getRootNode().activeElement === e"):
            break
    page.keyboard.press("Space")
    is_on(page, "Learn from this conversation")
    expect(learning).to_be_focused()
    page.keyboard.press("Space")
    is_off(page, "Learn from this conversation")

    tab_to(page, "Your choices so far")
    page.keyboard.press("Enter")
    expect(page.locator("candor-history").get_by_text("You took it back")).to_be_visible()
    tab_to(page, "Erase everything")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What will go")).to_be_focused()
    expect(page.get_by_role("button", name="Talk to a human")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Erase everything")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Erase", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Receipt of the erasure")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Start a new chat")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("candor-widget").get_by_role("button")).to_be_focused()


@pytest.mark.browser
def test_no_part_of_the_page_comes_from_elsewhere(browser: Browser, gateway: Gateway) -> None:
    page, asked, broken = open_page(browser), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    visitor = Visitor(gateway).open()
    page.goto(f"{gateway.url}/privacy#conversation={visitor.conversation_id}&token={visitor.token}&language=en")
    expect(page.get_by_role("switch").first).to_be_visible()
    assert [url for url in asked if not url.startswith((gateway.url, "data:"))] == []
    assert broken == []
    page.context.close()
