"""The texts in force in this process: those published last, or the drafts Candor comes with where none were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.policies.documents import Document, Kind, drafts


@dataclass(frozen=True)
class Published:
    """One document of each kind and language."""

    documents: Mapping[tuple[Kind, str], Document]

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


_in_force: list[Published] = []
"""At most one: what `put_in_force` was given last."""


def in_force() -> Published:
    """What visitors are told now."""
    if not _in_force:
        put_in_force(drafts())
    return _in_force[0]


def put_in_force(documents: tuple[Document, ...]) -> None:
    """From now on these hold in this process."""
    _in_force[:] = [Published({(document.kind, document.language): document for document in documents})]
