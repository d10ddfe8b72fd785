"""The disclosure as it is shown: the published text with the company's name in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bot.core.i18n import LANGUAGES
from bot.policies import in_force


@dataclass(frozen=True)
class Notice:
    """One disclosure as it is shown. `version` is its date; `sha256` is over the title, a line feed and the text."""

    version: str
    language: str
    title: str
    text: str

    @property
    def sha256(self) -> str:
        """What the record keeps, to show later which words were on the screen."""
        return hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()

    def as_json(self) -> dict[str, str]:
        """`{version, language, title, text}`; paragraphs of `text` are parted by an empty line."""
        return {"version": self.version, "language": self.language, "title": self.title, "text": self.text}


def current_notice(language: str, company: str) -> Notice:
    """The disclosure in force in `language` (`en`, `zh`), naming `company`."""
    if language not in LANGUAGES:
        raise ValueError(f"There is no disclosure in {language!r}; there are {', '.join(LANGUAGES)}.")
    document = in_force().disclosure(language)
    title, _, text = document.shown(company).strip().partition("\n")
    return Notice(document.version, language, title.removeprefix("# "), text.strip())
