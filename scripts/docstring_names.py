"""Finds names in the docstrings of tests that exist nowhere in the code: they were renamed or removed since.

Checks what is alone in code marks and looks like a name, such as `Gate.grant`. Each part of it has to occur in the
code, in a text constant, or in a YAML or TypeScript file. Prints one line per name; exits with 1 if there is one.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CODE = ("bot", "actions", "engine", "benchmarks", "scripts", "tests")
WORDS = ("domain", "data", "bot/core/i18n", "bot/policies", "web/src", "config.yml", "pyproject.toml", "locks/dev.txt")
MARKED = re.compile(r"`([^`\n]+)`")
NAME = re.compile(r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*(\(\))?")
WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass
class Module:
    """What one file holds: its docstrings, each with its line, and the words of its code and other text constants."""

    docstrings: list[tuple[int, str]]
    words: set[str]


@cache
def module(path: Path) -> Module:
    """What the file holds. Every node is looked at once: there are a million of them."""
    docstrings, texts = list[tuple[int, str]](), set[str]()
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        begins = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body[:1]
        for first in begins or ():
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                docstrings.append((first.lineno, str(first.value.value)))
                first.value = ast.Constant(None)
        for value in vars(node).values():
            if isinstance(value, str):
                texts.add(value)
            elif isinstance(value, list):
                waiting += [each for each in value if isinstance(each, ast.AST)]
            elif isinstance(value, ast.AST) and value._fields:  # `Load` and its like have none, and nothing to say
                waiting.append(value)
    return Module(sorted(docstrings), {word for each in texts for word in WORD.findall(each)})


def known(root: Path) -> set[str]:
    """Every word that the code holds, and the names of its modules."""
    found: set[str] = set(dir(__builtins__))
    for folder in CODE:
        for path in (root / folder).rglob("*.py"):
            found |= {path.stem, path.parent.name} | module(path).words
    for name in WORDS:
        path = root / name
        files = [path] if path.is_file() else [file for file in path.rglob("*") if file.suffix in (".yml", ".ts")]
        for file in files:
            found |= {file.stem, *WORD.findall(file.read_text(encoding="utf-8"))}
    return found


def unknown(text: str, words: set[str]) -> list[str]:
    """The names in `text` that are not among `words`."""
    marked = [name for name in MARKED.findall(text) if NAME.fullmatch(name) and len(name) > 1]
    return [name for name in marked if not words.issuperset(WORD.findall(name))]


def main(root: Path) -> int:
    """Check the tests under `root`."""
    words, found = known(root), []
    for path in sorted((root / "tests").rglob("*.py")):
        for line, text in module(path).docstrings:
            found += [f"{path.relative_to(root)}:{line}: {name}" for name in unknown(text, words)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT))
