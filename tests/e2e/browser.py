"""A real browser for the tests: Debian's chromium, driven by Playwright."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.tools import ROOT, chromium

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async (tags) => {
  const {violations} = await axe.run(document, {runOnly: tags});
  return violations.map(v => ({id: v.id, nodes: v.nodes.map(n => `${n.target.join(" ")}: ${n.failureSummary}`)}));
}"""

FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element || element === document.body) return "";
  return element.getAttribute("aria-label") || element.innerText || "";
}"""

LOOKS = [
    ("desktop", "light"),
    ("phone", "dark"),
    pytest.param("desktop", "dark", marks=pytest.mark.long),
    pytest.param("phone", "light", marks=pytest.mark.long),
]
"""Device and scheme: each of either without the long tests, each with each with them."""

PATIENCE = 30_000
"""Milliseconds: nothing that is going to come takes longer, on a busy machine either."""
expect.set_options(timeout=PATIENCE)


@contextmanager
def launched() -> Iterator[Browser]:
    """Chromium, closed when the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


def open_page(browser: Browser, **context: Any) -> Page:
    """A page of a new visitor. Requests to anywhere but 127.0.0.1 are refused."""
    page = browser.new_context(**context).new_page()
    page.context.route(lambda url: "://127.0.0.1" not in url, lambda route: route.abort())
    page.set_default_timeout(PATIENCE)
    return page


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds on the page as it stands, shadow roots included."""
    if not page.evaluate("() => 'axe' in window"):
        # Through the debugger, as the page's own policy rightly keeps foreign scripts out.
        page.evaluate(f"() => {{ {AXE.read_text('utf-8')}; window.axe = axe; }}")
    found: list[dict[str, Any]] = page.evaluate(RUN_AXE, TAGS)
    return found


def assert_accessible(page: Page) -> None:
    """No violation."""
    found = violations(page)
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the thing called `name` has the focus."""
    for _ in range(40):
        if name in page.evaluate(FOCUSED):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {name!r}")


def picture(page: Page, name: str) -> None:
    """A screenshot in test-results/, to look at."""
    folder = ROOT / "test-results"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")


def stored_on_device(page: Page) -> dict[str, Any]:
    """Everything this site has written to the device."""
    found: dict[str, Any] = page.evaluate(
        """async () => ({
          local: Object.keys(localStorage), session: Object.keys(sessionStorage), cookies: document.cookie,
          databases: (await indexedDB.databases()).map(d => d.name), caches: await caches.keys(),
        })"""
    )
    return {**found, "jar": [cookie["name"] for cookie in page.context.cookies()]}
