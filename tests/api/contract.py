"""A served gateway with something of everything in it, and requests to it that are made from its OpenAPI document."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select
from starlette.types import ASGIApp

from bot.api.application import create_api
from bot.api.staff_auth import COOKIE
from bot.app import create_app
from bot.cli.context import prepare
from bot.core.ids import new_id
from bot.core.settings import Settings
from bot.db.models import DecisionRow
from bot.policies import in_force
from bot.services import Services, build
from bot.staff import create
from bot.staff.sessions import open_session
from tests.http import follow, serve
from tests.parts import PASSWORD
from tests.scripted import ScriptedEngine

DOCUMENT = create_api(demo=True).openapi()
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SCHEMA.config.max_stream_events = 5
OPERATIONS = {
    f"{method.upper()} {path}": (path, method) for path, methods in DOCUMENT["paths"].items() for method in methods
}
ROLES = ("nobody", "visitor", "agent", "reviewer", "maintainer", "operator")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
STREAM = "text/event-stream"
STREAM_SECONDS = 5
"""A stream is read for so long, or for five events."""
VALUES = {
    "kind": ["privacy", "disclosure", "purposes"],
    "path": ["000", "000.p/1", "000.p/2"],
    "level": ["0", "1"],
    "name": ["random", "low_confidence", "contested", "new_intent", "second"],
    "purpose": ["order_history"],
    "address": ["ann@example.com"],
    "value": ["ann@example.com"],
    "contact": ["ann@example.com"],
    "reason": ["fine"],
    "login": list(ROLES[2:]),
    "password": [PASSWORD],
}


@dataclass
class Site:
    """A running gateway. `ids` holds real values of parameters and of fields of bodies, by their names."""

    base: str
    services: Services
    staff: dict[str, str] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=lambda: dict(VALUES))
    token: str = ""
    receipt_token: str = ""
    opened: set[str] = field(default_factory=set)
    """Operations that were answered with success."""

    def headers(self, role: str, path: str) -> dict[str, str]:
        """The headers of this role. The staff's session is a new one, and where the path names something, so is all
        that it can name.
        """
        if role == "nobody":
            return {}
        if role == "visitor":
            if "erasures" in path:
                return {"Authorization": f"Bearer {self.receipt_token}"}
            if "{" in path:
                self.token = self.converse()
            return {"Authorization": f"Bearer {self.token}"}
        if role == "agent" and "{" in path:
            self.converse()
            if not path.endswith("/claim"):
                self.claim()
        if "{stop_id}" in path:
            self.ids["stop_id"] = [self.stop()]
        if "{correction_id}" in path:
            self.ids["correction_id"] = [self.propose()]
        with self.services.database.transaction() as session:
            return {"Cookie": f"{COOKIE}={open_session(session, self.staff[role])}", "X-Candor": "1"}

    def post(self, role: str, path: str, body: Any = None) -> Any:
        """What an ordinary request of somebody of the staff is answered with."""
        answer = requests.post(self.base + path, json=body, headers=self.headers(role, ""), timeout=20)
        assert answer.ok, answer.text
        return answer.json()

    def claim(self) -> None:
        """The agent takes the conversation of the last `converse`."""
        self.post("agent", f"/api/desk/handoffs/{self.ids['handoff_id'][0]}/claim")

    def stop(self) -> str:
        """A stop of everything, begun anew; its id."""
        self.answer_again()
        return str(self.post("operator", "/api/review/stops", {"topic": None, "reason": "a trial"})["id"])

    def propose(self) -> str:
        """A training example that a reviewer proposes; its id."""
        self.converse()
        wrong = {"verdict": "wrong", "reason": "wrong_intent", "correct_intent": "refund_policy", "example": "my money"}
        decisions = (f"/api/review/decisions/{decision_id}/reviews" for decision_id in self.ids["decision_id"])
        added = (self.post("reviewer", path, wrong)["correction_id"] for path in decisions)
        return str(next(filter(None, added)))

    def answer_again(self) -> None:
        """End every stop that requests of others have begun: a visitor who converses waits for an answer."""
        url, headers = f"{self.base}/api/review/stops", self.headers("operator", "")
        for one in requests.get(url, headers=headers, timeout=20).json()["stops"]:
            if one["ended_at"] is None:
                assert requests.delete(f"{url}/{one['id']}", headers=headers, timeout=20).ok

    def erase(self) -> str:
        """An erasure; the token of its receipt."""
        token = self.converse()
        url = f"{self.base}/api/conversations/{self.ids['conversation_id'][0]}/privacy/erasure"
        bearer = {"Authorization": f"Bearer {token}"}
        receipt = requests.post(url, json={"what": "everything"}, headers=bearer, timeout=20).json()
        self.ids["request_id"] = [receipt["request_id"]]
        return str(receipt["receipt_token"])

    def converse(self) -> str:
        """A visitor's conversation with an answer, a choice, a contest, a request for a human; its token."""
        self.answer_again()
        opened = requests.post(f"{self.base}/api/conversations", json={}, timeout=20).json()
        url, notice = f"{self.base}/api/conversations/{opened['conversation_id']}", opened["disclosure"]
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {opened['token']}"

            def post(path: str, **body: Any) -> Any:
                answer = session.post(url + path, json=body, timeout=20)
                assert answer.ok, answer.text
                return answer.json() if answer.content else None

            post("/disclosure", version=notice["version"], language=notice["language"])
            with follow(f"{url}/events", {"Authorization": f"Bearer {opened['token']}"}) as stream:
                sent = post("/messages", client_message_id=new_id("cli"), text="What can you do?")
                while (event := stream.next("message")).data["reply_to"] != sent["message_id"]:
                    continue
            contest = post(f"/messages/{event.data['id']}/contest", reason="No.", contact="ann@example.com")
            post("/consent", purpose="order_history", choice="allow")
            handoff = post("/handoff")
            post("/contact", address="ann@example.com")
            stored = session.get(f"{url}/privacy", timeout=20).json()
        items = [item["id"] for category in stored["stored"] for item in category["items"] if item["correctable"]]
        with self.services.database.snapshot() as reading:
            query = select(DecisionRow.id).where(DecisionRow.conversation_id == opened["conversation_id"])
            decisions = list(reading.scalars(query))
        self.ids |= {
            "conversation_id": [opened["conversation_id"]],
            "message_id": [event.data["id"], sent["message_id"]],
            "record_id": [choice["record_id"] for choice in stored["history"]],
            "item_id": items,
            "handoff_id": [handoff["id"]],
            "contest_id": [contest["id"]],
            "decision_id": decisions,
        }
        return str(opened["token"])


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """A gateway with staff of each role over a new data folder."""
    settings = Settings(data_dir=folder, demo=True, message_rate=10_000)
    database, _ = prepare(settings)
    made: list[Services] = []

    def make() -> ASGIApp:
        made.append(build(settings, database, ScriptedEngine()))
        return create_app(made[0])

    with serve(make) as base:
        running = Site(base, made[0])
        running.ids["version"] = [in_force().version]
        running.ids["customer_id"] = [
            one["customer_id"] for one in requests.get(f"{base}/demo/customers", timeout=20).json()
        ]
        with database.transaction() as session:
            for role in ROLES[2:]:
                running.staff[role] = create(session, role, role.title(), [role], PASSWORD).id
        running.receipt_token = running.erase()
        running.token = running.converse()
        yield running
    database.close()


def check(site: Site, label: str, role: str, examples: int) -> None:
    """Send `examples` requests that fit the document and as many that do not; all responses must be as documented."""
    operation = SCHEMA.find_operation_by_label(label)
    assert operation is not None
    path, method = OPERATIONS[label]
    streams = STREAM in str(DOCUMENT["paths"][path][method]["responses"].get("200"))
    timeout = STREAM_SECONDS if streams else 20
    headers = site.headers(role, path)
    modes = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

    @settings(
        max_examples=2 if streams else 2 * examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(modes))
    def send(case: Any) -> None:
        _place_real_ids(site, case)
        # What schemathesis makes up must not replace who is asking.
        case.headers = {name: value for name, value in (case.headers or {}).items() if name not in headers}
        case.cookies = {}
        response = case.call(base_url=site.base, headers=headers, timeout=timeout, allow_redirects=False)
        case.validate_response(response, checks=CHECKS)
        if response.status_code < 400:
            site.opened.add(label)

    send()


def _place_real_ids(site: Site, case: Any) -> None:
    """In two of three cases; which ones depends only on what was generated."""
    for made_up in (case.path_parameters, case.body):
        for name, value in list(made_up.items()) if isinstance(made_up, dict) else ():
            number = zlib.crc32(repr(value).encode(errors="replace"))
            known = site.ids.get(name)
            if known and number % 3 and isinstance(value, str):
                made_up[name] = known[number % len(known)]
