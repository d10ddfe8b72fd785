"""Signing in and out over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from fastapi import APIRouter, Depends
from sqlalchemy import select, update

from bot.api.staff import router
from bot.api.staff_auth import COOKIE, require
from bot.core.ids import now
from bot.db.models import StaffSessionRow
from bot.staff import Staff
from tests.http import serve
from tests.parts import PASSWORD, Parts, make_app, make_parts

WRITE = {"X-Candor": "1"}
URL = "/api/staff/session"
probe = APIRouter()


@probe.post("/probe")
async def use_probe(agent: Staff = Depends(require("agent"))) -> str:
    return agent.name


@dataclass
class Site:
    base: str
    parts: Parts

    def sign_in(self, login: str = "mina", password: str = PASSWORD) -> requests.Response:
        body = {"login": login, "password": password}
        return requests.post(self.base + URL, json=body, headers=WRITE, timeout=20)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with make_parts(tmp_path_factory.mktemp("staff")) as parts, serve(lambda: make_app(parts, router, probe)) as base:
        yield Site(base, parts)


def code(response: requests.Response) -> str:
    error = response.json()["error"]
    assert error["message"].endswith(".")
    return str(error["code"])


def test_signing_in_gives_a_cookie_that_scripts_and_other_sites_cannot_use(site: Site) -> None:
    response = site.sign_in(" Mina ")
    assert response.json() == {"name": "Mina", "login": "mina", "roles": ["agent"]}
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=") and "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert "Secure" not in cookie and "Max-Age=43200" in cookie


def test_the_cookie_is_marked_secure_when_set_so(tmp_path: Path) -> None:
    with make_parts(tmp_path, secure_cookies=True) as parts, serve(lambda: make_app(parts, router)) as base:
        assert "Secure" in Site(base, parts).sign_in().headers["Set-Cookie"]


def test_the_token_is_not_in_the_database(site: Site) -> None:
    token = site.sign_in().cookies[COOKIE]
    assert token not in str(site.parts.read(lambda s: s.execute(select(StaffSessionRow.token_hash)).all()))


def test_who_is_signed_in_and_signing_out(site: Site) -> None:
    cookies = site.sign_in().cookies
    assert requests.get(site.base + URL, cookies=cookies, timeout=20).json()["name"] == "Mina"
    gone = requests.delete(site.base + URL, cookies=cookies, headers=WRITE, timeout=20)
    assert gone.status_code == 204
    again = requests.get(site.base + URL, cookies=cookies, timeout=20)
    assert (again.status_code, code(again)) == (401, "not_signed_in")


def test_a_sign_in_that_ran_out_holds_no_longer(site: Site) -> None:
    cookies = site.sign_in().cookies
    site.parts.write(lambda s: s.execute(update(StaffSessionRow).values(expires_at=now())))
    assert requests.get(site.base + URL, cookies=cookies, timeout=20).status_code == 401


@pytest.mark.parametrize("login", ["ruth", "stranger"])
def test_a_wrong_password_and_an_unknown_login_look_the_same(site: Site, login: str) -> None:
    response = site.sign_in(login, "wrong")
    assert (response.status_code, code(response)) == (401, "wrong_password")
    assert login not in response.text and "Set-Cookie" not in response.headers


@pytest.mark.parametrize("login", ["tom", "nobody"])
def test_after_five_wrong_passwords_the_login_rests(site: Site, login: str) -> None:
    assert [site.sign_in(login, "wrong").status_code for _ in range(6)] == [401] * 5 + [429]
    assert site.sign_in(login).status_code == 429
    assert site.sign_in("mina").status_code == 200


@pytest.mark.parametrize(("method", "path"), [("POST", URL), ("DELETE", URL), ("POST", "/probe")])
def test_a_write_without_the_header_is_refused(site: Site, method: str, path: str) -> None:
    cookies = site.sign_in().cookies
    body = {"login": "mina", "password": PASSWORD}
    response = requests.request(method, site.base + path, json=body, cookies=cookies, timeout=20)
    assert (response.status_code, code(response)) == (403, "header_missing")


def test_a_role_opens_only_its_own_doors(site: Site) -> None:
    def probed(login: str) -> int:
        cookies = site.sign_in(login).cookies
        return requests.post(site.base + "/probe", cookies=cookies, headers=WRITE, timeout=20).status_code

    assert (probed("mina"), probed("ruth")) == (200, 403)


HOSTILE: list[tuple[str, object]] = [
    ("nothing", b""),
    ("broken JSON", b'{"login": "mina",'),
    ("null", b"null"),
    ("a list", b"[]"),
    ("a text", b'"mina"'),
    ("half of it", b'{"login": "mina"}'),
    ("a number", b'{"login": 1, "password": 2}'),
    ("null fields", b'{"login": null, "password": null}'),
    ("empty fields", b'{"login": "", "password": ""}'),
    ("too much", b'{"login": "mina", "password": "%s"}' % (b"x" * 5000)),
    ("one more field", b'{"login": "mina", "password": "x", "roles": ["reviewer"]}'),
    ("bytes that are no text", b"\xff\xfe\x00"),
    ("half a character", b'{"login": "\\ud800", "password": "x"}'),
    ("control characters", b'{"login": "mi\\u0000na", "password": "x"}'),
    ("deep nesting", b"[" * 3000),
    ("a huge number", b'{"login": 1e999, "password": "x"}'),
]


@pytest.mark.parametrize(("what", "body"), HOSTILE, ids=[what for what, _ in HOSTILE])
def test_hostile_input_gets_a_sentence(site: Site, what: str, body: bytes) -> None:
    headers = {**WRITE, "Content-Type": "application/json"}
    response = requests.post(site.base + URL, data=body, headers=headers, timeout=20)
    assert response.status_code in (400, 401), what
    code(response)


@pytest.mark.parametrize(
    "token", ["", "x", "a" * 4000, "%00", "'; drop table staff;--", "café".encode().decode("latin-1")]
)
def test_a_cookie_of_nobody_is_nobody(site: Site, token: str) -> None:
    response = requests.get(site.base + URL, headers={"Cookie": f"{COOKIE}={token}".encode("latin-1")}, timeout=20)
    assert (response.status_code, code(response)) == (401, "not_signed_in")
