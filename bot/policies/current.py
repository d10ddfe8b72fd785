"""The texts in force in this process: those published last, or Candor's own drafts where none were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from bot.core.ids import Json
from bot.policies.documents import Document, Kind, order
from bot.policies.draft_files import drafts


@dataclass(frozen=True)
class Published:
    """One document of each kind and language. `rows` is the number of published texts when they were read."""

    documents: Mapping[tuple[Kind, str], Document]
    rows: int = 0

    def disclosure(self, language: str) -> Document:
        """The AI disclosure in `language` (`en`, `zh`)."""
        return self.documents[Kind.DISCLOSURE, language]

    def privacy(self, language: str) -> Document:
        """The privacy notice in `language` (`en`, `zh`)."""
        return self.documents[Kind.PRIVACY, language]

    @property
    def purposes(self) -> Document:
        """The purposes."""
        return self.documents[Kind.PURPOSES, ""]

    @property
    def version(self) -> str:
        """The newest version of any of them."""
        return max((document.version for document in self.documents.values()), key=order)


class Snapshot:
    """This process's copy of what the database says is in force. It has one owner: `bot.policies.repository`.

    `load` and `refresh` there replace it, at the start and when another process has published; everybody else reads it
    through `in_force`. Before the first `load` the drafts are in force.
    """

    def __init__(self) -> None:
        self._published: Published | None = None

    def get(self) -> Published:
        """What is in force."""
        if self._published is None:
            self.replace(drafts())
        assert self._published is not None
        return self._published

    def replace(self, documents: tuple[Document, ...], rows: int = 0) -> None:
        """Put these documents in force in this process."""
        self._published = Published({(one.kind, one.language): one for one in documents}, rows)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Whatever is put in force within the block, afterwards in force is what was before: for tests."""
        before = self._published
        try:
            yield
        finally:
            self._published = before


SNAPSHOT = Snapshot()


def in_force() -> Published:
    """The texts in force in this process."""
    return SNAPSHOT.get()


def put_in_force(documents: tuple[Document, ...], rows: int = 0) -> None:
    """Put these documents in force in this process."""
    SNAPSHOT.replace(documents, rows)


def address(kind: Kind, version: str, language: str) -> str:
    """The path of the page of a version."""
    return f"/policies/{kind}/{version}?language={language}"


def changes_address(kind: Kind, version: str, language: str) -> str:
    """The path of the page with what a version changed."""
    return f"/policies/{kind}/{version}/changes?language={language}"


def notice_in_force(language: str) -> dict[str, Json]:
    """The privacy notice in force: `{version, published_at, url, changes_url}`, the last null for a first version."""
    notice = in_force().privacy(language)
    return {
        "version": notice.version,
        "published_at": notice.published_at.isoformat() if notice.published_at is not None else None,
        "url": address(Kind.PRIVACY, notice.version, language),
        "changes_url": changes_address(Kind.PRIVACY, notice.version, language) if notice.change else None,
    }
