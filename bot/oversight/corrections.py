"""Training examples that reviews propose. A visitor's words never become one by themselves: a maintainer words it.

A proposal's text is sealed under the visitor's key and goes when a maintainer has decided, or with the visitor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, aliased

from bot.decisions import Recorder, repository
from bot.errors import BadRequest, Conflict, NotFound
from bot.masking import Finder, mask_example
from bot.messages import BY_A_PERSON, Decision, Json, Kind, new_id
from bot.oversight.training_data import Example, intents, placeholders
from bot.settings import ROOT
from bot.staff import Staff
from bot.storage import Keyring
from bot.storage.keyring import KeyDestroyed
from bot.storage.tables import CorrectionRow, DecisionRow, ReviewRow, StaffRow

LISTED = 500
"""Corrections in one list, at most."""


class State(StrEnum):
    """Where a correction stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Ruling:
    """What a maintainer decided. `text` is the example in their wording: required to accept, ignored to refuse."""

    accept: bool
    text: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Listed:
    """Corrections as the API gives them, and the ids of those whose text is a visitor's."""

    corrections: Sequence[dict[str, Json]]
    opened: Sequence[str]


class Corrections:
    """Proposes corrections, lists them and takes a maintainer's decision.

    Args:
        root: the Rasa project: its domain names the intents, its training data the placeholders that may be used.
    """

    def __init__(self, recorder: Recorder, keyring: Keyring, root: Path = ROOT) -> None:
        self._recorder = recorder
        self._keyring = keyring
        self._root = root

    def propose(
        self, session: Session, review: ReviewRow, reviewed: DecisionRow, example: str | None
    ) -> CorrectionRow | None:
        """Propose `example`, or the masked message, for the intent that the review names.

        None when there is nothing to learn: no message was understood in that turn, or rightly, or it was a button.
        """
        understood = _understanding_of(session, reviewed)
        if understood is None or review.correct_intent is None or understood.intent == review.correct_intent:
            return None
        text = example or self._said(session, understood)
        return None if text is None else self._add(session, review, understood, review.correct_intent, text)

    def withdraw(self, session: Session, reviewer_id: str, decision_id: str) -> None:
        """Take back what this reviewer proposed for this decision before and nobody has decided about yet."""
        earlier = select(ReviewRow.id).where(ReviewRow.decision_id == decision_id, ReviewRow.reviewer_id == reviewer_id)
        session.execute(
            delete(CorrectionRow).where(
                CorrectionRow.review_id.in_(earlier), CorrectionRow.state == State.PROPOSED.value
            )
        )

    def listed(self, session: Session, state: State | None) -> Listed:
        """Those to decide about first, the longest waiting one first; then the others, the newest first."""
        waiting = CorrectionRow.state == State.PROPOSED.value
        wanted: list[CorrectionRow] = []
        if state in (None, State.PROPOSED):
            wanted += session.scalars(_first(select(CorrectionRow).where(waiting).order_by(CorrectionRow.proposed_at)))
        if state is not State.PROPOSED:
            others = select(CorrectionRow).where(CorrectionRow.state == state.value if state else ~waiting)
            wanted += session.scalars(_first(others.order_by(CorrectionRow.decided_at.desc())))
        people = _people(session, wanted[:LISTED])
        rows = [(row, self._text(session, row)) for row in wanted[:LISTED]]
        opened = [row.id for row, text in rows if row.state == State.PROPOSED and text is not None]
        return Listed([_json(row, text, *people[row.id]) for row, text in rows], opened)

    def decide(
        self, session: Session, staff: Staff, correction_id: str, ruling: Ruling, finder: Finder
    ) -> dict[str, Json]:
        """Accept or refuse, on record; the visitor's text is gone from then on. Gives the API's `correction`.

        Raises:
            NotFound: there is no such correction.
            Conflict: it was decided already, or the same example stands for another intent.
            BadRequest: the wording holds an identifier, is missing or is no plain text, or the intent is gone.
        """
        row = session.get(CorrectionRow, correction_id, with_for_update=True) if "\0" not in correction_id else None
        if row is None:
            raise NotFound("There is no such correction.")
        if row.state != State.PROPOSED:
            raise Conflict(f"This correction was {row.state} already.", code="already_decided")
        row.text = self._wording(session, row, ruling.text or "", finder) if ruling.accept else None
        row.state = (State.ACCEPTED if ruling.accept else State.REFUSED).value
        row.text_sealed, row.note, row.decided_by = None, ruling.note, staff.id
        source = session.get_one(DecisionRow, row.decision_id)
        record_id = self._recorder.record(session, _decision(staff, source, row))
        row.decided_at = session.get_one(DecisionRow, record_id).at
        session.flush()
        return _json(row, row.text, *_people(session, [row])[row.id])

    def _wording(self, session: Session, row: CorrectionRow, text: str, finder: Finder) -> str:
        if not text.strip():
            raise BadRequest("Write the example in your own words to accept it.", code="text_missing")
        if row.intent not in intents(self._root):
            raise BadRequest("This intent is no longer in the domain: refuse the correction.", code="intent_unknown")
        wording = mask_example(text, finder, placeholders(self._root)).text
        same = select(CorrectionRow.intent).where(
            CorrectionRow.state == State.ACCEPTED.value,
            CorrectionRow.text == wording,
            CorrectionRow.intent != row.intent,
        )
        if (other := session.scalar(same.limit(1))) is not None:
            raise Conflict(
                f"The same example was accepted for '{other}': word it differently.", code="stands_for_other"
            )
        return wording

    def _add(self, session: Session, review: ReviewRow, source: DecisionRow, intent: str, text: str) -> CorrectionRow:
        correction_id = new_id("cor")
        row = CorrectionRow(
            id=correction_id,
            review_id=review.id,
            decision_id=source.id,
            visitor_id=source.visitor_id,
            state=State.PROPOSED.value,
            language=source.language,
            wrong_intent=source.intent,
            intent=intent,
            text_sealed=self._keyring.seal(session, source.visitor_id, correction_id, text),
            model=source.model,
            proposed_at=review.at,
        )
        session.add(row)
        session.flush()
        return row

    def _said(self, session: Session, understood: DecisionRow) -> str | None:
        """The masked message; None when it was a button or was erased."""
        record = repository.read_record(session, self._recorder, understood)
        given = record["input"] if record else {}
        return given.get("text") if given.get("source") != "payload" else None

    def _text(self, session: Session, row: CorrectionRow) -> str | None:
        if row.text_sealed is None:
            return row.text
        try:
            return str(self._keyring.open(session, row.visitor_id, row.id, row.text_sealed))
        except KeyDestroyed:
            return None


def accepted_examples(session: Session) -> list[Example]:
    """What `candor corrections export` writes."""
    query = select(CorrectionRow, ReviewRow.reason).join(ReviewRow, ReviewRow.id == CorrectionRow.review_id)
    found = session.execute(query.where(CorrectionRow.state == State.ACCEPTED.value))
    return [
        Example(row.intent, row.text, row.decision_id, row.decided_at.date().isoformat(), reason)
        for row, reason in found
        if row.text is not None and row.decided_at is not None
    ]


def _understanding_of(session: Session, row: DecisionRow) -> DecisionRow | None:
    if row.kind == Kind.UNDERSTANDING:
        return row
    turn = repository.of_turn(session, row.conversation_id, row.turn_id)
    return next((one for one in turn if one.kind == Kind.UNDERSTANDING), None)


def _first(query: Select[CorrectionRow]) -> Select[CorrectionRow]:
    return query.limit(LISTED)


def _people(session: Session, rows: Sequence[CorrectionRow]) -> dict[str, tuple[str, str | None]]:
    """Who proposed and who decided, by the correction's id."""
    proposer, maintainer = aliased(StaffRow), aliased(StaffRow)
    query = (
        select(CorrectionRow.id, proposer.name, maintainer.name)
        .join(ReviewRow, ReviewRow.id == CorrectionRow.review_id)
        .join(proposer, proposer.id == ReviewRow.reviewer_id)
        .outerjoin(maintainer, maintainer.id == CorrectionRow.decided_by)
        .where(CorrectionRow.id.in_([row.id for row in rows]))
    )
    return {
        correction_id: (proposed_by, decided_by) for correction_id, proposed_by, decided_by in session.execute(query)
    }


def _decision(staff: Staff, source: DecisionRow, row: CorrectionRow) -> Decision:
    """Outlives an erasure: it holds a maintainer's wording, free of identifiers, and nothing the visitor wrote."""
    return Decision(
        kind=Kind.CORRECTION,
        conversation_id=source.conversation_id,
        visitor_id=source.visitor_id,
        turn_id=None,
        outcome=f"correction:{row.state}",
        input={
            "correction_id": row.id,
            "review_id": row.review_id,
            "decision_id": row.decision_id,
            "maintainer": {"id": staff.id, "login": staff.login},
        },
        result={"intent": row.intent, "wrong_intent": row.wrong_intent, "example": row.text, "note": row.note},
        rule="correction",
        human_involvement=BY_A_PERSON,
        automation_level=BY_A_PERSON,
        language=row.language,
        outlives_erasure=True,
    )


def _json(row: CorrectionRow, text: str | None, proposed_by: str, decided_by: str | None) -> dict[str, Json]:
    return {
        "id": row.id,
        "decision_id": row.decision_id,
        "review_id": row.review_id,
        "language": row.language,
        "wrong_intent": row.wrong_intent,
        "intent": row.intent,
        "text": text,
        "state": row.state,
        "proposed_at": row.proposed_at.isoformat(),
        "proposed_by": proposed_by,
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
        "decided_by": decided_by,
        "note": row.note,
        "model": row.model,
        "right_model": row.right_model,
        "right_at": row.right_at.isoformat() if row.right_at else None,
    }
