"""Compares two versions of a policy: word by word for readers, by lines and purposes for operators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from typing import Literal, TypeAlias

from bot.policies.documents import Document
from bot.policies.markup import Block
from bot.policies.purposes import processing_of

Op: TypeAlias = Literal["same", "added", "removed"]

ALIKE = 0.5
"""Similarity (0 to 1) from which a block counts as another one's new wording."""
TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|\s+|[^\w\s]")
"""A Chinese character, a word, a gap or a mark."""


@dataclass(frozen=True)
class Run:
    """Words of a block that both versions have, or one of them."""

    op: Op
    text: str


@dataclass(frozen=True)
class Compared:
    """A block of either version, in the runs it is made of."""

    tag: str
    runs: tuple[Run, ...]


def compare(before: Sequence[Block], after: Sequence[Block]) -> list[Compared]:
    """The whole newer text with additions and removals in place."""
    return list(_compare(before, after))


def only_changed(compared: Sequence[Compared]) -> list[Compared]:
    """The blocks that differ, each below its headings."""
    shown: list[Compared] = []
    above: list[Compared] = []
    for block in compared:
        if block.tag.startswith("h"):
            above = [heading for heading in above if heading.tag < block.tag] + [block]
        if any(run.op != "same" for run in block.runs):
            shown += [heading for heading in above if heading not in shown and heading is not block] + [block]
    return shown


def unified(before: Document, after: Document) -> str:
    """The lines that differ, as `diff -u` shows them; "" where none does."""
    old, new = before.text.splitlines(keepends=True), after.text.splitlines(keepends=True)
    return "".join(unified_diff(old, new, f"{before.file} in force since {before.version}", f"{after.file} as drafted"))


def purposes_with_other_terms(before: Document, after: Document) -> list[str]:
    """The purposes in `before` that `after` lacks or whose terms it changes, which voids consents to them."""
    old, new = processing_of(before).purposes, processing_of(after).purposes
    return [name for name, purpose in old.items() if name not in new or new[name].terms != purpose.terms]


def _compare(before: Sequence[Block], after: Sequence[Block]) -> Iterator[Compared]:
    for op, i, end, j, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            yield from (_whole("same", block) for block in after[j:stop])
        else:
            yield from _reworded(list(before[i:end]), after[j:stop])


def _reworded(old: list[Block], new: Sequence[Block]) -> Iterator[Compared]:
    """Matches each new block with the first old block it could derive from; skipped blocks count as removed."""
    for block in new:
        found = next((n for n, one in enumerate(old) if _alike(one, block)), None)
        if found is None:
            yield _whole("added", block)
            continue
        yield from (_whole("removed", one) for one in old[:found])
        yield Compared(block.tag, tuple(_runs(old[found].text, block.text)))
        del old[: found + 1]
    yield from (_whole("removed", one) for one in old)


def _alike(one: Block, other: Block) -> bool:
    words = SequenceMatcher(None, TOKEN.findall(one.text), TOKEN.findall(other.text), autojunk=False)
    return one.tag == other.tag and words.ratio() >= ALIKE


def _runs(old: str, new: str) -> Iterator[Run]:
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    for op, i, end, j, stop in _joined(before, after):
        if op == "equal":
            yield Run("same", "".join(after[j:stop]))
            continue
        if i < end:
            yield Run("removed", "".join(before[i:end]))
        if j < stop:
            yield Run("added", "".join(after[j:stop]))


def _joined(before: list[str], after: list[str]) -> list[tuple[str, int, int, int, int]]:
    """The opcodes, in which whitespace between two changes belongs to them: whole phrases are marked."""
    joined: list[tuple[str, int, int, int, int]] = []
    for op, i, end, j, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gap = op == "equal" and not "".join(after[j:stop]).strip()
        name = "replace" if gap and joined else op
        if joined and name != "equal" and joined[-1][0] != "equal":
            _, first, _, start, _ = joined.pop()
            joined.append(("replace", first, end, start, stop))
        else:
            joined.append((name, i, end, j, stop))
    return joined


def _whole(op: Op, block: Block) -> Compared:
    return Compared(block.tag, (Run(op, block.text),))
