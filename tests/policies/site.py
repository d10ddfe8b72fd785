"""A whole gateway over HTTP, with a scripted engine, whose operator publishes from a folder of drafts."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from starlette.types import ASGIApp

from bot.app import create_app
from bot.cli.context import prepare
from bot.core.settings import Settings
from bot.policies import Document
from bot.services import Services, build
from tests.command import started
from tests.databases import migrated
from tests.http import follow, serve
from tests.policies.drafting import edit, publish
from tests.scripted import ScriptedEngine


@dataclass
class Site:
    """A running gateway."""

    base: str
    services: Services
    folder: Path

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.base + path, headers=headers, timeout=20)

    def publish(self, *change: str) -> Document:
        """Edit a draft and publish, in this process; the first text that was published."""
        edit(self.folder, *change)
        return publish(self.services.database, self.folder)[0]

    def candor(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command beside the gateway, in a process of its own."""
        folders = {"CANDOR_DATA_DIR": str(self.services.settings.data_dir), "CANDOR_POLICY_DIR": str(self.folder)}
        return started(*arguments, CANDOR_DEMO="false", **folders)


@contextmanager
def running(data_dir: Path, folder: Path) -> Iterator[Site]:
    """A gateway over its first start's data."""
    settings = Settings(data_dir=data_dir, demo=False, policy_dir=folder, message_rate=10_000)
    if not (data_dir / "candor.db").exists():
        migrated(data_dir / "candor.db")
    database, _ = prepare(settings)
    made: list[Services] = []

    def make() -> ASGIApp:
        made.append(build(settings, database, ScriptedEngine()))
        return create_app(made[0])

    with serve(make) as base:
        yield Site(base, made[0], folder)
    database.close()


@dataclass
class Visitor:
    """Somebody at the widget's API."""

    site: Site
    language: str = "en"
    id: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    def open(self) -> Visitor:
        """A conversation in which the disclosure has been shown."""
        opened = self.session.post(f"{self.site.base}/api/conversations", json={"language": self.language}).json()
        self.id = opened["conversation_id"]
        self.session.headers["Authorization"] = f"Bearer {opened['token']}"
        notice = opened["disclosure"]
        self.call("POST", "/disclosure", {"version": notice["version"], "language": notice["language"]})
        return self

    def call(self, method: str, path: str = "", body: Any = None) -> requests.Response:
        url = f"{self.site.base}/api/conversations/{self.id}{path}"
        answer = self.session.request(method, url, json=body, timeout=20)
        assert answer.ok, answer.text
        return answer

    def follow(self) -> Any:
        """Everything said so far, then live."""
        headers = {"Authorization": str(self.session.headers["Authorization"])}
        return follow(f"{self.site.base}/api/conversations/{self.id}/events", headers)

    def said(self, count: int) -> list[str]:
        """The authors of the first `count` messages."""
        with self.follow() as stream:
            return [stream.next("message").data["author"] for _ in range(count)]
