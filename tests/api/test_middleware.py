"""Security headers are on every response of every route; HEAD, allowed hosts, and what caches may keep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from starlette.types import ASGIApp

from bot.api.application import create_api
from bot.app import create_app
from bot.cli.context import prepare
from bot.core.settings import Settings
from bot.db import Database
from bot.services import build
from bot.staff.accounts import create
from tests.http import serve
from tests.parts import PASSWORD
from tests.scripted import ScriptedEngine

PATHS = (
    "/health",
    "/api/widget",
    "/widget.js",
    "/desk",
    "/nothing-here",
    "/api/desk/queue",
    "/log/checkpoint",
    "/socket.io/?EIO=4&transport=polling",
)
HEADER = "Strict-Transport-Security"
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CACHED = ("/widget.js", "/desk", "/log/checkpoint")
"""Of `PATHS`, those that a browser may keep and has to ask about."""


@pytest.mark.parametrize("secure", [True, False])
def test_every_answer_has_the_header_where_there_is_https_and_none_elsewhere(tmp_path: Path, secure: bool) -> None:
    settings = Settings(data_dir=tmp_path, demo=False, secure_cookies=secure)
    database, _ = prepare(settings)
    with database.transaction() as session:
        create(session, "mina", "Mina", ("agent",), PASSWORD)

    def make() -> ASGIApp:
        return create_app(build(settings, database, ScriptedEngine()))

    with serve(make) as base:
        found = {path: requests.get(base + path, timeout=20) for path in PATHS}
        assert len({answer.status_code for answer in found.values()}) > 2
        credentials = {"login": "mina", "password": PASSWORD}
        signed_in = requests.post(f"{base}/api/staff/session", json=credentials, headers={"X-Candor": "1"}, timeout=20)
        out = requests.delete(
            f"{base}/api/staff/session", headers={"X-Candor": "1"}, cookies=signed_in.cookies, timeout=20
        )
    cached = {path: answer.headers["Cache-Control"] for path, answer in found.items() if answer.ok}
    assert cached == {path: "no-cache" if path in CACHED else "no-store" for path in cached}
    expected = "max-age=31536000" if secure else None
    assert {path: answer.headers.get(HEADER) for path, answer in found.items()} == dict.fromkeys(PATHS, expected)
    assert [("Secure" in answer.headers["Set-Cookie"]) for answer in (signed_in, out)] == [secure, secure]
    assert [answer.headers["Set-Cookie"].startswith("__Host-candor_staff=") for answer in (signed_in, out)] == [
        secure
    ] * 2
    database.close()


@pytest.fixture
def base(settings: Settings, any_database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A gateway that answers for chat.example.com, with the demo shop and pages of one line."""
    for name in (
        "widget.js",
        "desk.html",
        "assets/desk-DpFKiwhH.js",
        "assets/widget-chat-en-BwsZF7T2.js",
        "assets/swagger-ui.css",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("built\n")
    monkeypatch.setattr("bot.app.STATIC", tmp_path)
    told = settings.model_copy(update={"allowed_hosts": "Chat.example.com", "demo": True})
    with serve(lambda: create_app(build(told, any_database, ScriptedEngine()))) as address:
        yield address


def test_every_route_has_every_security_header_whatever_it_answers(base: str) -> None:
    routes = create_api(demo=True).openapi()["paths"]
    paths = [re.sub(r"\{\w+\}", "x", path) for path in routes]
    for path in (*paths, *PATHS, "/review", "/privacy", "/", "/docs", "/openapi.json", "/assets/none.js"):
        headers = requests.get(base + path, timeout=20, allow_redirects=False).headers
        assert {name: headers.get(name) for name in SECURITY} == SECURITY, path
        assert "Cache-Control" in headers, path
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy or "object-src 'none'" in policy, path
        assert (
            all(f"{name} 'none'" in policy for name in ("base-uri", "frame-ancestors")) and "form-action" in policy
        ), path
        assert headers["Cross-Origin-Resource-Policy"] == ("cross-origin" if path == "/widget.js" else "same-origin"), (
            path
        )


@pytest.mark.parametrize(
    ("path", "kept", "by_whom"),
    [
        ("/assets/widget-chat-en-BwsZF7T2.js", "public, max-age=31536000, immutable", "cross-origin"),
        ("/assets/desk-DpFKiwhH.js", "public, max-age=31536000, immutable", "same-origin"),
        ("/assets/swagger-ui.css", "no-cache", "same-origin"),
        ("/assets/desk-00000000.js", "no-store", "same-origin"),
        ("/widget.js", "no-cache", "cross-origin"),
        ("/demo/customers", "no-store", "same-origin"),
    ],
)
def test_only_files_named_by_their_content_are_kept_without_asking(
    base: str, path: str, kept: str, by_whom: str
) -> None:
    headers = requests.get(base + path, timeout=20).headers
    assert (headers["Cache-Control"], headers["Cross-Origin-Resource-Policy"]) == (kept, by_whom)


@pytest.mark.parametrize(
    "path", ["/desk", "/docs", "/widget.js", "/policies", "/log/key", "/health", "/assets/swagger-ui.css"]
)
def test_head_answers_as_get_without_a_body(base: str, path: str) -> None:
    got, asked = requests.get(base + path, timeout=20), requests.head(base + path, timeout=20)
    assert got.status_code == asked.status_code == 200
    assert asked.content == b"" and asked.headers["Content-Length"] == got.headers["Content-Length"]


def test_a_request_for_another_host_is_refused(base: str) -> None:
    def status(host: str, path: str = "/health") -> int:
        return requests.get(base + path, headers={"Host": host}, timeout=20, allow_redirects=False).status_code

    assert [status("chat.example.com"), status("CHAT.example.com:8443"), status("localhost:1"), status("[::1]:80")] == [
        200
    ] * 4
    for path in ("/health", "/desk/", "/socket.io/?EIO=4&transport=polling"):
        assert status("evil.example", path) == 400, path
    refused = requests.get(f"{base}/health", headers={"Host": "evil.example"}, timeout=20)
    assert refused.json()["error"]["code"] == "host_unknown"
