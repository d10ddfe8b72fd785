"""Pages from templates: what is filled in is escaped, and what a template lacks is an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from bot.core import html
from bot.core.html import moment, render


def test_every_value_is_escaped_and_a_missing_one_is_an_error() -> None:
    store = {"title": "<b>", "state": "done", "text": "\"'&"}
    receipt = {
        "sentence": "<script>alert(1)</script>",
        "request_id": "req_1",
        "what": "everything",
        "asked_at": '2026-11-27T10:00:00"><img src=x>',
        "done_at": None,
        "conversations": ["con_<1>"],
        "stores": [store],
        "kept": [],
    }
    page = render("privacy/templates/receipt.html", "en", receipt=receipt)
    assert "<script>" not in page and "<img" not in page and "<b>" not in page and "con_&lt;1&gt;" in page
    del receipt["sentence"]
    with pytest.raises(UndefinedError):
        render("privacy/templates/receipt.html", "en", receipt=receipt)


def test_a_moment_reads_in_minutes() -> None:
    assert moment("2026-11-27T14:46:31+00:00") == (
        '<time datetime="2026-11-27T14:46:31+00:00">2026-11-27 14:46 UTC</time>'
    )
    assert moment(None) == ""


def test_all_templates_compile() -> None:
    names = [path.relative_to(html.PACKAGES).as_posix() for path in Path(html.PACKAGES).glob("*/templates/*.html")]
    assert len(names) >= 10
    for name in names:
        html._environment.get_template(name)
