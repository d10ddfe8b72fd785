"""What a verification found, in plain words: integrity and completeness apart, the first bad record named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from bot.core.ids import Json

MAX_PROBLEMS = 100
"""Problems that are kept one by one; the others are counted."""

WORDS = {
    "cut_off": "The end of the log was cut off: {about} signed more records than there are.",
    "line_malformed": "Line {about} of the export is not a record.",
    "missing": "The record that was sealed here is gone.",
    "misplaced": "A record stands at a place in the log that is not its own.",
    "altered": "This is not the record that was sealed here: its open fields or its place were changed.",
    "rewritten": "A record from here to {about} was changed together with the log's tree after it was signed.",
    "malformed": "The record's open fields cannot be those of a record.",
    "back_dated": "The record is dated more than a minute before one that was sealed earlier.",
    "post_dated": "The record is dated in the future.",
    "payload_removed": "The record's content was removed, and no erasure is on record.",
    "payload_altered": "The record's content was changed, or exchanged for another's: it cannot be opened.",
    "payload_locked": "The record's content cannot be opened: the key that locks it is damaged or not in master.key.",
    "payload_differs": "The record's content is not the one that was committed to.",
    "payload_contradicts": "The record's content says something else than its open fields.",
    "payload_is_back": "The visitor was erased, but the record's content can be read again.",
    "tile_altered": "The log's tree was changed here; the record itself is as it was signed ({about}).",
    "tile_missing": "A part of the log's tree is gone ({about}).",
    "tile_unknown": "There is a part of a tree that the log does not have ({about}).",
    "unsigned": "The record is in the log, but the checkpoint that signed it is gone.",
    "checkpoint_altered": "{about} was changed, or was not signed by this log's key.",
    "checkpoint_missing": "{about}, which is kept in the data folder or elsewhere, is gone from the database.",
    "checkpoint_post_dated": "{about} is dated in the future.",
    "checkpoint_late": "{about} is dated before what it signs, or before an earlier checkpoint.",
    "checkpoint_differs": "{about} does not fit this log: it was signed over other records.",
    "unsealed": "The record has been waiting for its seal for more than a minute.",
    "reply_without_record": "{about}: a reply without the sealed record of its answer.",
    "notice_without_record": "{about}: an answer by the system without a record of what was decided.",
    "turn_without_record": "{about}: a message whose turn has ended without a record.",
    "turn_without_end": "{about}: a message that has been waiting for the end of its turn for more than a minute.",
    "pointer_without_record": "{about} points to a record that is not there or is not sealed.",
}
"""Each sort of problem, the worst first. Of one record's problems the first in this order is told."""
RANK = {code: rank for rank, code in enumerate(WORDS)}
BROKEN = {"cut_off", "missing", "misplaced", "altered", "rewritten"}
"""Records are not those that were sealed: then it is not known either whose content was erased."""
FOLLOWS = {"payload_removed", "payload_is_back"}
"""What may be no more than a consequence of an erasure's record being changed."""


@dataclass(frozen=True)
class Problem:
    """One thing that is not as it should be. `about` names what else than a record it concerns."""

    code: str
    leaf_index: int | None = None
    decision_id: str | None = None
    about: str = ""

    @property
    def order(self) -> tuple[bool, int, int]:
        """By place in the log; what has none comes last."""
        return self.leaf_index is None, self.leaf_index or 0, RANK[self.code]

    @property
    def words(self) -> str:
        """What is wrong, and where."""
        place = " ".join(
            part
            for part in (
                "" if self.decision_id is None else f"record {readable(self.decision_id)}",
                "" if self.leaf_index is None else f"at leaf {self.leaf_index}",
            )
            if part
        )
        what = WORDS[self.code].format(about=readable(self.about))
        return f"{place}: {what}" if place else what

    def as_json(self) -> dict[str, Json]:
        """`{code, leaf_index, decision_id, about, words}`."""
        return {**asdict(self), "words": self.words}


@dataclass
class Findings:
    """The problems of one part of a report: all counted, the first hundred kept."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem, times: int = 1) -> None:
        """Note one problem, or `times` of a sort of which this is the first."""
        self.counts[problem.code] += times
        self._keep([problem])

    def merge(self, other: Findings) -> None:
        """Take over what was found elsewhere."""
        self.counts.update(other.counts)
        self._keep(other.problems)

    @property
    def first(self) -> Problem | None:
        """The problem that comes first in the log."""
        return next(iter(self.ordered()), None)

    def ordered(self) -> list[Problem]:
        """The first hundred problems, by their place in the log; what may follow from another one comes after it."""
        broken = not BROKEN.isdisjoint(self.counts)
        return sorted(self.problems, key=lambda one: (broken and one.code in FOLLOWS, one.order))[:MAX_PROBLEMS]

    def _keep(self, problems: Iterable[Problem]) -> None:
        self.problems.extend(problems)
        if len(self.problems) > 2 * MAX_PROBLEMS:
            self.problems = self.ordered()

    def as_json(self) -> dict[str, Json]:
        """`{ok, problems: {code: count}, first, list}`."""
        ordered = self.ordered()
        return {
            "ok": not self.counts,
            "problems": dict(self.counts),
            "first": ordered[0].as_json() if ordered else None,
            "list": [problem.as_json() for problem in ordered],
        }


@dataclass
class Report:
    """A verification's result. `completeness` is None where there is nothing but an export to check it by.

    `remarks` are sentences about what could not be checked; they are no fault of the log.
    """

    size: int = 0
    erased: int = 0
    checkpoints: int = 0
    replies: int = 0
    turns: int = 0
    integrity: Findings = field(default_factory=Findings)
    completeness: Findings | None = None
    remarks: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.integrity.counts and not (self.completeness and self.completeness.counts)

    def as_json(self) -> dict[str, Json]:
        """The whole report."""
        return {
            "ok": self.ok,
            "integrity": {
                **self.integrity.as_json(),
                "records": self.size,
                "erased": self.erased,
                "checkpoints": self.checkpoints,
            },
            "completeness": self.completeness
            and {**self.completeness.as_json(), "replies": self.replies, "turns": self.turns},
            "remarks": self.remarks,
            "seconds": round(self.seconds, 3),
        }

    def as_text(self) -> str:
        """The report for people."""
        checkpoints = "1 checkpoint" if self.checkpoints == 1 else f"{self.checkpoints:,} checkpoints"
        sizes = f"{self.size:,} records, {self.erased:,} of them erased; {checkpoints}."
        lines = [f"Integrity: {_verdict(self.integrity)} {sizes}", *_details(self.integrity)]
        if self.completeness is not None:
            sizes = f"{self.replies:,} replies, {self.turns:,} turns."
            lines += [f"Completeness: {_verdict(self.completeness)} {sizes}", *_details(self.completeness)]
        return "\n".join([*lines, *self.remarks])


def readable(text: str) -> str:
    """`text` cut to what fits a line, without anything that a terminal would obey."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:120])


def _verdict(findings: Findings) -> str:
    return "broken." if findings.counts else "whole."


def _details(findings: Findings) -> list[str]:
    first = findings.first
    if first is None:
        return []
    counts = ", ".join(f"{count:,} {code.replace('_', ' ')}" for code, count in findings.counts.most_common())
    return [f"  First: {first.words}", f"  In all: {counts}."]
