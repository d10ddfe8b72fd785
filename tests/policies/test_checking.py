"""Drafts that may not be published are refused, with each fault's file, field and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.errors import BadRequest
from bot.core.settings import POLICY_DRAFTS
from bot.policies import drafts
from bot.policies.purposes import USED
from bot.policies.validation import checked
from bot.privacy.categories.registry import published_as
from tests.policies.drafting import MOVED, edit

FAULTS = [
    ("purposes.yml", "data: [order_status, delivery, refund]", "data: [order_status, deliverys, refund]",
     "purposes.yml: purposes.order_history.data: 'deliverys' is not declared under data; declare it"),
    ("purposes.yml", "data: [email]", "data: []", "purposes.yml: purposes.contact_by_email.data: is empty; name"),
    ("purposes.yml", "lawful_basis: legal_obligation", "lawful_basis: law",
     "purposes.yml: necessary.prove.lawful_basis: 'law' is not declared under bases; declare it"),
    ("purposes.yml", ", zh: 使用您的订单记录}", "}",
     "purposes.yml: purposes.order_history.title.zh: is missing; add it."),
    ("purposes.yml", "zh: 使用您的订单记录}", "zh: ''}",
     "purposes.yml: purposes.order_history.title.zh: is empty; write something."),
    ("purposes.yml", "  recommendations:\n", "  recommendations:\n    prupose: x\n",
     "purposes.yml: purposes.recommendations.prupose: is not known; take it out or correct its name."),
    ("purposes.yml", "under_gpc: false", "under_gpc: never",
     "purposes.yml: purposes.recommendations.under_gpc: has to be true or false."),
    ("purposes.yml", "dpv: dpv:Consent}", "dpv: consent}",
     "purposes.yml: bases.consent.dpv: is not of the form it needs; write"),
    ("purposes.yml", "  contact: privacy@fern-hale.example\n", "",
     "purposes.yml: controller.contact: is missing; add it."),
    ("purposes.yml", "days: 180", "days: 0", "purposes.yml: kept.conversation.days: is too small; at least 1."),
    ("purposes.yml", "days: 180", "days: half a year",
     "purposes.yml: kept.conversation.days: has to be a whole number."),
    ("purposes.yml", "  engine:\n", "  notes:\n", "purposes.yml: kept.engine: is missing, and Candor keeps it; say"),
    ("purposes.yml", "  engine:\n", "  notes:\n",
     "purposes.yml: kept.notes: Candor keeps nothing of that name; take it out."),
    ("purposes.yml", "  identity:\n    days: 180", "  identity:\n    days: 30",
     "purposes.yml: kept.identity.days: goes with the conversation; write 180, as there."),
    ("purposes.yml", "  account_details:\n", "  order_history:\n", "'order_history' stands there twice; correct it."),
    ("purposes.yml", "purposes:\n", "purposes: [\n", "purposes.yml: line "),
    ("purposes.yml", '"{company}"', '"{firm}"', "purposes.yml: {firm}: there is no such field; use one of {company}."),
    ("privacy.en.md", "# Privacy in this chat", "Privacy", "privacy.en.md: line 1: begin with the title"),
    ("privacy.zh.md", "{contact}", "{kontact}", "privacy.zh.md: {kontact}: there is no such field; use one of"),
    ("disclosure.en.md", "{company}", "{address}", "disclosure.en.md: {address}: there is no such field"),
]  # fmt: skip


def refusal(folder: Path) -> list[str]:
    with pytest.raises(BadRequest) as refused:
        checked(folder, published_as())
    return refused.value.message.splitlines()


def test_the_drafts_that_candor_comes_with_may_be_published() -> None:
    assert checked(POLICY_DRAFTS, published_as()) == drafts()


@pytest.mark.parametrize(("file", "old", "new", "fault"), FAULTS, ids=lambda value: None)
def test_a_fault_names_file_and_field_and_says_what_to_do(
    folder: Path, file: str, old: str, new: str, fault: str
) -> None:
    edit(folder, file, old, new)
    told = refusal(folder)
    assert [line for line in told if fault in line], told
    assert all(line.endswith(".") for line in told)


@pytest.mark.parametrize("name", USED)
def test_each_purpose_that_our_code_reads_data_for_has_to_be_declared(folder: Path, name: str) -> None:
    edit(folder, "purposes.yml", f"  {name}:\n", f"  not_{name}:\n")
    assert refusal(folder) == [
        f"purposes.yml: purposes.{name}: is missing, and Candor reads personal data for it; declare it."
    ]


@pytest.mark.parametrize("file", sorted(path.name for path in POLICY_DRAFTS.iterdir()))
def test_each_text_has_to_be_there(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert [line.partition(":")[0] for line in refusal(folder)] == [file]
    (folder / file).write_bytes(b"\xff\xfe\x00")
    assert [line.partition(":")[0] for line in refusal(folder)] == [file]


@pytest.mark.parametrize("file", ["disclosure.en.md", "disclosure.zh.md"])
def test_a_disclosure_that_does_not_say_that_it_is_an_ai_is_refused(folder: Path, file: str) -> None:
    """Rule D2."""
    (folder / file).write_text("# Hello 您好\n\nMina of {company} writes to you.\n", "utf-8")
    assert refusal(folder) == [f"{file}: the text: does not say that this is an AI; say so."]


def test_a_disclosure_too_long_to_be_read_is_refused(folder: Path) -> None:
    edit(folder, "disclosure.en.md", "not a person.", "not a person. " * 100)
    assert refusal(folder)[0].startswith("disclosure.en.md: the text: is too long")


def test_every_fault_is_told_at_once(folder: Path) -> None:
    (folder / "privacy.zh.md").unlink()
    edit(folder, "disclosure.en.md", "{company}", "{firm}")
    edit(folder, "purposes.yml", "data: [email]", "data: [mail]")
    assert {line.partition(":")[0] for line in refusal(folder)} == {"privacy.zh.md", "disclosure.en.md", "purposes.yml"}


def test_what_a_notice_quotes_of_the_purposes_is_filled_in(folder: Path) -> None:
    edit(folder, *MOVED)
    edit(folder, "purposes.yml", "days: 90", "days: 77")
    by_file = {document.file: document.text for document in checked(folder, published_as())}
    for name in ("privacy.en.md", "privacy.zh.md"):
        assert "14 Market Street" in by_file[name] and "77" in by_file[name]
        assert "{company}" in by_file[name] and "{address}" not in by_file[name]
