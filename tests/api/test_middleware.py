"""Security headers are on every response, and say that browsers have to use HTTPS where there is HTTPS."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from starlette.types import ASGIApp

from bot.app import create_app
from bot.cli.context import prepare
from bot.core.settings import Settings
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
SECURITY = ("X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Content-Security-Policy")


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
    assert all(name in answer.headers for answer in found.values() for name in SECURITY)
    assert all("'none'" in answer.headers["Content-Security-Policy"] for answer in found.values())
    stored = {path: answer.headers.get("Cache-Control") == "no-store" for path, answer in found.items()}
    assert stored == {path: path.startswith("/api/") for path in PATHS}
    expected = "max-age=31536000" if secure else None
    assert {path: answer.headers.get(HEADER) for path, answer in found.items()} == dict.fromkeys(PATHS, expected)
    assert [("Secure" in answer.headers["Set-Cookie"]) for answer in (signed_in, out)] == [secure, secure]
    database.close()
