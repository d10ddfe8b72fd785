"""The pages under /policies: plain HTML without a script, readable on a phone, by a screen reader and in the dark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import groupby
from pathlib import Path

from bot.core.i18n import LANGUAGES, copy
from bot.policies.current import address, changes_address, in_force
from bot.policies.difference import Compared, Run, only_changed
from bot.policies.documents import Document, Kind
from bot.policies.markdown import readable
from bot.policies.markup import as_html
from bot.policies.repository import Edition

STYLE = (Path(__file__).parent / "page.css").read_text("utf-8")
TAGS = {"en": "en", "zh": "zh-Hans"}
"""BCP 47, for `lang`."""


@dataclass(frozen=True)
class Page:
    """Where a page is read: its language, the company that publishes, and its own address without the query."""

    language: str
    company: str
    path: str

    def say(self, key: str, **values: object) -> str:
        """A text of this page's, ready to stand in HTML."""
        return escape(copy(f"policies.{key}", self.language, **values))


def listing(page: Page, editions: Sequence[Edition]) -> str:
    """Every version, the newest first."""
    title = page.say("all_versions_title")
    parts = (_edition(page, edition) for edition in editions)
    told = f"<p>{page.say('all_versions_text')}</p>\n<p>{page.say('phrases_text')}</p>\n"
    return html(page, title, f"<h1>{title}</h1>\n{told}{''.join(parts)}")


def text(page: Page, version: str, document: Document) -> str:
    """One text whole, as it stood once `version` was published."""
    words = readable(document, page.language, page.company)
    article = f"<article>\n{as_html(words, page.language)}</article>\n"
    return html(page, _title(page, document), f"{_standing(page, document)}{article}{_about(page, version, document)}")


def changes(page: Page, before: Document | None, document: Document, compared: Sequence[Compared]) -> str:
    """What `document` changed of the version before it, below the headings where it stands."""
    title = page.say("changes_title", title=copy(f"policies.kind_{document.kind}", page.language))
    change = document.change_in(page.language) if before != document else ""
    told = f"<p>{escape(change)}</p>\n" if change else ""
    link = f'<p><a href="{_href(page, document.kind, document.version)}">{page.say("back_to_text")}</a></p>\n'
    return html(page, title, f"<h1>{title}</h1>\n{told}{link}{_compared(page, before, document, compared)}")


def html(page: Page, title: str, body: str) -> str:
    """A whole page. Both `title` and `body` are HTML."""
    return f"""<!doctype html>
<html lang="{TAGS[page.language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · {escape(page.company)}</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
<header>
<nav aria-label="{escape(page.company)}"><ul>{_ways(page)}</ul></nav>
<nav aria-label="{page.say("language")}"><ul>{_languages(page)}</ul></nav>
</header>
<main>
{body}</main>
</body>
</html>
"""


def _ways(page: Page) -> str:
    """Where to go from any page."""

    def link(path: str, name: str) -> str:
        here = ' aria-current="page"' if page.path == path else ""
        return f'<li><a href="{path}?language={page.language}"{here}>{page.say(name)}</a></li>'

    return link("/policies", "all_versions") + link("/policies/phrases", "phrases")


def _languages(page: Page) -> str:
    def link(language: str) -> str:
        here = ' aria-current="true"' if language == page.language else ""
        where = f"{escape(page.path)}?language={language}"
        name = page.say(f"language_{language}")
        return f'<li><a href="{where}" lang="{TAGS[language]}" hreflang="{TAGS[language]}"{here}>{name}</a></li>'

    return "".join(map(link, LANGUAGES))


def _edition(page: Page, edition: Edition) -> str:
    change = escape(edition.change_in(page.language)) or page.say("first_version")
    links = "".join(f"<li>{_edition_links(page, edition, kind)}</li>" for kind in edition.kinds)
    heading = page.say("version", version=edition.version)
    when = f"{page.say('published')}: {_time(edition.published_at, page.language)}"
    return f"<section>\n<h2>{heading}</h2>\n<p>{when}</p>\n<p>{change}</p>\n<ul>{links}</ul>\n</section>\n"


def _edition_links(page: Page, edition: Edition, kind: Kind) -> str:
    links = f'<a href="{_href(page, kind, edition.version)}">{page.say(f"kind_{kind}")}</a>'
    if edition.change:
        where = escape(changes_address(kind, edition.version, page.language))
        links += (
            f' · <a href="{where}">{page.say("compare")}<span class="spoken">: {page.say(f"kind_{kind}")}</span></a>'
        )
    if _current(page, kind).version == edition.version:
        links += f' <span class="mark">{page.say("in_force")}</span>'
    return links


def _standing(page: Page, document: Document) -> str:
    current = _current(page, document.kind)
    if document.version == current.version:
        return ""
    link = f'<a href="{_href(page, document.kind, current.version)}">{page.say("read_current")}</a>'
    return f'<p class="note">{page.say("not_in_force")} {link}</p>\n'


def _about(page: Page, version: str, document: Document) -> str:
    change = escape(document.change_in(page.language)) or page.say("first_version")
    link = ""
    if document.change:
        where = escape(changes_address(document.kind, document.version, page.language))
        link = f' <a href="{where}">{page.say("compare")}</a>'
    unchanged = ""
    if document.version != version:
        unchanged = f"<p>{page.say('unchanged_since', version=document.version)}</p>\n"
    data = f"/policies/{document.kind}/{document.version}.json?language={page.language}"
    facts = [
        (page.say("published"), _time(document.published_at, page.language)),
        (page.say("what_changed"), change + link),
        (page.say("hash"), f"<code>{document.sha256}</code>"),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>\n" for name, value in facts)
    heading = page.say("version", version=document.version)
    mark = f' <span class="mark">{page.say("in_force")}</span>' if not _standing(page, document) else ""
    return (
        f'<section class="about" aria-label="{page.say("about_version")}">\n<h2>{heading}{mark}</h2>\n{unchanged}'
        f'<dl>\n{listed}</dl>\n<p><a href="{escape(data)}">{page.say("as_data")}</a></p>\n</section>\n'
    )


def _compared(page: Page, before: Document | None, document: Document, compared: Sequence[Compared]) -> str:
    if before is None:
        return f"<p>{page.say('first_version')}</p>\n"
    shown = only_changed(compared)
    if not shown:
        return f"<p>{page.say('no_difference')}</p>\n"
    told = page.say("changes_text", after=document.version, before=before.version)
    return f"<p>{told}</p>\n<article>\n{''.join(_blocks(page, shown))}</article>\n"


def _blocks(page: Page, compared: Iterable[Compared]) -> Iterator[str]:
    """Headings go down by one: the page has its own; what is listed stands in a list again."""
    for is_list, group in groupby(compared, key=lambda block: block.tag == "li"):
        for_each = "".join(_block(page, block) for block in group)
        yield f"<ul>\n{for_each}</ul>\n" if is_list else for_each


def _block(page: Page, block: Compared) -> str:
    tag = f"h{min(int(block.tag[1]) + 1, 6)}" if block.tag[0] == "h" else block.tag
    return f"<{tag}>{''.join(_run(page, run) for run in block.runs)}</{tag}>\n"


def _run(page: Page, run: Run) -> str:
    if run.op == "same":
        return escape(run.text)
    tag, mark = ("ins", page.say("added")) if run.op == "added" else ("del", page.say("removed"))
    return f'<{tag}><span class="spoken">[{mark}: </span>{escape(run.text)}<span class="spoken">]</span></{tag}>'


def _current(page: Page, kind: Kind) -> Document:
    return in_force().documents[kind, "" if kind is Kind.PURPOSES else page.language]


def _title(page: Page, document: Document) -> str:
    return f"{page.say(f'kind_{document.kind}')}, {page.say('version', version=document.version)}"


def _href(page: Page, kind: Kind, version: str) -> str:
    return escape(address(kind, version, page.language))


def _time(moment: datetime | None, language: str) -> str:
    if moment is None:
        return "–"
    day = f"{moment.year}年{moment.month}月{moment.day}日" if language == "zh" else f"{moment.day} {moment:%B %Y}"
    return f'<time datetime="{moment.isoformat(timespec="seconds")}">{day}, {moment:%H:%M} UTC</time>'
