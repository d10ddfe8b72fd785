"""What the gateway itself says, in English and Simplified Chinese: one YAML file a topic, `key: {en: …, zh: …}`.

What the assistant says from the engine stands in domain/, as Rasa developers expect.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bot.core.files import parse_yaml
from bot.core.ids import Json

LANGUAGES = ("en", "zh")
FALLBACK = "en"
_HAN = re.compile(r"[\u3400-\u9fff]")


def copy(key: str, language: str, **values: object) -> str:
    """The text `file.name` in `language` (English when there is none), with `{name}` filled in.

    Raises:
        KeyError: there is no such text, or a value it needs is missing.
    """
    topic, _, name = key.partition(".")
    return chosen(entries(topic)[name], language).format(**values)


def chosen(entry: Mapping[str, Json], language: str) -> str:
    """The text of an entry in `language`, in English where there is none.

    `en_you` is English that addresses the visitor: the entry's own wording for that, or else what everybody reads.
    """
    return str(entry.get(language) or entry.get(language.partition("_")[0]) or entry[FALLBACK])


@cache
def entries(topic: str) -> dict[str, dict[str, Json]]:
    """All of `bot/core/i18n/<topic>.yml`."""
    content: dict[str, dict[str, Json]] = parse_yaml((Path(__file__).parent / f"{topic}.yml").read_text("utf-8"))
    return content


def written_language(text: str, usual: str) -> str:
    """The language to answer in: Chinese to a text with Han characters, else the conversation's usual one."""
    return "zh" if _HAN.search(text) else usual


def language_of(tag: str | None) -> str:
    """The language we speak that a BCP 47 tag or Accept-Language header asks for first; English else."""
    for part in (tag or "").split(","):
        primary = part.split(";")[0].strip().lower().split("-")[0]
        if primary in LANGUAGES:
            return primary
    return FALLBACK
