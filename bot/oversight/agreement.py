"""How far two reviewers who judged the same decision came to the same verdict.

A decision that two have reviewed is one pair: the newest verdicts of the first two. It counts at the moment of the
later of the two, so that it counts in one period only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.db.models import ReviewRow
from bot.oversight.repository.reviews import of_two_reviewers


@dataclass(frozen=True)
class Pair:
    """Two reviewers' newest verdicts on one decision; `first` is whoever reviewed it first."""

    first: ReviewRow
    second: ReviewRow

    @property
    def decision_id(self) -> str:
        return self.first.decision_id

    @property
    def agreed(self) -> bool:
        return self.first.verdict == self.second.verdict

    @property
    def at(self) -> datetime:
        """When it came to be what it is."""
        return max(self.first.at, self.second.at)


def pairs(session: Session, start: datetime, end: datetime) -> list[Pair]:
    """The pairs of the time from `start` on and before `end`, the oldest first."""
    reviews: dict[str, dict[str, ReviewRow]] = defaultdict(dict)
    for row in of_two_reviewers(session, start, end):
        # A dictionary keeps the place of the first and the value of the last.
        reviews[row.decision_id][row.reviewer_id] = row
    found = [Pair(*list(given.values())[:2]) for given in reviews.values() if len(given) > 1]
    return sorted((pair for pair in found if start <= pair.at < end), key=lambda pair: (pair.at, pair.decision_id))


def share(found: Sequence[Pair]) -> float | None:
    """The share of pairs that agree, 0 to 1; None without pairs."""
    return round(sum(pair.agreed for pair in found) / len(found), 4) if found else None


def kappa(found: Sequence[Pair]) -> float | None:
    """Cohen's kappa over all pairs, with the first and the second reviewer as its two raters.

    1 is full agreement, 0 what chance would give. None without pairs, and where everybody always said the same: then
    chance would give full agreement as well.
    """
    count, agreed = len(found), sum(pair.agreed for pair in found)
    first, second = Counter(pair.first.verdict for pair in found), Counter(pair.second.verdict for pair in found)
    by_chance = sum(first[verdict] * second[verdict] for verdict in first)
    if by_chance == count * count:
        return None
    return round((agreed * count - by_chance) / (count * count - by_chance), 4)
