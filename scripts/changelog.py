"""Moves the fragments in changes/ into CHANGELOG.md: `make changelog`. With --check it only checks them.

A fragment is a file changes/<name>.<kind>.md with one or more list items, each `- …`. Its kind is one of `KINDS`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("added", "changed", "deprecated", "removed", "fixed", "security")
UNRELEASED = "## [Unreleased]"


def fragments(root: Path) -> list[Path]:
    """The fragments, by name."""
    return sorted(path for path in (root / "changes").glob("*.md") if path.name != "README.md")


def fault(path: Path) -> str | None:
    """What is wrong with a fragment, or None."""
    kind = path.name.split(".")[-2] if path.name.count(".") == 2 else ""
    if kind not in KINDS:
        return f"{path.name}: name it <what>.<kind>.md; kinds are {', '.join(KINDS)}."
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or not all(re.match(r"- \S|  \S", line) for line in lines) or not lines[0].startswith("- "):
        return f"{path.name}: write list items only, '- …', with further lines indented by two spaces."
    return None


def assembled(changelog: str, texts: dict[str, str]) -> str:
    """The changelog with the text of each kind at the end of that kind's list under Unreleased."""
    head, mark, rest = changelog.partition(UNRELEASED)
    section, *later = re.split(r"(?m)^(?=## )", rest, maxsplit=1)
    for kind, text in texts.items():
        title = f"### {kind.capitalize()}"
        before, found, after = section.partition(title + "\n")
        if not found:
            section = f"{section.rstrip()}\n\n{title}\n\n{text}"
            continue
        items, *others = re.split(r"(?m)^(?=### )", after, maxsplit=1)
        section = f"{before}{title}\n{items.rstrip()}\n{text}" + "".join(f"\n{other}" for other in others)
    return head + mark + section + "".join(f"\n{other}" for other in later)


def main(root: Path, *, check: bool) -> int:
    """Assemble, or only check; the exit code."""
    paths = fragments(root)
    if faults := [found for path in paths if (found := fault(path))]:
        sys.stderr.write("\n".join(faults) + "\n")
        return 1
    if check or not paths:
        return 0
    texts: dict[str, str] = {}
    for kind in KINDS:
        for path in paths:
            if path.name.endswith(f".{kind}.md"):
                texts[kind] = texts.get(kind, "") + path.read_text(encoding="utf-8").rstrip() + "\n"
    changelog = root / "CHANGELOG.md"
    changelog.write_text(assembled(changelog.read_text(encoding="utf-8"), texts), encoding="utf-8")
    for path in paths:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(ROOT, check="--check" in sys.argv[1:]))
