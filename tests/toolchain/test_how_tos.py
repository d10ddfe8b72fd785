"""The how-to guides list the files that a change touches: each exists, and no change touches more than was promised."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from bot.core.settings import POLICY_DRAFTS
from bot.policies import Kind
from bot.policies.purposes import processing_of
from bot.policies.validation import checked
from bot.privacy.categories.registry import published_as
from tests.toolchain.tracked_files import tracked
from tests.tools import ROOT

GUIDES = sorted(path for path in (ROOT / "docs" / "how-to").glob("*.md") if "Files touched" in path.read_text("utf-8"))
MOST = {
    "add-a-topic": 3,
    "add-a-purpose": 2,
    "add-a-personal-data-category": 2,
    "add-a-decision-kind": 2,
    "add-a-desk-action": 4,
}
"""The most files that such a change may touch; migrations and tests apart."""
PENDING: set[str] = set()
"""Files that a guide names before they exist. A file that exists now fails the test until it is removed here."""


def touched(text: str) -> list[str]:
    """The paths in the table under 'Files touched'."""
    section = re.split(r"^#+ Files touched$", text, flags=re.MULTILINE)[1]
    table = section.strip().partition("\n\n")[0]
    return re.findall(r"^\| `([^`]+)` \|", table, flags=re.MULTILINE)


def named(text: str) -> list[str]:
    """Every path of the repository that a guide names in code marks."""
    return re.findall(r"`((?:bot|actions|data|domain|tests|web|engine)/[^`\s]+)`", text)


def exists(path: str) -> bool:
    """Whether a path exists; `<name>` and `*` stand for any part of a name."""
    pattern = re.escape(path).replace(r"\*", r"[^/]+")
    pattern = re.sub(r"<[^>]+>", r"[^/]+", pattern.replace("\\<", "<").replace("\\>", ">"))
    return (ROOT / path).exists() or any(re.fullmatch(pattern, name) for name in tracked())


def test_every_promised_guide_is_there() -> None:
    wanted = {*MOST, "add-a-language", "add-a-channel", "connect-your-shop"}
    assert wanted <= {guide.stem for guide in GUIDES}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_each_file_that_a_guide_names_exists(guide: Path) -> None:
    text = guide.read_text("utf-8")
    assert touched(text)
    missing = [path for path in {*touched(text), *named(text)} if not exists(path)]
    assert set(missing) <= PENDING


@pytest.mark.parametrize(("guide", "most"), MOST.items())
def test_a_change_touches_no_more_files_than_promised(guide: str, most: int) -> None:
    assert len(touched((ROOT / "docs" / "how-to" / f"{guide}.md").read_text("utf-8"))) <= most


def test_a_topics_intents_are_named_in_the_files_of_its_guide_alone() -> None:
    guide = (ROOT / "docs" / "how-to" / "add-a-topic.md").read_text("utf-8")
    files = {path.replace("<topic>", "payments") for path in touched(guide)}
    entries = yaml.safe_load((ROOT / "domain" / "payments.yml").read_text("utf-8"))["intents"]
    intents = [name for entry in entries for name in entry if "_" in name]
    assert intents == ["payment_methods", "payment_trouble"]
    word = re.compile(rf"\b({'|'.join(intents)})\b")
    parts = ("bot/", "actions/", "data/", "domain/", "engine/", "config.yml", "web/src/")
    sources = (name for name in tracked() if name.startswith(parts) and name.endswith((".py", ".yml", ".ts")))
    naming = {name for name in sources if word.search((ROOT / name).read_text("utf-8"))}
    assert naming - files == set()


def test_a_purpose_that_is_declared_can_be_published(tmp_path: Path) -> None:
    folder = tmp_path / "drafts"
    shutil.copytree(POLICY_DRAFTS, folder)
    file = folder / "purposes.yml"
    content = yaml.safe_load(file.read_text("utf-8"))
    content["purposes"]["warranty_history"] = {
        **content["purposes"]["order_history"],
        "words": {"en": ["my warranties"], "zh": ["我的保修"]},
    }
    file.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    (drafted,) = (document for document in checked(folder, published_as()) if document.kind is Kind.PURPOSES)
    assert processing_of(drafted).purposes["warranty_history"].title("en") == "Use your order history"


def test_pending_files_do_not_exist() -> None:
    assert [path for path in sorted(PENDING) if exists(path)] == [], "remove it from PENDING"
