"""Finds names in the docstrings of tests that exist nowhere in the code: they were renamed or removed since.

Checks what is alone in code marks and looks like a name, such as `Gate.grant`. Each part of it has to occur in the
code, in a text constant, or in a YAML or TypeScript file. Prints one line per name; exits with 1 if there is one.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CODE = ("bot", "actions", "engine", "benchmarks", "scripts", "tests")
WORDS = ("domain", "data", "bot/core/i18n", "bot/policies", "web/src", "config.yml", "pyproject.toml", "locks/dev.txt")
MARKED = re.compile(r"`([^`\n]+)`")
NAME = re.compile(r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*(\(\))?")
WORD = re.compile(r"[A-Za-z_]\w*")


def docstrings(tree: ast.Module) -> Iterator[tuple[int, ast.Constant]]:
    """The docstrings of a module, its classes and functions, each with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.lineno, first.value


def words_of(tree: ast.Module) -> Iterator[str]:
    """Every identifier and every word of a text constant, docstrings apart."""
    texts = {id(constant) for _, constant in docstrings(tree)}
    for node in ast.walk(tree):
        for value in vars(node).values():
            if isinstance(value, str) and id(node) not in texts:
                yield from WORD.findall(value)


def known(root: Path) -> set[str]:
    """Every word that the code holds, and the names of its modules."""
    found: set[str] = set(dir(__builtins__))
    for folder in CODE:
        for path in (root / folder).rglob("*.py"):
            found |= {path.stem, path.parent.name, *words_of(ast.parse(path.read_text(encoding="utf-8")))}
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
        for line, constant in docstrings(ast.parse(path.read_text(encoding="utf-8"))):
            found += [f"{path.relative_to(root)}:{line}: {name}" for name in unknown(str(constant.value), words)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT))
