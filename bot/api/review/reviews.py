"""Reviewers' verdicts on decisions, and how far two of them agree."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.api.review.date_range import Period
from bot.api.review.deps import Parts, Reviewer, Services
from bot.api.review.summaries import LANGUAGE
from bot.consent import Grant
from bot.core.ids import Json
from bot.db.models import DecisionRow, StaffRow
from bot.decisions.explain import summary
from bot.oversight import agreement
from bot.oversight.agreement import Pair
from bot.oversight.reviews import NewReview, Reviews, Verdict
from bot.policies import IMPROVEMENT

router = APIRouter()
DISAGREEMENTS = 200
"""Disagreements that are listed, the newest first."""
Text = StringConstraints(strip_whitespace=True)


class ReviewBody(BaseModel):
    """A verdict with its reason; empty texts count as left out."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    verdict: Verdict
    reason: Annotated[str, Field(max_length=32)]
    correct_intent: Annotated[str | None, Field(max_length=64), Text] = None
    correct_answer: Annotated[str | None, Field(max_length=2000), Text] = None
    note: Annotated[str | None, Field(max_length=2000), Text] = None
    example: Annotated[str | None, Field(max_length=500), Text] = None

    def review(self) -> NewReview:
        """The review that is meant."""
        return NewReview(
            self.verdict,
            self.reason,
            self.correct_intent or None,
            self.correct_answer or None,
            self.note or None,
            self.example or None,
        )


@router.post("/decisions/{decision_id}/reviews", status_code=201)
async def post_review(parts: Services, reviewer: Reviewer, decision_id: str, body: ReviewBody) -> dict[str, Json]:
    """Record a verdict. `wrong` with the correct intent proposes a training example (`correction_id`)."""
    reviews, new = Reviews(parts.recorder, parts.keyring), body.review()
    grant = await _leave_to_quote(parts, reviews, decision_id, new)
    return await parts.database.write(lambda s: reviews.add(s, reviewer, decision_id, new, grant))


@router.get("/agreement")
async def get_agreement(parts: Services, period: Period) -> dict[str, Json]:
    """Of the decisions reviewed in this period: how many by two, how far these agree, and where they do not."""

    def work(session: Session) -> dict[str, Json]:
        found = agreement.pairs(session, period.start, period.end)
        return {
            "reviewed": agreement.reviewed(session, period.start, period.end),
            "twice": len(found),
            "agreed": sum(pair.agreed for pair in found),
            "share": agreement.share(found),
            "kappa": agreement.kappa(found),
            "disagreements": _disagreements(session, [pair for pair in found if not pair.agreed]),
        }

    return await parts.database.read(work)


async def _leave_to_quote(parts: Parts, reviews: Reviews, decision_id: str, new: NewReview) -> Grant | None:
    """Asked only when the visitor's words would be proposed: a consent for once is used up by it."""
    conversation_id = await parts.database.read(lambda s: reviews.quoted(s, decision_id, new))
    if conversation_id is None:
        return None
    answer = await parts.gate.ask(parts.database, conversation_id, IMPROVEMENT, None)
    return answer if isinstance(answer, Grant) else None


def _disagreements(session: Session, found: list[Pair]) -> list[dict[str, Json]]:
    newest = found[: -DISAGREEMENTS - 1 : -1]
    ids = [pair.decision_id for pair in newest]
    decisions = {row.id: row for row in session.scalars(select(DecisionRow).where(DecisionRow.id.in_(ids)))}
    names = {row.id: row.name for row in session.execute(select(StaffRow.id, StaffRow.name))}
    return [
        {
            "decision_id": pair.decision_id,
            "summary": summary(decisions[pair.decision_id], LANGUAGE),
            "verdicts": [
                {"reviewer": names[judged.reviewer_id], "verdict": judged.verdict}
                for judged in (pair.first, pair.second)
            ],
        }
        for pair in newest
    ]
