"""Converts Markdown to HTML, and to blocks for comparison. HTML within a text is shown as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

_markdown = MarkdownIt("commonmark", {"html": False}).disable("image")


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or an item of a list: its HTML tag and its words without markup."""

    tag: str
    text: str


def as_html(markdown: str, language: str) -> str:
    """HTML of a text, without raw HTML and images. Links to policies keep the language."""
    tokens = _markdown.parse(markdown)
    for link in (one for token in tokens for one in token.children or () if one.type == "link_open"):
        where = str(link.attrGet("href"))
        if re.fullmatch(r"/policies[\w./-]*", where):
            link.attrSet("href", f"{where}?language={language}")
    return str(_markdown.renderer.render(tokens, _markdown.options, {}))


def blocks_of(markdown: str) -> list[Block]:
    """The text block by block."""
    return list(_blocks(_markdown.parse(markdown)))


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    open_tags: list[str] = []
    for token in tokens:
        if token.nesting == 1:
            open_tags.append(token.tag)
        elif token.nesting == -1:
            open_tags.pop()
        elif token.type == "inline":
            yield Block("li" if "li" in open_tags else open_tags[-1], _words(token))
        elif token.content:
            yield Block("p", token.content.strip())


def _words(inline: Token) -> str:
    parts, address = [], ""
    for token in inline.children or ():
        parts.append(" " if token.type in ("softbreak", "hardbreak") else token.content)
        if token.type == "link_open":
            address = str(token.attrGet("href"))
        elif token.type == "link_close":
            parts.append(f" ({address})")
    return "".join(parts)
