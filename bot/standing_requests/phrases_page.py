"""The page /policies/phrases: the closed lists of phrases as anybody may read them, and how messages are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from bot.core.i18n import LANGUAGES
from bot.core.ids import Json
from bot.policies import pages, purposes
from bot.policies.pages import Page
from bot.standing_requests import phrases

COMPARED = ("whole", "letters", "signs", "languages")
_NAME = re.compile(r"<([^<>]+)>|(\{purpose\})")


def page(reader: Page) -> str:
    """The whole page in the reader's language; each list in its own."""
    title = reader.say("phrases_title")
    parts = [f"<h1>{title}</h1>\n<p>{reader.say('phrases_intro')}</p>\n", _compared(reader)]
    parts += (_language(reader, language) for language in LANGUAGES)
    return pages.html(reader, title, "".join(parts))


def as_json() -> dict[str, Json]:
    """The same as data, in the notation of the files."""
    return {
        "longest": phrases.LONGEST,
        "languages": [
            {
                "language": language,
                "lists": [
                    {"name": section.part, "phrases": list(section.patterns)} for section in phrases.sections(language)
                ],
                "words": dict(phrases.words_of(language)),
                "courtesy": list(phrases.courtesy_of(language)),
                "weak": list(phrases.weak_of(language)),
                "spellings": dict(phrases.spellings_of(language)),
                "names_of_data": _names_of_data(language),
            }
            for language in LANGUAGES
        ],
    }


def _compared(reader: Page) -> str:
    points = "".join(
        f"<li>{reader.say(f'phrases_compared_{name}', longest=phrases.LONGEST)}</li>\n" for name in COMPARED
    )
    notation = f"<p>{reader.say('phrases_notation')}</p>\n"
    return f"<section>\n<h2>{reader.say('phrases_compared')}</h2>\n<ul>\n{points}</ul>\n{notation}</section>\n"


def _language(reader: Page, language: str) -> str:
    lists = (
        _list(reader, section.part, _items(language, (_pattern(reader, language, one) for one in section.patterns)))
        for section in phrases.sections(language)
    )
    heading = f"<h2>{reader.say(f'phrases_language_{language}')}</h2>\n"
    return f"<section>\n{heading}{''.join(lists)}{''.join(_notes(reader, language))}</section>\n"


def _notes(reader: Page, language: str) -> Iterator[str]:
    """What the lists refer to, and what else is compared."""
    words = (
        f'<dt id="{_anchor(language, name)}" lang="{pages.TAGS[language]}">{escape(name)}</dt>'
        f'<dd lang="{pages.TAGS[language]}">{_joined(one)}</dd>\n'
        for name, one in phrases.words_of(language).items()
    )
    yield f"<h3>{reader.say('phrases_words')}</h3>\n<dl>\n{''.join(words)}</dl>\n"
    named = (
        f"<dt>{escape(purposes()[name].title(reader.language))}</dt>"
        f'<dd lang="{pages.TAGS[language]}">{_joined(one)}</dd>\n'
        for name, one in _names_of_data(language).items()
    )
    yield _list(reader, "named", f"<dl>\n{''.join(named)}</dl>\n")
    for part, one in (("courtesy", phrases.courtesy_of(language)), ("weak", phrases.weak_of(language))):
        yield _list(reader, part, f'<p lang="{pages.TAGS[language]}">{_joined(one)}</p>\n')
    spelt = (f"{escape(word)}: {_joined(one)}" for word, one in phrases.spellings_of(language).items())
    yield _list(reader, "spellings", _items(language, spelt))


def _list(reader: Page, part: str, content: str) -> str:
    """A heading, what it means, and what stands under it."""
    return f"<h3>{reader.say(f'phrases_{part}')}</h3>\n<p>{reader.say(f'phrases_{part}_text')}</p>\n{content}"


def _items(language: str, items: Iterable[str]) -> str:
    listed = "".join(f"<li>{item}</li>\n" for item in items)
    return f'<ul lang="{pages.TAGS[language]}">\n{listed}</ul>\n'


def _pattern(reader: Page, language: str, pattern: str) -> str:
    """A pattern in which each name leads to the words that it stands for."""
    pieces, at = list[str](), 0
    for found in _NAME.finditer(pattern):
        pieces.append(escape(pattern[at : found.start()]))
        name = found[1]
        pieces.append(
            f'<a href="#{_anchor(language, name)}">{escape(name)}</a>'
            if name
            else f'<em lang="{pages.TAGS[reader.language]}">{reader.say("phrases_purpose")}</em>'
        )
        at = found.end()
    return "".join([*pieces, escape(pattern[at:])])


def _anchor(language: str, name: str) -> str:
    return f"{language}-{list(phrases.words_of(language)).index(name)}"


def _joined(words: Sequence[str]) -> str:
    return escape(" · ".join(words))


def _names_of_data(language: str) -> Mapping[str, list[str]]:
    """What each purpose's data is called; all words are taken in both languages."""
    return {name: list(purpose.words.get(language, ())) for name, purpose in purposes().items()}
