"""The disclosure's texts: one Markdown file a version and language. A published one is never edited."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.copy import LANGUAGES

FOLDER = Path(__file__).parent / "notices"


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


@cache
def current_notice(language: str, company: str) -> Notice:
    """The newest disclosure in `language` (`en`, `zh`), naming `company`."""
    if language not in LANGUAGES:
        raise ValueError(f"There is no disclosure in {language!r}; there are {', '.join(LANGUAGES)}.")
    path = max(FOLDER.glob(f"*.{language}.md"))
    title, _, text = path.read_text("utf-8").strip().partition("\n")
    return Notice(path.name.split(".")[0], language, title.removeprefix("# "), text.strip().format(company=company))
