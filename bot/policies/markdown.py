"""Renders every policy as Markdown: the two notices unchanged, the file of purposes in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.core.i18n import copy
from bot.core.ids import Json
from bot.policies.documents import Document, Kind, filled
from bot.policies.purposes import Processing, Purpose, processing_of, spoken


def readable(document: Document, language: str, company: str) -> str:
    """`document` in `language`, naming `company`."""
    if document.kind is not Kind.PURPOSES:
        return document.shown(company)
    lines = _lines(processing_of(document), language)
    return filled("\n\n".join(lines), {"company": company}) + "\n"


def _lines(declared: Processing, language: str) -> Iterator[str]:
    """Paragraphs of Markdown. A list is one paragraph."""
    yield f"# {_say('kind_purposes', language)}"
    yield _say("purposes_intro", language, company="{company}")
    yield f"## {_say('asked_for', language)}"
    yield _say("asked_for_text", language)
    for purpose in declared.purposes.values():
        yield f"### {purpose.title(language)}"
        yield purpose.why(language)
        yield _list(_facts(declared, purpose, language))
    yield f"## {_say('not_asked_for', language)}"
    yield _say("not_asked_for_text", language)
    for entry in declared.necessary.values():
        yield f"### {spoken(entry['title'], language)}"
        yield spoken(entry["why"], language)
        basis = spoken(declared.bases[entry["lawful_basis"]], language)
        terms = _say("terms", language, words=entry["dpv"]["purpose"])
        yield _list([_say("basis", language, words=basis), terms])
    yield f"## {_say('kept', language)}"
    yield _say("kept_text", language)
    yield _list(_kept(entry, language) for entry in declared.kept.values())
    yield f"## {_say('responsible', language)}"
    yield _list(_say(key, language, **declared.controller) for key in ("controller", "contact", "officer", "authority"))


def _facts(declared: Processing, purpose: Purpose, language: str) -> Iterator[str]:
    comma = "、" if language == "zh" else ", "
    data = comma.join(spoken(declared.data[name], language) for name in purpose.categories)
    yield _say("used_data", language, words=data)
    yield _say("basis", language, words=spoken(declared.bases[purpose.lawful_basis], language))
    yield _say("recipients", language, words=comma.join(purpose.recipients) or _say("nobody", language))
    yield _say("retention", language, words=purpose.retention(language))
    yield _say("sign_in" if purpose.sign_in else "no_sign_in", language)
    yield _say("under_gpc" if purpose.under_gpc else "not_under_gpc", language)
    yield _say("terms", language, words=", ".join([purpose.dpv["purpose"], *purpose.dpv["processing"]]))


def _kept(entry: Json, language: str) -> str:
    title, what = spoken(entry["title"], language), spoken(entry["what"], language)
    return _say("kept_days", language, title=title, days=entry["days"], what=what)


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _say(key: str, language: str, **values: object) -> str:
    return copy(f"policies.{key}", language, **values)
