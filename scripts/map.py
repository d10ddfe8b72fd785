"""Counts source lines, packages and imports, and draws the package map: `make map`.

    python scripts/map.py figures [ROOT]   prints the figures of the tree at ROOT
    python scripts/map.py page [ROOT]      prints docs/explanation/package-map.md

The figures are always counted in the same way, so that two commits can be compared. A room is a package at any depth,
or a loose module: one directly in bot/. An import is one edge between two rooms, however many statements make it.
"""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("bot/", "actions/", "engine/", "web/")
TOOLS = ("benchmarks/", "scripts/")
"""What only developers run; counted apart."""
MAPPED = ("bot", "actions")
"""The packages whose imports are counted. The engine runs in another environment and imports neither."""
GENERATED = {"web/src/shared/api.ts"}
"""Written by a tool from another file of the repository; counted nowhere."""
KINDS = ("code", "docstring", "comment", "blank")


def tracked(root: Path) -> list[str]:
    """The files of the repository, by their path from the root, without those that git ignores."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split("\0")
    return sorted(name for name in names if name and (root / name).is_file() and not (root / name).is_symlink())


def is_test(name: str) -> bool:
    """Whether a file is a test or serves tests alone."""
    ends = (".test.ts", ".spec.ts", "samples.ts", "testing.ts")
    return name.startswith("tests/") or "/test/" in name or name.endswith(ends)


def python_lines(text: str) -> Counter[str]:
    """How many lines of each of `KINDS` a Python file has."""
    kinds = ["code" if line.strip() else "blank" for line in text.splitlines()]
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and token.line.strip() == token.string.strip():
            kinds[token.start[0] - 1] = "comment"
    for node in ast.walk(ast.parse(text)):
        # A text that is a statement by itself documents what it follows.
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                kinds[number] = "docstring"
    return Counter(kinds)


def typescript_lines(text: str) -> Counter[str]:
    """The same of a TypeScript file; a comment is `// …` or a block that begins a line."""
    counts: Counter[str] = Counter()
    block = False
    for line in map(str.strip, text.splitlines()):
        if block or line.startswith(("//", "/*")):
            counts["comment"] += 1
            block = (block or line.startswith("/*")) and "*/" not in line
        else:
            counts["code" if line else "blank"] += 1
    return counts


def lines(root: Path, names: Iterable[str]) -> dict[str, Counter[str]]:
    """Lines of Python and TypeScript; tests and tools apart."""
    found: dict[str, Counter[str]] = {}
    for name in names:
        language = {".py": "Python", ".ts": "TypeScript"}.get(Path(name).suffix)
        if (
            language is None
            or not (is_test(name) or name.startswith(SOURCES + TOOLS))
            or name.endswith(".d.ts")
            or name in GENERATED
        ):
            continue
        count = python_lines if language == "Python" else typescript_lines
        title = language + (", tests" if is_test(name) else ", tools" if name.startswith(TOOLS) else "")
        found.setdefault(title, Counter()).update(count((root / name).read_text(encoding="utf-8")))
    return found


class Map:
    """The rooms of `MAPPED` and their imports."""

    def __init__(self, root: Path, names: Iterable[str]) -> None:
        self.files = [name for name in names if name.endswith(".py") and name.split("/")[0] in MAPPED]
        self.modules = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in self.files}
        self.packages = {module(name) for name in self.files if name.endswith("/__init__.py")}
        self.loose = {name for name in self.modules - self.packages if name.startswith("bot.") and name.count(".") == 1}
        self.said = {}
        self.imports: dict[str, set[str]] = {room: set() for room in sorted(self.packages | self.loose)}
        for name in self.files:
            tree = ast.parse((root / name).read_text(encoding="utf-8"))
            here = self.room(module(name))
            if module(name) == here:
                self.said[here] = (ast.get_docstring(tree) or "").split("\n")[0]
            self.imports[here] |= {self.room(target) for target in self._targets(tree)} - {here}

    def room(self, name: str) -> str:
        """The room that a module is in."""
        while name not in self.packages | self.loose:
            name = name.rpartition(".")[0]
        return name

    def _targets(self, tree: ast.Module) -> Iterable[str]:
        """The modules of ours that a module imports, within functions and for type checking too."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names if alias.name in self.modules)
            elif isinstance(node, ast.ImportFrom) and node.module in self.modules:
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    yield inner if inner in self.modules else node.module

    def importers(self, room: str) -> set[str]:
        """The rooms that import `room`."""
        return {other for other, targets in self.imports.items() if room in targets}

    def reached(self, room: str) -> set[str]:
        """The rooms that import `room`, directly or through others: what a change there may break."""
        found: set[str] = set()
        waiting = {room}
        while waiting:
            new = self.importers(waiting.pop()) - found - {room}
            found |= new
            waiting |= new
        return found


def module(name: str) -> str:
    """The dotted name of a file."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def figures(root: Path) -> str:
    """The figures, as a table and a list."""
    names = tracked(root)
    drawn = Map(root, names)
    table = [f"{'lines':18}" + "".join(f"{kind:>11}" for kind in (*KINDS, "all"))]
    for title, counts in sorted(lines(root, names).items()):
        table.append(f"{title:18}" + "".join(f"{counts[kind]:11,}" for kind in KINDS) + f"{counts.total():11,}")
    listed: Mapping[str, int] = {
        "packages in bot/ and actions/": len(drawn.packages),
        "loose modules in bot/": len(drawn.loose),
        "rooms (packages and loose modules)": len(drawn.imports),
        "imports between rooms": sum(map(len, drawn.imports.values())),
        "modules": len(drawn.files),
    }
    return "\n".join([*table, "", *(f"{title:36}{count:6,}" for title, count in listed.items())])


PAGE = """\
# Package map

Generated by `make map` from the imports in `bot/` and `actions/`; do not edit. *Imported by* names the packages that
use a package directly. *Reach* counts those that use it directly or through others: how far a change may be felt.

| Package | What it is | Imports | Imported by | Reach |
|---|---|---|---|---|
"""


def page(root: Path) -> str:
    """The package map in Markdown, without figures that change with every line."""
    drawn = Map(root, tracked(root))

    def names(rooms: Iterable[str]) -> str:
        return ", ".join(f"`{room.removeprefix('bot.')}`" for room in sorted(rooms)) or "–"

    rows = [
        f"| `{room}` | {drawn.said.get(room, '')} | {names(targets)} | {names(drawn.importers(room))} | "
        f"{len(drawn.reached(room))} |"
        for room, targets in drawn.imports.items()
    ]
    return PAGE + "\n".join(rows) + "\n"


if __name__ == "__main__":
    what, *rest = sys.argv[1:] or ["figures"]
    sys.stdout.write({"figures": figures, "page": page}[what](Path(rest[0]) if rest else ROOT).rstrip("\n") + "\n")
