"""The whole story in a real browser: disclosure, question, consent, refusal, human, back, and the review of it all."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import LOOKS, assert_accessible, launched, open_page, picture, stored_on_device
from tests.running import Gateway
from tests.tools import need

SCHEMES = ("light", "dark")
NOTHING = {"local": [], "session": [], "cookies": "", "databases": [], "caches": [], "jar": []}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need("chromium", "web")
    with launched() as browser:
        yield browser


def open_chat(page: Page, gateway: Gateway, customer: str | None = None, language: str = "en") -> None:
    page.goto(f"{gateway.url}/?lang={language}")
    if customer:
        page.get_by_label(re.compile("sign in|customer", re.I)).first.select_option(customer)
    page.locator("candor-widget").get_by_role("button").first.click()
    expect(page.get_by_role("textbox")).to_be_enabled()


def ask(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")


def sees(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("candor-widget").get_by_text(text).last).to_be_visible()


def sign_in(page: Page, gateway: Gateway, login: str) -> None:
    path, password = gateway.logins[login]
    page.goto(gateway.url + path)
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.mark.browser
def test_the_whole_story(browser: Browser, gateway: Gateway) -> None:
    visitor = open_page(browser)

    # Nothing on the device before the widget is opened.
    visitor.goto(gateway.url)
    expect(visitor.locator("candor-widget").get_by_role("button").first).to_be_visible()
    assert stored_on_device(visitor) == NOTHING

    # Disclosure first, then the composer.
    # As Mei, who says neither yes nor no in any other test: a no would keep the assistant from asking here.
    open_chat(visitor, gateway, "cust_mei")
    sees(visitor, "You are talking to an AI")
    picture(visitor, "story-1-disclosure")

    # A question without personal data.
    ask(visitor, "how long do refunds take?")
    sees(visitor, re.compile("5 working days"))

    # Consent at the moment of need, two equal ways to answer.
    ask(visitor, "where is my order?")
    allow = visitor.get_by_role("button", name="Allow", exact=True)
    refuse = visitor.get_by_role("button", name="No thanks", exact=True)
    expect(allow).to_be_visible()
    boxes = allow.bounding_box(), refuse.bounding_box()
    assert boxes[0] and boxes[1]
    assert round(boxes[0]["width"]) == round(boxes[1]["width"])
    assert round(boxes[0]["height"]) == round(boxes[1]["height"])
    style = "e => { const s = getComputedStyle(e); return [s.backgroundColor, s.color, s.font, s.borderColor] }"
    assert allow.evaluate(style) == refuse.evaluate(style)
    picture(visitor, "story-2-consent")
    allow.click()
    sees(visitor, re.compile("FH-204871"))
    picture(visitor, "story-3-order")

    # Taken back: the very next turn obeys.
    ask(visitor, "stop using my orders")
    sees(visitor, re.compile("no more use of your orders"))
    ask(visitor, "so where is my order now?")
    sees(visitor, re.compile("without me"))

    # A human, by the button that is always there.
    visitor.get_by_role("button", name="Talk to a human").first.click()
    desk = open_page(browser, viewport={"width": 1280, "height": 800})
    sign_in(desk, gateway, "mina")
    desk.get_by_role("button", name=re.compile("Asked for a human.*so where is my order now")).click()
    desk.get_by_role("button", name="Claim").click()
    sees(visitor, re.compile("Mina, a person"))
    desk.get_by_role("textbox").last.fill("Hello Mei, Mina here. What can I do?")
    desk.keyboard.press("Enter")
    sees(visitor, "Hello Mei, Mina here. What can I do?")
    picture(visitor, "story-4-human")
    picture(desk, "story-5-desk")

    # While a human answers the assistant is silent, but the truth about who answers is told.
    ask(visitor, "are you a robot?")
    sees(visitor, re.compile("is a person at"))
    expect(desk.get_by_text("are you a robot?").last).to_be_visible()

    # Back to the assistant.
    desk.get_by_role("button", name=re.compile("Hand back")).click()
    sees(visitor, re.compile("AI assistant .*(answers|again|back)", re.I))
    ask(visitor, "are you a robot?")
    sees(visitor, re.compile("not a person"))

    # It survives a reload, without a word lost or doubled.
    messages = "() => [...document.querySelectorAll('candor-widget')].length"
    assert visitor.evaluate(messages) == 1
    visitor.reload()
    sees(visitor, re.compile("not a person"))
    expect(visitor.locator("candor-widget").get_by_text("how long do refunds take?", exact=True)).to_have_count(1)

    # The reviewer sees each decision.
    review = open_page(browser, viewport={"width": 1280, "height": 800})
    sign_in(review, gateway, "ruth")
    expect(review.get_by_role("list", name=re.compile("Decisions")).get_by_role("listitem").first).to_be_visible()
    picture(review, "story-6-review")
    review.get_by_role("list", name=re.compile("Decisions")).get_by_role("listitem").first.click()
    picture(review, "story-7-decision")
    for page in (visitor, desk, review):
        page.context.close()


@pytest.mark.browser
def test_refusing_still_helps(browser: Browser, gateway: Gateway) -> None:
    page = open_page(browser)
    open_chat(page, gateway, "cust_bruno")
    ask(page, "where is my order?")
    page.get_by_role("button", name="No thanks", exact=True).click()
    sees(page, re.compile("without"))
    ask(page, "how can I pay?")
    sees(page, re.compile("PayPal"))
    page.context.close()


@pytest.mark.browser
def test_the_widget_speaks_chinese_on_a_chinese_page(browser: Browser, gateway: Gateway) -> None:
    page = open_page(browser)
    open_chat(page, gateway, language="zh")
    sees(page, "您正在与 AI 对话")
    ask(page, "多久能退款？")
    sees(page, re.compile("工作日"))
    ask(page, "你是机器人吗")
    sees(page, re.compile("我是 AI 助手，不是真人"))
    picture(page, "chinese")
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize(("device", "scheme"), LOOKS)
def test_no_accessibility_violation_in_the_widget(browser: Browser, gateway: Gateway, device: str, scheme: str) -> None:
    size = {"width": 390, "height": 780} if device == "phone" else {"width": 1280, "height": 800}
    page = open_page(browser, color_scheme=scheme, viewport=size)
    page.goto(gateway.url)
    assert_accessible(page)
    # Not who said no in another test: nobody is asked again so soon.
    open_chat(page, gateway, "cust_omar")
    assert_accessible(page)
    ask(page, "where is my order?")
    expect(page.get_by_role("button", name="Allow", exact=True)).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Talk to a human").first.click()
    sees(page, re.compile("asked a person", re.I))
    assert_accessible(page)
    picture(page, f"widget-{scheme}-{device}")
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("login", "name"), [("tom", "desk"), ("ruth", "review")])
def test_no_accessibility_violation_in_the_consoles(
    browser: Browser, gateway: Gateway, scheme: str, login: str, name: str
) -> None:
    page = open_page(browser, color_scheme=scheme, viewport={"width": 1280, "height": 800})
    page.goto(gateway.url + gateway.logins[login][0])
    expect(page.get_by_label("Login")).to_be_visible()
    assert_accessible(page)
    sign_in(page, gateway, login)
    first = page.get_by_role("listitem").first
    expect(first).to_be_visible()
    assert_accessible(page)
    if name == "review":
        first.click()
        expect(page.get_by_role("article")).to_be_visible()
        assert_accessible(page)
    picture(page, f"{name}-{scheme}")
    page.context.close()


WEBCHAT = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>rasa-webchat</title></head><body>
<div id="webchat"></div><script src="/webchat-bundle.js"></script><script>
WebChat.default({selector: "#webchat", socketUrl: location.origin, socketPath: "/socket.io/", title: "Chat",
  customData: {language: "en"}, params: {storage: "session"}}, null)
</script></body></html>"""


@pytest.mark.browser
def test_rasa_webchat_from_npm_works_and_shows_the_disclosure_first(browser: Browser, gateway: Gateway) -> None:
    from tests.tools import ROOT

    bundle = ROOT / "web" / "node_modules" / "rasa-webchat" / "lib" / "index.js"
    page = open_page(browser)
    page.route("**/webchat-test", lambda route: route.fulfill(body=WEBCHAT, content_type="text/html"))
    page.route("**/webchat-bundle.js", lambda route: route.fulfill(path=bundle, content_type="text/javascript"))
    page.goto(f"{gateway.url}/webchat-test")
    page.locator(".rw-launcher").click()
    expect(page.get_by_text("You are talking to an AI")).to_be_visible()
    page.locator(".rw-new-message").fill("what is your refund policy")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("within 30 days"))).to_be_visible()
    texts = page.locator(".rw-message").all_inner_texts()
    assert "You are talking to an AI" in texts[0]
    picture(page, "rasa-webchat")
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/", "/?lang=zh", "/desk", "/review", "/docs"])
def test_no_page_asks_anybody_else_for_anything(browser: Browser, gateway: Gateway, path: str) -> None:
    page = open_page(browser)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(gateway.url + path, wait_until="networkidle")
    expect(page.get_by_role("heading").first).to_be_visible()
    assert [url for url in asked if not url.startswith((gateway.url, "data:", "blob:"))] == []
    assert broken == []
    page.context.close()
