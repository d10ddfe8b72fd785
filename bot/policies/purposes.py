"""The purposes that personal data may be used for, as published: each consent points to the exact words and terms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from bot.core.errors import BadRequest
from bot.core.files import parse_yaml
from bot.core.i18n import chosen
from bot.core.ids import Json
from bot.policies.current import in_force
from bot.policies.documents import Document

ORDER_HISTORY = "order_history"
ACCOUNT_DETAILS = "account_details"
RECOMMENDATIONS = "recommendations"
IMPROVEMENT = "improvement"
CONTACT_BY_EMAIL = "contact_by_email"
USED = (ORDER_HISTORY, ACCOUNT_DETAILS, RECOMMENDATIONS, IMPROVEMENT, CONTACT_BY_EMAIL)
"""The purposes that the code reads personal data for: each has to be declared in what is published."""

Words: TypeAlias = Mapping[str, str]
"""A text by language."""


@dataclass(frozen=True)
class Purpose:
    """One purpose with its words in each language.

    `notice` names the exact text: purpose, version, hash. `terms` is the hash of what the consent is about: the
    purpose itself, the method, the data, the basis and the recipients. Other words leave it; another of these voids
    the consent.
    """

    name: str
    version: str
    titles: Words
    whys: Words
    shorts: Words
    categories: tuple[str, ...]
    sign_in: bool
    under_gpc: bool
    lawful_basis: str
    recipients: tuple[str, ...]
    retentions: Words
    words: Mapping[str, tuple[str, ...]]
    dpv: Mapping[str, Json]
    notice: str
    terms: str

    def title(self, language: str) -> str:
        """What is asked, as a heading."""
        return spoken(self.titles, language)

    def why(self, language: str) -> str:
        """What for, in a sentence or two."""
        return spoken(self.whys, language)

    def short(self, language: str) -> str:
        """What is used, within a sentence: `your orders`."""
        return spoken(self.shorts, language)

    def retention(self, language: str) -> str:
        """How long what was read is kept."""
        return spoken(self.retentions, language)


@dataclass(frozen=True)
class Processing:
    """The content of the file of purposes; all but `purposes` as in the file."""

    purposes: Mapping[str, Purpose]
    controller: Mapping[str, str]
    necessary: Mapping[str, Json]
    bases: Mapping[str, Json]
    data: Mapping[str, Json]
    kept: Mapping[str, Json]


def processing() -> Processing:
    """What is declared in the version in force."""
    return processing_of(in_force().purposes)


@lru_cache(maxsize=16)
def processing_of(document: Document) -> Processing:
    """What a published file of purposes declares."""
    content: dict[str, Json] = parse_yaml(document.text)
    return Processing(
        purposes={name: _purpose(name, document.version, entry) for name, entry in content["purposes"].items()},
        controller=content["controller"],
        necessary=content["necessary"],
        bases=content["bases"],
        data=content["data"],
        kept=content["kept"],
    )


def purposes() -> Mapping[str, Purpose]:
    """All purposes by name."""
    return processing().purposes


def purpose_named(name: str) -> Purpose:
    """The purpose of that name.

    Raises:
        BadRequest: there is no such purpose.
    """
    found = purposes().get(name)
    if found is None:
        raise BadRequest(
            "There is no such purpose; use one of those listed with the conversation.", code="unknown_purpose"
        )
    return found


def data_words(categories: tuple[str, ...], language: str) -> list[str]:
    """Categories of personal data in words."""
    return [spoken(processing().data[name], language) for name in categories]


def spoken(texts: Words, language: str) -> str:
    """The text in `language`; English where there is none."""
    return chosen(texts, language)


def _purpose(name: str, version: str, entry: dict[str, Json]) -> Purpose:
    about = ("data", "lawful_basis", "recipients", "sign_in", "dpv")
    return Purpose(
        name=name,
        version=version,
        titles=entry["title"],
        whys=entry["why"],
        shorts=entry["short"],
        categories=tuple(entry["data"]),
        sign_in=entry["sign_in"],
        under_gpc=entry["under_gpc"],
        lawful_basis=entry["lawful_basis"],
        recipients=tuple(entry["recipients"]),
        retentions=entry["retention"],
        words={language: tuple(words) for language, words in entry["words"].items()},
        dpv=entry["dpv"],
        notice=f"{name}/{version}#sha256:{_hash(entry)[:32]}",
        terms=_hash({"name": name, **{key: entry[key] for key in about}}),
    )


def _hash(value: Json) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
