"""Hooks, templates and the documentation site name files that exist and reach no other host."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.tools import ROOT

HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
SITE = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))


def test_hooks_are_local_ones() -> None:
    assert [repo["repo"] for repo in HOOKS] == ["local"]


@pytest.mark.parametrize("hook", HOOKS[0]["hooks"], ids=lambda hook: hook["id"])
def test_a_hook_runs_what_is_installed_or_ours(hook: dict[str, str]) -> None:
    assert hook["language"] == "system"
    first, *others = hook["entry"].split()
    assert first.startswith((".venv/bin/", "scripts/"))
    ours = [word for word in (first, *others) if word.startswith("scripts/")]
    assert all((ROOT / word).is_file() for word in ours)


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")), ids=lambda path: path.name
)
def test_a_template_is_a_form(path: object) -> None:
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / str(path)).read_text("utf-8"))
    assert "blank_issues_enabled" in form or {"name", "description", "body"} <= set(form)


def pages(nav: list[object]) -> list[str]:
    """The pages in the site's navigation."""
    found: list[str] = []
    for entry in nav:
        inner = list(entry.values()) if isinstance(entry, dict) else [entry]
        for one in inner:
            found += pages(one) if isinstance(one, list) else [str(one)]
    return found


def test_every_page_is_in_the_navigation() -> None:
    docs = ROOT / "docs"
    written = {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
    listed = pages(SITE["nav"])
    records = {name for name in written if re.match(r"adr/\d{4}-", name)}  # listed on adr/README.md
    assert sorted(listed) == sorted(written - records)


def test_every_decision_record_is_listed_and_has_the_four_headings() -> None:
    folder = ROOT / "docs" / "adr"
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8"))
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in listed] == list(range(1, len(listed) + 1))
    for name in listed:
        text = (folder / name).read_text("utf-8")
        assert text.startswith(f"# {int(name[:4])}. ") and "\nStatus: " in text
        assert re.findall(r"^## (Context|Decision|Consequences)$", text, re.MULTILINE)[:3] == [
            "Context",
            "Decision",
            "Consequences",
        ]


def test_the_site_loads_no_font_and_no_script_from_elsewhere() -> None:
    assert SITE["theme"]["font"] is False
    assert "extra_javascript" not in SITE and "extra_css" not in SITE
    assert not {"analytics", "repo_url"} & set(SITE)
