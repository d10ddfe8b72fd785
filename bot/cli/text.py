"""`candor text mask`: prints what the engine would receive of texts, to try the masking."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.context import CommandError
from bot.core.settings import load_settings
from bot.masking import Finder, Found, find

text = typer.Typer(help="Texts as the engine receives them.", no_args_is_help=True)


@text.command()
def mask(
    json_lines: Annotated[
        str, typer.Option("--json-lines", help="A file with one JSON string per line, or - for standard input.")
    ],
) -> None:
    """Print one JSON line per text: {"masked": "call [PHONE_1]"}. Placeholders are numbered within each text."""
    finder = Finder(load_settings().order_pattern)
    for original in _texts(json_lines):
        line = json.dumps({"masked": _masked(finder, original)}, ensure_ascii=False)
        # Some readers treat these two as line ends.
        typer.echo(line.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _texts(source: str) -> Iterator[str]:
    for number, line in enumerate(_lines(source), 1):
        try:
            original = json.loads(line)
        except ValueError:
            original = None
        if not isinstance(original, str):
            raise CommandError(f'Line {number} is not a JSON string, such as "call me on 07700 900461".')
        yield original


def _lines(source: str) -> Iterator[str]:
    try:
        with nullcontext(sys.stdin) if source == "-" else Path(source).open(encoding="utf-8") as lines:
            yield from lines
    except OSError as error:
        raise CommandError(f"{source} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{source} is not text in UTF-8.") from error


def _masked(finder: Finder, original: str) -> str:
    """`original` with its placeholders, numbered as at the beginning of a conversation."""
    names: dict[Found, str] = {}
    masked = ""
    for part in find(finder, original):
        if isinstance(part, str):
            masked += part
            continue
        if part not in names:
            number = sum(found.kind == part.kind for found in names) + 1
            names[part] = f"[{part.kind}_{number}]"
        masked += names[part]
    return masked
