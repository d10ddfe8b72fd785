"""`candor mask`: shows what the engine would see of texts, so that an operator can try the masking."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from bot.core.errors import BadRequest
from bot.core.settings import load_settings
from bot.masking import Finder, Found, find


def mask(
    json_lines: Annotated[
        str, typer.Option("--json-lines", help="A file with one JSON string a line, or - for standard input.")
    ],
) -> None:
    """Print one JSON line for each text: {"masked": "call [PHONE_1]"}. Placeholders are numbered within each text."""
    finder = Finder(load_settings().order_pattern)
    for text in _texts(json_lines):
        line = json.dumps({"masked": _masked(finder, text)}, ensure_ascii=False)
        # Some readers take these two for ends of lines.
        typer.echo(line.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _texts(source: str) -> Iterator[str]:
    for number, line in enumerate(_lines(source), 1):
        try:
            text = json.loads(line)
        except ValueError:
            text = None
        if not isinstance(text, str):
            raise BadRequest(f'Line {number} is not a JSON string, such as "call me on 07700 900461".')
        yield text


def _lines(source: str) -> Iterator[str]:
    try:
        with nullcontext(sys.stdin) if source == "-" else Path(source).open(encoding="utf-8") as lines:
            yield from lines
    except OSError as error:
        raise BadRequest(f"{source} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadRequest(f"{source} is not text in UTF-8.") from error


def _masked(finder: Finder, text: str) -> str:
    """`text` with placeholders as they are numbered at the beginning of a conversation."""
    names: dict[Found, str] = {}
    masked = ""
    for part in find(finder, text):
        if isinstance(part, str):
            masked += part
            continue
        if part not in names:
            number = sum(found.kind == part.kind for found in names) + 1
            names[part] = f"[{part.kind}_{number}]"
        masked += names[part]
    return masked
