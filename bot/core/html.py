"""HTML that people keep: one file without scripts, light and dark, for screen, print and screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from bot.core.ids import Json

TAGS = {"en": "en", "zh": "zh-Hans"}
STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8881; }
body { font: 1rem/1.55 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
h3 { margin-top: 1.75rem; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .25rem 1rem; margin: .5rem 0; }
dt { font-weight: 600; }
dd { margin: 0; }
dd, td, .text { overflow-wrap: anywhere; white-space: pre-wrap; }
ol.messages { list-style: none; padding: 0; }
ol.messages > li { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; margin: .5rem 0; }
ol.messages > li.visitor { margin-left: 2rem; background: var(--soft); }
.by { margin: 0; font-weight: 600; }
.by time { font-weight: 400; }
.text { margin: .25rem 0 0; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; }
caption { text-align: start; font-weight: 600; padding: .25rem 0; }
th, td { border: 1px solid var(--line); padding: .35rem .4rem; text-align: start; vertical-align: top; min-width: 5em; }
details { border: 1px solid var(--line); border-radius: .5rem; padding: .35rem .75rem; margin: .4rem 0; }
summary { cursor: pointer; }
@media print {
  details, ol.messages > li, tr { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
@media (max-width: 34rem) {
  dl { display: block; }
  dd { margin: 0 0 .5rem; }
  ol.messages > li.visitor { margin-left: .75rem; }
}
"""


class Html(str):
    """HTML of our own making: it stands as it is, where every other text is escaped."""


def page(title: str, language: str, parts: Iterable[str]) -> str:
    """A whole document; `parts` are HTML."""
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{TAGS[language]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def paragraph(text: str) -> str:
    """A paragraph of plain text."""
    return f"<p>{escape(text)}</p>"


def heading(level: int, text: str, anchor: str = "") -> str:
    """A heading; `anchor` is an id of ours."""
    return f"<h{level}{f' id={chr(34)}{anchor}{chr(34)}' if anchor else ''}>{escape(text)}</h{level}>"


def moment(iso: str | None) -> Html:
    """A time element that reads `2026-11-27 14:46 UTC`; nothing without a moment."""
    return Html(f'<time datetime="{escape(iso)}">{escape(short(iso))} UTC</time>' if iso else "")


def short(iso: str) -> str:
    """`2026-11-27 14:46`."""
    return iso[:16].replace("T", " ")


def facts(pairs: Iterable[tuple[str, Json]]) -> str:
    """Labels and values; what is empty is left out. A `Html` value stands as it is."""
    rows = "".join(
        f"<dt>{escape(label)}</dt><dd>{cell(value)}</dd>" for label, value in pairs if value not in (None, "")
    )
    return f"<dl>{rows}</dl>" if rows else ""


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Json]]) -> str:
    """A table with a caption and column heads; nothing without rows."""
    body = "".join(f"<tr>{''.join(f'<td>{cell(value)}</td>' for value in row)}</tr>" for row in rows)
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    if not body:
        return ""
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def cell(value: Json) -> str:
    """A value as HTML."""
    return value if isinstance(value, Html) else escape("" if value is None else str(value))
