"""Reviewers' verdicts on decisions. Each is a record of the log, and a row of the table `review` to query.

The same reviewer may review a decision again: the newest verdict counts, the earlier ones stay on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.consent import Grant
from bot.core.errors import BadRequest
from bot.core.ids import new_id
from bot.core.messages import NOT_UNDERSTOOD
from bot.db.models import DecisionRow, ReviewRow
from bot.db.rows import add, find, find_or_refuse, load
from bot.decisions import Recorder
from bot.decisions.kinds import DECISIONS, Kind
from bot.decisions.models import Decision
from bot.oversight.corrections import Corrections
from bot.oversight.rasa_project import RasaProject
from bot.oversight.repository import reviews as repository
from bot.oversight.repository.corrections import delete_proposed
from bot.oversight.sampling import hidden_from
from bot.staff import Staff


class Verdict(StrEnum):
    """What a reviewer thinks of a decision."""

    RIGHT = "right"
    WRONG = "wrong"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Reason:
    """Why a verdict was given: a code for counting, and the verdicts it can explain."""

    code: str
    title: str
    verdicts: tuple[Verdict, ...]


REASONS = (
    Reason("fine", "Nothing to improve", (Verdict.RIGHT,)),
    Reason("wrong_intent", "The message was misunderstood", (Verdict.WRONG,)),
    Reason("wrong_answer", "The answer is not true or does not fit", (Verdict.WRONG,)),
    Reason("incomplete", "Something is missing", (Verdict.WRONG, Verdict.RIGHT, Verdict.UNSURE)),
    Reason("should_have_asked_person", "A human should have taken over", (Verdict.WRONG, Verdict.UNSURE)),
    Reason("not_allowed", "Data was used that should not have been", (Verdict.WRONG, Verdict.UNSURE)),
    Reason("tone", "The tone or the wording is off", (Verdict.WRONG, Verdict.RIGHT, Verdict.UNSURE)),
    Reason("unclear", "It cannot be told from the record", (Verdict.UNSURE,)),
    Reason("other", "Something else", tuple(Verdict)),
)
"""All reasons, in the order in which they are offered."""


@dataclass(frozen=True)
class NewReview:
    """A verdict as the reviewer gives it. `example` is their wording of what the visitor said, for training."""

    verdict: Verdict
    reason: str
    correct_intent: str | None = None
    correct_answer: str | None = None
    note: str | None = None
    example: str | None = None


@dataclass(frozen=True)
class Review:
    """A review with its reviewer's name and its sealed texts, which are None once erased."""

    row: ReviewRow
    reviewer: str
    correct_answer: str | None
    note: str | None

    @property
    def review_id(self) -> str:
        return self.row.id


class Reviews:
    """Takes reviews, with the training examples that they propose, and reads them."""

    def __init__(self, recorder: Recorder, corrections: Corrections, project: RasaProject) -> None:
        self._recorder = recorder
        self._corrections = corrections
        self._project = project

    def quoted(self, session: Session, decision_id: str, new: NewReview) -> str | None:
        """The conversation whose visitor's words `add` would propose, so that the gate can be asked; None: nobody's."""
        row = find(session, DecisionRow, decision_id)
        if row is None or new.correct_intent is None or not _teaches(new):
            return None
        return self._corrections.quoted(session, row, new.correct_intent, new.example)

    def add(
        self, session: Session, staff: Staff, decision_id: str, new: NewReview, grant: Grant | None = None
    ) -> tuple[Review, str | None]:
        """Record a review; gives it, and the id of the correction that it proposes, if any.

        Args:
            grant: allows quoting the visitor in the correction; without it a correction holds no words of theirs.

        Raises:
            NotFound: there is no such decision.
            BadRequest: it is no decision of the software, or the review contradicts itself.
            KeyDestroyed: the visitor was erased, and with them what could be reviewed.
        """
        row = find_or_refuse(session, DecisionRow, decision_id, "There is no such decision.")
        if row.kind not in DECISIONS:
            raise BadRequest("Only decisions of the software are reviewed; a person did this.", code="not_reviewable")
        self._check(session, new)
        record_id = self._recorder.record(session, _decision(staff, row, new))
        review = ReviewRow(
            id=new_id("rev"),
            record_id=record_id,
            decision_id=row.id,
            reviewer_id=staff.id,
            verdict=new.verdict.value,
            reason=new.reason,
            correct_intent=new.correct_intent,
            at=load(session, DecisionRow, record_id).at,
        )
        add(session, review)
        delete_proposed(session, staff.id, row.id)
        teaches = _teaches(new)
        correction = self._corrections.propose(session, review, row, new.example, grant) if teaches else None
        added = Review(review, staff.name, new.correct_answer, new.note)
        return added, correction.id if correction is not None else None

    def of_decision(self, session: Session, decision_id: str, reader: Staff, second_share: float) -> list[Review]:
        """The reviews of a decision, oldest first.

        None are given to a reader who is still to review it independently (bot/oversight/sampling.py).
        """
        rows = repository.of_decision(session, decision_id)
        if hidden_from(reader.id, decision_id, {row.reviewer_id for row, _ in rows}, second_share):
            return []
        return [self._read(session, row, reviewer) for row, reviewer in rows]

    def _read(self, session: Session, row: ReviewRow, reviewer: str) -> Review:
        record = self._recorder.read_record(session, load(session, DecisionRow, row.record_id))
        result = record["result"] if record else {}
        return Review(row, reviewer, result.get("correct_answer"), result.get("note"))

    def _check(self, session: Session, new: NewReview) -> None:
        fitting = [reason.code for reason in REASONS if new.verdict in reason.verdicts]
        if new.reason not in fitting:
            raise BadRequest(f"Choose a reason that fits '{new.verdict}': {', '.join(fitting)}.", code="reason_wrong")
        if new.verdict == Verdict.RIGHT and (new.correct_intent or new.correct_answer):
            raise BadRequest("A decision that was right needs no correction: leave it out.", code="not_wrong")
        if new.example and not _teaches(new):
            raise BadRequest("An example needs the verdict 'wrong' and the correct intent.", code="example_alone")
        if new.correct_intent and not self._known(session, new.correct_intent):
            raise BadRequest("There is no such intent; choose one of the list.", code="intent_unknown")

    def _known(self, session: Session, intent: str) -> bool:
        """Whether the intent is one of the domain, or was on record: reviewers judge by what was known at the time."""
        if intent == NOT_UNDERSTOOD:
            return False
        return intent in self._project.intents() or repository.is_known_intent(session, intent)


def _teaches(new: NewReview) -> bool:
    return new.verdict == Verdict.WRONG and new.correct_intent is not None


def _decision(staff: Staff, row: DecisionRow, new: NewReview) -> Decision:
    return Decision.by_person(
        Kind.REVIEW,
        row.conversation_id,
        row.visitor_id,
        f"review:{new.verdict}",
        input={"decision_id": row.id, "reviewer": {"id": staff.id, "login": staff.login}},
        result={
            "verdict": str(new.verdict),
            "reason": new.reason,
            "correct_intent": new.correct_intent,
            "correct_answer": new.correct_answer,
            "note": new.note,
        },
        rule="review",
        language=row.language,
    )
