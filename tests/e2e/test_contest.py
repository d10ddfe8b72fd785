"""A visitor has a human check a reply, in a real browser; a reviewer decides; the visitor sees the outcome."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browser import assert_accessible, launched, open_page, picture
from tests.running import Gateway
from tests.tools import need

CHECK = "Have a human check this"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need("chromium", "web")
    with launched() as browser:
        yield browser


def chat(page: Page, gateway: Gateway, language: str = "en") -> None:
    page.goto(f"{gateway.url}/?lang={language}")
    page.locator("candor-widget").get_by_role("button").first.click()
    expect(page.get_by_role("textbox")).to_be_enabled()


def ask(page: Page, text: str, answer: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")
    expect(bubble(page, answer)).to_be_visible()


def bubble(page: Page, pattern: str) -> Locator:
    return page.locator("candor-widget .message .text").filter(has_text=re.compile(pattern))


def ruth(gateway: Gateway) -> requests.Session:
    """Ruth, signed in at the review console's API."""
    session = requests.Session()
    session.headers["X-Candor"] = "1"
    _, password = gateway.logins["ruth"]
    answer = session.post(f"{gateway.url}/api/staff/session", json={"login": "ruth", "password": password}, timeout=30)
    assert answer.status_code == 200, answer.text
    return session


def decide(gateway: Gateway, outcome: str, words: str, reason: str | None) -> str | None:
    """Ruth decides the contest that was opened last; the address that was left."""
    session, contests = ruth(gateway), f"{gateway.url}/api/review/contests"
    newest = session.get(contests, params={"state": "open"}, timeout=30).json()["contests"][-1]["id"]
    contest = session.get(f"{contests}/{newest}", params={"why": "contest"}, timeout=30).json()
    assert contest["reason"] == reason and contest["decision_id"]
    ruling = {"outcome": outcome, "words": words, "written": contest["contact"] is not None}
    decided = session.post(f"{contests}/{newest}", json=ruling, timeout=30)
    assert decided.status_code == 200, decided.text
    contact: str | None = contest["contact"]
    return contact


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_reply_is_checked_by_a_person(browser: Browser, gateway: Gateway, scheme: str) -> None:
    page = open_page(browser, color_scheme=scheme, reduced_motion="reduce")
    chat(page, gateway)
    ask(page, "what is your refund policy", "within 30 days")
    picture(page, f"contest-1-quiet-{scheme}")
    page.get_by_role("button", name=CHECK).click()
    reason = page.get_by_role("textbox", name="What seems wrong")
    expect(reason).to_be_focused()
    assert_accessible(page)
    picture(page, f"contest-2-form-{scheme}")

    send, cancel = (page.get_by_role("form").get_by_role("button", name=name) for name in ("Send", "Cancel"))
    boxes = send.bounding_box(), cancel.bounding_box()
    assert boxes[0] and boxes[1]
    assert [round(boxes[0][side]) for side in ("width", "height")] == [
        round(boxes[1][side]) for side in ("width", "height")
    ]
    page.mouse.move(0, 0)
    style = "e => { const s = getComputedStyle(e); return [s.backgroundColor, s.color, s.font, s.borderColor] }"
    assert send.evaluate(style) == cancel.evaluate(style)

    reason.fill("The law gives me 14 days more.")
    page.get_by_role("textbox", name="E-mail or phone").fill("somewhere")
    send.click()
    expect(page.get_by_role("alert")).to_have_text("Please enter an e-mail address or a phone number.")
    assert_accessible(page)
    page.get_by_role("textbox", name="E-mail or phone").fill("ada@example.org")
    send.click()
    state = page.get_by_text("A person will check this answer.")
    expect(state).to_be_focused()
    assert_accessible(page)
    picture(page, f"contest-3-open-{scheme}")

    page.reload()
    expect(state).to_be_visible()
    expect(page.get_by_role("button", name=CHECK)).to_have_count(0)

    contact = decide(gateway, "overturned", "You are right: it is 44 days for you.", "The law gives me 14 days more.")
    assert contact == "ada@example.org"
    expect(page.get_by_text("A person checked this answer: it was wrong.")).to_be_visible()
    told = page.locator("candor-widget .system p").last
    expect(told).to_contain_text(
        re.compile(r"Ruth, a person at Fern & Hale.*was wrong\.\s+Ruth writes:\s+“You are right", re.S)
    )
    expect(page.get_by_role("log")).to_contain_text("You are right: it is 44 days for you.")
    assert_accessible(page)
    picture(page, f"contest-4-decided-{scheme}")
    page.context.close()


@pytest.mark.browser
def test_a_reply_is_contested_and_left_alone_by_keyboard(browser: Browser, gateway: Gateway) -> None:
    page = open_page(browser)
    chat(page, gateway)
    ask(page, "what is your refund policy", "within 30 days")
    check = page.get_by_role("button", name=CHECK)
    check.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="What seems wrong")).to_be_focused()
    page.keyboard.press("Escape")
    expect(check).to_be_focused()
    expect(page.get_by_role("form")).to_have_count(0)

    page.keyboard.press("Enter")
    for name in ("E-mail or phone", "Send", "Cancel"):
        page.keyboard.press("Tab")
        expect(
            page.get_by_role("form")
            .get_by_label(re.compile(name))
            .or_(page.get_by_role("form").get_by_role("button", name=name))
        ).to_be_focused()
    page.keyboard.press("Enter")
    expect(check).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.type("Is that so?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("A person will check this answer.")).to_be_focused()
    decide(gateway, "upheld", "It is so.", "Is that so?")
    expect(page.get_by_text("A person checked this answer: it stands.")).to_be_visible()
    page.context.close()


@pytest.mark.browser
def test_a_chinese_visitor_contests_in_chinese_on_a_small_screen(browser: Browser, gateway: Gateway) -> None:
    page = open_page(browser, viewport={"width": 360, "height": 640})
    chat(page, gateway, "zh")
    ask(page, "你们的退款政策是什么", "30 天")
    page.get_by_role("button", name="请人工检查").click()
    assert_accessible(page)
    picture(page, "contest-5-chinese")
    page.get_by_role("form").get_by_role("button", name="发送").click()
    expect(page.get_by_text("工作人员会检查这条回答。")).to_be_visible()
    decide(gateway, "upheld", "确实是 30 天。", None)
    expect(page.get_by_text("工作人员已检查这条回答：仍然成立。")).to_be_visible()
    expect(page.locator("candor-widget .system p").last).to_contain_text("Ruth（真人）已检查")
    picture(page, "contest-6-chinese-decided")
    page.context.close()


@pytest.mark.browser
def test_what_was_written_is_kept_when_it_cannot_be_sent(browser: Browser, gateway: Gateway) -> None:
    page = open_page(browser)
    chat(page, gateway)
    ask(page, "what is your refund policy", "within 30 days")
    page.get_by_role("button", name=CHECK).click()
    reason = page.get_by_role("textbox", name="What seems wrong")
    reason.fill("It is wrong.")
    page.context.set_offline(True)
    page.get_by_role("form").get_by_role("button", name="Send").click()
    expect(page.get_by_role("form").get_by_role("alert")).to_contain_text("could not be passed on")
    page.context.set_offline(False)
    expect(reason).to_have_value("It is wrong.")
    page.get_by_role("form").get_by_role("button", name="Send").click()
    expect(page.get_by_text("A person will check this answer.")).to_be_visible()
    page.context.close()
