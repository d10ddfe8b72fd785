"""Models of published policies."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from pydantic import Field

from bot.api.schemas.base import Moment, Schema
from bot.policies.difference import Op

PolicyKind: TypeAlias = Literal["disclosure", "privacy", "purposes"]
"""`bot.policies.Kind`; the schema of an enum would share its name with another."""


class PolicyInForce(Schema):
    """The privacy notice in force."""

    version: str = Field(examples=["2026-11-02"])
    published_at: Moment | None = Field(description="Null for the draft that Candor comes with.")
    url: str = Field(description="A path of this gateway.")
    changes_url: str | None = Field(description="Null for a first version.")


class PublishedText(Schema):
    """One text of a published version."""

    kind: PolicyKind
    language: str = Field(description="Empty for the purposes, which hold all languages.")
    sha256: str
    url: str


class PublishedVersion(Schema):
    """One published version with its texts."""

    version: str
    published_at: Moment
    change: str | None = Field(description="What changed, in a sentence.")
    texts: list[PublishedText]


class PublishedVersions(Schema):
    """Everything that was published, the newest first."""

    versions: list[PublishedVersion]


class PolicyAbout(Schema):
    """Which text it is."""

    kind: PolicyKind
    version: str
    language: str
    sha256: str
    published_at: Moment | None
    change: str | None
    url: str
    changes_url: str | None


class PolicyText(PolicyAbout):
    """One published text."""

    in_force: bool
    text: str = Field(description="What the hash is of.")
    readable: str = Field(description="What people read, in Markdown.")


class ComparedRun(Schema):
    """A part of a block: kept, added or removed."""

    op: Op
    text: str


class ComparedBlock(Schema):
    """One block of a text, compared with the version before."""

    tag: str
    runs: list[ComparedRun]


class PolicyChanges(PolicyAbout):
    """What a version changed of the one before it."""

    before: str | None = Field(description="The version before; null for a first one.")
    blocks: list[ComparedBlock]


class PhraseList(Schema):
    """Phrases that are one request."""

    name: str
    phrases: list[str]


class LanguagePhrases(Schema):
    """The phrases of one language, in the notation of the files."""

    language: str
    lists: list[PhraseList]
    words: dict[str, Any]
    courtesy: list[str]
    weak: list[str]
    spellings: dict[str, Any]
    names_of_data: dict[str, Any]


class Phrases(Schema):
    """What counts as a yes, a no, and every other plain request."""

    longest: int = Field(description="Characters of the longest message that is compared.")
    languages: list[LanguagePhrases]
