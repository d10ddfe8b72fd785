"""Hook of MkDocs: a link to a folder or to a file outside of docs/ becomes its path, as the site does not hold it."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

LINK = re.compile(r"\[([^\]\n]+)\]\(([\w./-]+)(#[^)\s]*)?\)")


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: Any) -> str:
    """The page with such links replaced."""
    docs = Path(config["docs_dir"]).resolve()
    here = docs / PurePosixPath(page.file.src_uri).parent

    def replaced(match: re.Match[str]) -> str:
        target = (here / match[2]).resolve()
        if target.is_relative_to(docs) and not target.is_dir():
            return match[0]
        path = target.relative_to(docs.parent).as_posix()
        return f"`{path}`" if match[1] in (path, target.name) else f"{match[1]} (`{path}`)"

    return LINK.sub(replaced, markdown)
