"""Published texts in the database: never changed, never removed; the newest of each kind and language is in force."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Row, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.core.ids import now
from bot.db.models import PolicyRow
from bot.policies.current import in_force, put_in_force
from bot.policies.documents import Document, Kind, change_in, following, order
from bot.policies.draft_files import PARTS, drafts


@dataclass(frozen=True)
class Edition:
    """What was published under one version, at one moment: one text or several, with one sentence about the change."""

    version: str
    published_at: datetime
    change: str
    texts: tuple[tuple[Kind, str, str], ...]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of its texts, each once."""
        return tuple(dict.fromkeys(kind for kind, _, _ in self.texts))

    def change_in(self, language: str) -> str:
        """The sentence about what changed, in `language`; "" for a first version."""
        return change_in(self.change, language)


def publish_first(session: Session) -> None:
    """Where nothing was ever published: the texts Candor comes with, as the first version. Several may try at once."""
    if _count(session):
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    moment = now()
    values = [_values(document, moment) for document in drafts()]
    session.execute(dialect.insert(PolicyRow).on_conflict_do_nothing(), values)


def publish(session: Session, texts: Sequence[Document], change: Mapping[str, str]) -> list[Document]:
    """Publish those of `texts` that differ from what is in force, all under one new version. `change` is by language.

    They are in force here at once, and in other processes when these next `refresh`. Gives what was published.
    """
    load(session)
    moment = now()
    version = following(in_force().version, moment.date())
    sentence = json.dumps(dict(change), ensure_ascii=False)
    new = [Document(d.kind, version, d.language, d.text, sentence, moment) for d in changed(texts)]
    session.add_all(PolicyRow(**_values(document, moment)) for document in new)
    session.flush()
    load(session)
    return new


def changed(texts: Iterable[Document]) -> list[Document]:
    """Those of `texts` that differ from what is in force."""
    now_in_force = in_force().documents
    return [d for d in texts if now_in_force[d.kind, d.language].text != d.text]


def load(session: Session) -> None:
    """Put in force in this process what was published last, and the drafts of what was never published."""
    rows = session.scalars(select(PolicyRow)).all()
    newest = {(d.kind, d.language): d for d in drafts()}
    newest |= {(d.kind, d.language): d for d in sorted(map(_document, rows), key=lambda d: order(d.version))}
    put_in_force(tuple(newest.values()), len(rows))


def refresh(session: Session) -> bool:
    """Put in force what another process has published since, and say whether it had; one cheap query if not."""
    # Nothing that was published is ever removed, so comparing the count is enough.
    if _count(session) == in_force().rows:
        return False
    load(session)
    return True


def editions(session: Session) -> list[Edition]:
    """Everything that was published, the newest first."""
    columns = (PolicyRow.version, PolicyRow.published_at, PolicyRow.change)
    rows = session.execute(select(*columns, PolicyRow.kind, PolicyRow.language, PolicyRow.sha256)).all()
    newest_first = sorted(rows, key=lambda row: order(row.version), reverse=True)
    groups = [list(group) for _, group in groupby(newest_first, key=lambda row: row.version)]
    return [_edition(group) for group in groups]


def news_after(session: Session, version: str) -> list[Edition]:
    """The editions after `version` that have a sentence about their change, the oldest first."""
    later = (edition for edition in editions(session) if order(edition.version) > order(version))
    return [edition for edition in later if edition.change][::-1]


def published(session: Session, kind: Kind, version: str, language: str) -> Document | None:
    """The text that was in force in `language` once `version` of this kind was published; None without such a version.

    One language may change alone: then the others stay at the version they had.
    """
    documents = _of_kind(session, kind)
    if all(document.version != version for document in documents):
        return None
    mine = [d for d in documents if d.language in (language, "") and order(d.version) <= order(version)]
    return mine[-1] if mine else None


def before(session: Session, document: Document) -> Document | None:
    """The version that `document` replaced."""
    mine = [d for d in _of_kind(session, document.kind) if d.language == document.language]
    return next((d for d in reversed(mine) if order(d.version) < order(document.version)), None)


def damaged(session: Session) -> list[str]:
    """Each published text whose hash does not match any more: `privacy.en.md of 2026-11-27`."""
    rows = session.scalars(select(PolicyRow).order_by(PolicyRow.published_at, PolicyRow.kind, PolicyRow.language))
    return [f"{_document(row).file} of {row.version}" for row in rows if _document(row).sha256 != row.sha256]


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(PolicyRow)) or 0


def _edition(rows: Sequence[Row[str, datetime, str, str, str, str]]) -> Edition:
    texts = sorted(((Kind(row.kind), row.language, row.sha256) for row in rows), key=lambda text: PARTS.index(text[:2]))
    return Edition(rows[0].version, rows[0].published_at, rows[0].change, tuple(texts))


def _of_kind(session: Session, kind: Kind) -> list[Document]:
    """The oldest first."""
    rows = session.scalars(select(PolicyRow).where(PolicyRow.kind == kind))
    return sorted(map(_document, rows), key=lambda document: order(document.version))


def _document(row: PolicyRow) -> Document:
    return Document(Kind(row.kind), row.version, row.language, row.text, row.change, row.published_at)


def _values(document: Document, moment: datetime) -> dict[str, object]:
    return {
        "kind": document.kind.value,
        "version": document.version,
        "language": document.language,
        "text": document.text,
        "sha256": document.sha256,
        "change": document.change,
        "published_at": moment,
    }
