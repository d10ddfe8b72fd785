"""HTML pages from Jinja2 templates: every value is escaped, and a value that a template lacks is an error."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.core.i18n import copy
from bot.core.ids import Json

PACKAGES = Path(__file__).parents[1]
TAGS = {"en": "en", "zh": "zh-Hans"}
"""BCP 47, for `lang`."""


def render(template: str, language: str, **values: Json) -> str:
    """The page that `template` (`privacy/templates/export.html`) makes in `language` (`en`, `zh`).

    Templates have the filters `moment` and `short`, `tag` for a language, and `copy(key, **values)`, which gives a text
    of bot/core/i18n in the page's language.
    """

    def words(key: str, **more: object) -> str:
        return copy(key, language, **more)

    return _environment.get_template(template).render(language=language, copy=words, **values)


def short(iso: str) -> str:
    """`2026-11-27 14:46`."""
    return iso[:16].replace("T", " ")


def moment(iso: str | None) -> Markup:
    """A time element that reads `2026-11-27 14:46 UTC`; empty without a moment."""
    return Markup('<time datetime="{}">{} UTC</time>').format(iso, short(iso)) if iso else Markup("")


_environment = Environment(
    loader=FileSystemLoader(PACKAGES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_environment.filters |= {"moment": moment, "short": short, "tag": TAGS.__getitem__}
