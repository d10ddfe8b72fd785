"""Validates drafts before publication. Each fault is a sentence with file, field and remedy."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.core.errors import BadRequest, SettingsError
from bot.core.files import parse_yaml
from bot.core.ids import Json
from bot.policies.documents import FIELD, Document, Kind, file_of
from bot.policies.draft_files import PARTS, drafts, quoted, read
from bot.policies.purposes import USED

PURPOSES = file_of(Kind.PURPOSES, "")
LONGEST_DAYS = 3650
LONGEST_DISCLOSURE = 1200
SAYS_AI = re.compile(r"\bAI\b|人工智能|机器人|\brobot\b", re.IGNORECASE)

Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Name: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Term: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*:[A-Za-z]+$")]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Words(_Form):
    en: Text
    zh: Text


class _Term(_Words):
    dpv: Term


class _Controller(_Form):
    name: Text
    address: Text
    contact: Text
    data_protection_officer: Text
    jurisdiction: Text
    authority: Text


class _Spoken(_Form):
    en: list[Text] = Field(min_length=1)
    zh: list[Text] = Field(min_length=1)


class _PurposeTerms(_Form):
    purpose: Term
    processing: list[Term] = Field(min_length=1)


class _Purpose(_Form):
    title: _Words
    why: _Words
    short: _Words
    data: list[Name] = Field(min_length=1)
    sign_in: bool
    under_gpc: bool
    lawful_basis: Name
    recipients: list[Text]
    retention: _Words
    words: _Spoken
    dpv: _PurposeTerms


class _NecessaryTerms(_Form):
    purpose: Term


class _Necessary(_Form):
    title: _Words
    why: _Words
    lawful_basis: Name
    dpv: _NecessaryTerms


class _Kept(_Form):
    days: int = Field(ge=1, le=LONGEST_DAYS)
    title: _Words
    what: _Words


class _File(_Form):
    """The file of purposes, as docs/reference/purposes.md describes it."""

    controller: _Controller
    purposes: dict[Name, _Purpose]
    necessary: dict[Name, _Necessary]
    bases: dict[Name, _Term]
    data: dict[Name, _Term]
    kept: dict[Name, _Kept]


WANTED = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not known; take it out or correct its name",
    "string_type": "has to be a text; put it in quotation marks",
    "string_too_short": "is empty; write something",
    "string_too_long": "is too long; use at most 1,000 characters",
    "string_pattern_mismatch": "is not of the form it needs; write names as order_history, DPV terms as dpv:Retrieve",
    "bool_type": "has to be true or false",
    "list_type": "has to be a list; write it as [one, another]",
    "too_short": "is empty; name at least one",
    "int_type": "has to be a whole number",
    "greater_than_equal": "is too small; at least 1",
    "less_than_equal": f"is too large; at most {LONGEST_DAYS}",
    "dict_type": "has to hold names with their fields, each on a line of its own",
    "model_type": "has to hold named fields, as in {en: text, zh: 文字}",
}
"""The remedy for each kind of invalid field."""


def checked(folder: Path, stored: Mapping[str, bool]) -> tuple[Document, ...]:
    """The drafts in `folder`, valid for publication.

    Args:
        stored: the categories of personal data that Candor stores (`bot.privacy.categories.registry.published_as`),
            each with whether it is cleared together with the conversation: then it needs the same number of days.

    Raises:
        BadRequest: with every fault, one a line.
    """
    faults = list(_faults(folder, stored))
    if faults:
        raise BadRequest("\n".join(faults), code="drafts_not_valid")
    return drafts(folder)


class _Once(yaml.SafeLoader):
    """Rejects duplicate names: of two purposes of one name YAML would silently take the second."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.MarkedYAMLError(problem=f"{key!r} stands there twice", problem_mark=key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def _faults(folder: Path, stored: Mapping[str, bool]) -> Iterator[str]:
    texts: dict[str, str] = {}
    for kind, language in PARTS:
        try:
            texts[file_of(kind, language)] = read(folder, file_of(kind, language))
        except SettingsError as error:
            yield str(error)
    quotable: list[str] | None = None
    if (text := texts.pop(PURPOSES, None)) is not None:
        found = list(_faults_of_purposes(text, stored))
        quotable = sorted(quoted(parse_yaml(text))) if not found else None
        yield from found
    for name, text in texts.items():
        yield from _faults_of_markdown(name, text, quotable)


def _faults_of_purposes(text: str, stored: Mapping[str, bool]) -> Iterator[str]:
    try:
        content = yaml.load(text, _Once)
        _File.model_validate(content)
    except yaml.YAMLError as error:
        yield _unreadable(error)
    except ValidationError as error:
        for one in error.errors():
            place = ".".join(str(part) for part in one["loc"]) or "the file"
            yield f"{PURPOSES}: {place}: {WANTED.get(one['type'], one['msg'])}."
    else:
        yield from _faults_of_fields(PURPOSES, text, ["company"])
        yield from _faults_between(content, stored)


def _unreadable(error: yaml.YAMLError) -> str:
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    return f"{PURPOSES}: line {mark.line + 1 if mark else 1}: {problem or 'this is no YAML'}; correct it."


def _faults_between(content: dict[str, Json], stored: Mapping[str, bool]) -> Iterator[str]:
    """References between parts of the file, and what Candor's code requires."""
    for part in ("purposes", "necessary"):
        for name, entry in content[part].items():
            place = f"{PURPOSES}: {part}.{name}"
            yield from _undeclared(f"{place}.lawful_basis", [entry["lawful_basis"]], "bases", content)
            yield from _undeclared(f"{place}.data", entry.get("data", ()), "data", content)
    for name in sorted(set(USED) - set(content["purposes"])):
        yield f"{PURPOSES}: purposes.{name}: is missing, and Candor reads personal data for it; declare it."
    yield from _faults_of_kept(content["kept"], stored)


def _faults_of_kept(kept: dict[str, Json], stored: Mapping[str, bool]) -> Iterator[str]:
    for name in sorted(set(stored) - set(kept)):
        yield f"{PURPOSES}: kept.{name}: is missing, and Candor keeps it; say for how many days."
    for name in sorted(set(kept) - set(stored)):
        yield f"{PURPOSES}: kept.{name}: Candor keeps nothing of that name; take it out."
    days = kept["conversation"]["days"] if "conversation" in kept else None
    for name, with_conversation in stored.items():
        if with_conversation and days is not None and name in kept and kept[name]["days"] != days:
            yield f"{PURPOSES}: kept.{name}.days: goes with the conversation; write {days}, as there."


def _undeclared(place: str, names: Iterable[str], part: str, content: dict[str, Json]) -> Iterator[str]:
    for name in names:
        if name not in content[part]:
            known = ", ".join(content[part]) or "none yet"
            yield f"{place}: {name!r} is not declared under {part}; declare it there or name one that is ({known})."


def _faults_of_markdown(name: str, text: str, quotable: list[str] | None) -> Iterator[str]:
    title, _, rest = text.partition("\n")
    if not re.match(r"# \S", title):
        yield f"{name}: line 1: begin with the title, as in '# Privacy in this chat'."
    if not rest.strip():
        yield f"{name}: the text: there is none below the title; write it."
    if name.startswith(Kind.DISCLOSURE):
        yield from _faults_of_fields(name, text, ["company"])
        yield from _faults_of_disclosure(name, text)
    elif quotable is not None:
        yield from _faults_of_fields(name, text, ["company", *quotable])


def _faults_of_disclosure(name: str, text: str) -> Iterator[str]:
    # Rule D2: nothing can make the assistant look human.
    if not SAYS_AI.search(text):
        yield f"{name}: the text: does not say that this is an AI; say so."
    if len(text) > LONGEST_DISCLOSURE:
        yield f"{name}: the text: is too long to be read before a chat; use at most {LONGEST_DISCLOSURE:,} characters."


def _faults_of_fields(name: str, text: str, known: list[str]) -> Iterator[str]:
    for field in sorted(set(FIELD.findall(text)) - set(known)):
        could_be = ", ".join(f"{{{one}}}" for one in known)
        yield f"{name}: {{{field}}}: there is no such field; use one of {could_be}."
