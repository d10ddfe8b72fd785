"""The texts in force in this process: those published last, or the drafts Candor comes with where none were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.ids import Json
from bot.policies.documents import Document, Kind
from bot.policies.draft_files import drafts
from bot.policies.versions import order


@dataclass(frozen=True)
class Published:
    """One document of each kind and language. `rows` counts what had been published when they were read."""

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


_in_force: list[Published] = []
"""At most one: what `put_in_force` was given last."""


def in_force() -> Published:
    """What visitors are told now."""
    if not _in_force:
        put_in_force(drafts())
    return _in_force[0]


def put_in_force(documents: tuple[Document, ...], rows: int = 0) -> None:
    """From now on these hold in this process."""
    _in_force[:] = [Published({(document.kind, document.language): document for document in documents}, rows)]


def address(kind: Kind, version: str, language: str) -> str:
    """Where a version can be read, as a path of this gateway."""
    return f"/policies/{kind}/{version}?language={language}"


def changes_address(kind: Kind, version: str, language: str) -> str:
    """Where can be read what a version changed, as a path of this gateway."""
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
