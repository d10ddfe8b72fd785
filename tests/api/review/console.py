"""A reviewer's browser on real HTTP, and who signs in there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import text

from bot.api.review.router import router
from bot.api.staff_auth import COOKIE
from bot.staff.sessions import open_session
from tests.http import serve
from tests.parts import Parts, make_app, make_parts

NO_LOOKS = """
CREATE TRIGGER no_looks BEFORE INSERT ON decision WHEN NEW.kind = 'access' BEGIN SELECT RAISE(ABORT, 'disk full'); END
"""


@dataclass(frozen=True)
class Console:
    """What one person sees of the review console's API."""

    base: str
    parts: Parts
    cookie: str = ""

    def sign_in(self, login: str) -> Console:
        """The same console in another person's browser."""
        token = self.parts.write(lambda s: open_session(s, self.parts.people[login].id))
        return replace(self, cookie=f"{COOKIE}={token}")

    def call(self, path: str, **query: Any) -> requests.Response:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        return requests.get(f"{self.base}/api/review{path}", params=query, headers=headers, timeout=20)

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """What is answered with 200."""
        response = self.call(path, **query)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def find(self, **query: Any) -> dict[str, Any]:
        return self.get("/decisions", **query)

    def ids(self, **query: Any) -> list[str]:
        return [one["decision_id"] for one in self.find(limit=200, **query)["decisions"]]

    def lines(self, **query: Any) -> list[dict[str, Any]]:
        """The JSONL export, line by line."""
        response = self.call("/export.jsonl", **query)
        assert response.status_code == 200, response.text
        return [json.loads(line) for line in response.content.decode().splitlines()]

    def refuse_looks(self) -> None:
        """From here on the database takes no access record."""
        self.parts.write(lambda s: s.execute(text(NO_LOOKS)))

    def seal(self) -> None:
        while self.parts.write(self.parts.sequencer.seal) is not None:
            continue


@contextmanager
def make_console(folder: Path) -> Iterator[Console]:
    """A console over a new database, with Ruth signed in."""
    with make_parts(folder) as parts, serve(lambda: make_app(parts, router)) as base:
        yield Console(base, parts).sign_in("ruth")
