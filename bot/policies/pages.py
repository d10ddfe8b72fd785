"""The pages under /policies: plain HTML without a script, readable on a phone, by a screen reader and in the dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from markupsafe import Markup

from bot.core.html import render
from bot.core.i18n import LANGUAGES, copy
from bot.core.ids import Json
from bot.policies.current import address, changes_address, in_force
from bot.policies.difference import Compared, only_changed
from bot.policies.documents import Document, Kind
from bot.policies.markdown import readable
from bot.policies.markup import as_html
from bot.policies.repository import Edition


@dataclass(frozen=True)
class Page:
    """Where a page is read: its language, the company that publishes, and its own address without the query."""

    language: str
    company: str
    path: str

    def say(self, key: str, **values: object) -> str:
        """A text of bot/core/i18n/policies.yml."""
        return copy(f"policies.{key}", self.language, **values)


def listing(page: Page, editions: Sequence[Edition]) -> str:
    """Every version, the newest first."""
    title = page.say("all_versions_title")
    current = partial(_current, page.language)
    return html("policies/templates/listing.html", page, title, editions=editions, current=current)


def text(page: Page, version: str, document: Document) -> str:
    """One text whole, as it was once `version` was published."""
    return html(
        "policies/templates/text.html",
        page,
        f"{page.say(f'kind_{document.kind}')}, {page.say('version', version=document.version)}",
        version=version,
        document=document,
        article=Markup(as_html(readable(document, page.language, page.company), page.language)),
        current=partial(_current, page.language),
    )


def changes(page: Page, before: Document | None, document: Document, compared: Sequence[Compared]) -> str:
    """What `document` changed of the version before it, below the headings that it belongs to."""
    title = page.say("changes_title", title=page.say(f"kind_{document.kind}"))
    groups = groupby(only_changed(compared), key=lambda block: block.tag == "li")
    changed = [(is_list, list(blocks)) for is_list, blocks in groups]
    return html("policies/templates/changes.html", page, title, before=before, document=document, changed=changed)


def html(template: str, page: Page, title: str, **values: Json) -> str:
    """The page that `template` makes, which extends policies/templates/page.html."""
    return render(
        template,
        page.language,
        page=page,
        title=title,
        languages=LANGUAGES,
        address=address,
        changes_address=changes_address,
        **values,
    )


def _current(language: str, kind: Kind) -> Document:
    return in_force().documents[kind, "" if kind is Kind.PURPOSES else language]
