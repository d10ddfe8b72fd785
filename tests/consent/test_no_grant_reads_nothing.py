"""Rule C1: with no grant, nothing of ours reads a customer's row. Every action and every endpoint, traced by SQLite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from starlette.types import ASGIApp

from bot.app import create_app
from bot.core.ids import new_id
from bot.core.settings import Settings
from bot.db import Database
from bot.db.keyring import load_secret
from bot.policies import purposes
from bot.services import Services, build
from bot.shop.demo import seed
from bot.shop.identity import issue
from bot.staff import create
from tests import transactions
from tests.actions.gateway import Gateway
from tests.actions.stage import Stage
from tests.consent.traced import personal_reads
from tests.databases import fresh_database
from tests.http import serve
from tests.scripted import ScriptedEngine

PASSWORD = "a-password-for-tests"
BODIES: dict[str, Any] = {
    "/disclosure": {"version": "2026-11-27", "language": "en"},
    "/messages": {"client_message_id": "one", "text": "where is my order FH-204817?"},
    "/consent": {"purpose": "order_history", "choice": "refuse"},
    "/merge": {"keep": False},
    "/contact": {"address": "ada@example.org"},
    "/identity": {"identity_token": None},
    "/contest": {"reason": "It is wrong."},
    "/erasure": {"what": "everything"},
    "/webhooks/rest/webhook": {"sender": "somebody", "message": "where is my order FH-204817?"},
    "/api/conversations": {"language": "en"},
}
"""What is sent where, by how the path ends; elsewhere an empty object."""
LAST = ("/erasure", "/sign-out")
"""Called after all others: nothing is left to call with."""


def test_no_action_reads_a_customers_row_without_a_grant(gateway: Gateway) -> None:
    names = sorted(gateway.open_door().app.state.executor.actions)
    assert len(names) > 10
    for language in ("en", "zh"):
        for customer in ("cust_ada", None):
            stage = Stage(gateway, gateway.converse(customer, language), language, secrets=())
            with personal_reads(gateway.database) as reads:
                for name in names:
                    stage.visitor("where is my order FH-204817, and my refund?", name.removeprefix("action_"), name)
            assert reads == []


def test_the_trace_sees_what_is_read_under_a_grant(gateway: Gateway) -> None:
    """The test of the test: without this the one above could be blind."""
    stage = Stage(gateway, gateway.converse("cust_ada"), secrets=())
    stage.allow("order_history")
    with personal_reads(gateway.database) as reads:
        stage.where_is_it()
    assert reads


class Site:
    """A whole gateway over HTTP, and every endpoint that it describes."""

    def __init__(self, base: str, services: Services, database: Database) -> None:
        self.base, self.services, self.database = base, services, database
        self.http = requests.Session()
        self.http.headers["X-Candor"] = "1"

    def endpoints(self) -> list[tuple[str, str]]:
        """Method and path of everything but the demo shop's own pages, which are no part of Candor."""
        described = self.http.get(f"{self.base}/openapi.json", timeout=30).json()["paths"]
        found = [(m.upper(), path) for path, methods in described.items() for m in methods]
        found = [one for one in found if not one[1].startswith("/demo")]
        return sorted(found, key=lambda one: (one[1].endswith(LAST), one[1], one[0]))

    def open(self, signed_in: bool) -> tuple[str, dict[str, str]]:
        secret = load_secret(self.services.settings.data_dir, "identity.key")
        token = issue(secret, "cust_ada", "Ada Lindqvist") if signed_in else None
        opened = self.http.post(f"{self.base}/api/conversations", json={"identity_token": token}, timeout=30).json()
        return opened["conversation_id"], {"Authorization": f"Bearer {opened['token']}"}

    def call(self, method: str, path: str, conversation: str, headers: dict[str, str]) -> int:
        filled = re.sub(r"\{conversation_id\}", conversation, path)
        filled = re.sub(r"\{(\w+)\}", lambda m: {"kind": "privacy", "version": "2026-11-27"}.get(m[1], "1"), filled)
        body = next((body for end, body in BODIES.items() if path.endswith(end)), {})
        with self.http.request(
            method, f"{self.base}{filled}", json=body, headers=headers, timeout=30, stream=True, allow_redirects=False
        ) as answer:
            return answer.status_code


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    settings = Settings(data_dir=tmp_path, message_rate=10_000)
    database = fresh_database(settings.data_dir / "candor.db")
    transactions.write(database, seed)
    made: list[Services] = []

    def make() -> ASGIApp:
        made.append(build(settings, database, ScriptedEngine()))
        return create_app(made[0])

    with serve(make) as base:
        yield Site(base, made[0], database)
    database.close()


@pytest.mark.parametrize("choice", ["none", "refuse"])
def test_no_endpoint_reads_a_customers_row_without_a_grant(site: Site, choice: str) -> None:
    roles = ("agent", "reviewer", "maintainer", "operator")
    transactions.write(site.database, lambda s: create(s, "olga", "Olga", roles, PASSWORD))
    sign_in = {"login": "olga", "password": PASSWORD}
    assert site.http.post(f"{site.base}/api/staff/session", json=sign_in, timeout=30).status_code < 300
    answered: dict[tuple[str, str], int] = {}
    with personal_reads(site.database) as reads:
        for signed_in in (True, False):
            conversation, headers = site.open(signed_in)
            for purpose in purposes() if choice == "refuse" else ():
                body = {"purpose": purpose, "choice": "refuse"}
                url = f"{site.base}/api/conversations/{conversation}/consent"
                assert site.http.post(url, json=body, headers=headers, timeout=30).status_code == 200
            for method, path in site.endpoints():
                answered[method, path] = site.call(method, path, conversation, headers)
        site.http.post(f"{site.base}/webhooks/rest/webhook", json={"sender": new_id("x"), "message": "hi"}, timeout=30)
    assert reads == []
    assert len(answered) > 50
    assert {one: status for one, status in answered.items() if status >= 500} == {}
    assert sum(status < 300 for status in answered.values()) > len(answered) / 3
