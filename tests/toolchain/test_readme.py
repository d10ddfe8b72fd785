"""Every command in the README exists, and every link in the documentation leads somewhere."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.tools import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MARKDOWN = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def commands() -> list[str]:
    """Every line of the README's shell blocks."""
    blocks = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    # Started by `make test`, we inherit its flags, which would reach this make as well.
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, env=clean, check=False)


def test_readme_names_the_commands_to_run_and_to_test() -> None:
    assert {"make run", "make test"} <= set(commands())


@pytest.mark.parametrize("line", [line for line in commands() if line.startswith("make ")])
def test_make_knows_the_readmes_target(line: str) -> None:
    done = make("--dry-run", *line.split()[1:])
    assert done.returncode == 0, done.stderr
    assert "scripts/" in done.stdout


def test_make_without_a_target_lists_every_target() -> None:
    done = make()
    assert done.returncode == 0
    listed = set(re.findall(r"^  make ([a-z-]+) ", done.stdout, flags=re.MULTILINE))
    assert listed == targets()


def test_ci_runs_the_readmes_test_command() -> None:
    assert "make test" in commands()
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert lines[-1] == "exec make test"


@pytest.mark.parametrize("line", [line for line in commands() if line.startswith(".venv-engine/bin/rasa ")])
def test_rasa_paths_in_the_readme_exist(line: str) -> None:
    words = line.split()
    for option, value in zip(words, words[1:], strict=False):
        if option.startswith("--") and not value.startswith("--"):
            assert (ROOT / value).exists(), f"{value} in `{line}`"
    assert (ROOT / "config.yml").is_file()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`\.venv/bin/candor ([a-z-]+)", README))))
def test_candor_knows_the_readmes_command(name: str) -> None:
    done = subprocess.run(
        [ROOT / ".venv" / "bin" / "candor", name, "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("document", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_repository_lead_somewhere(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
    missing = [link for link in links if not (document.parent / link).exists()]
    assert missing == []


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as forges and the documentation site make them."""
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_to_a_heading_lead_to_one(document: Path) -> None:
    found = re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", document.read_text(encoding="utf-8"))
    inside = [
        (target, anchor) for target, anchor in found if "://" not in target and (not target or target.endswith(".md"))
    ]
    missing = [
        f"{target}#{anchor}"
        for target, anchor in inside
        if anchor not in anchors(document.parent / target if target else document)
    ]
    assert missing == []
