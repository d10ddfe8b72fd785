"""Training examples that reviews propose. A visitor's words never become one by themselves: a maintainer words it.

A proposal quotes the visitor only under a grant for that purpose (rule C1); without one a reviewer or the maintainer
words an example of their own. A proposal's text is sealed under the visitor's key and goes when a maintainer has
decided, when the visitor takes the consent back, or with the visitor.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session, aliased

from bot.consent import Grant, GrantError
from bot.core.errors import BadRequest, Conflict, NotFound
from bot.core.ids import Json, new_id
from bot.core.settings import ROOT
from bot.db import Keyring
from bot.db.keyring import KeyDestroyed
from bot.db.models import CorrectionRow, DecisionRow, ReviewRow, StaffRow
from bot.decisions import Recorder, repository
from bot.decisions.models import BY_A_PERSON, Decision, Kind
from bot.masking import Finder, mask_example
from bot.oversight.rasa_training_data import Example, intents, placeholders
from bot.policies import IMPROVEMENT
from bot.staff import Staff

MESSAGES = "messages"
"""The category of personal data, as in the file of purposes."""
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
        self,
        session: Session,
        review: ReviewRow,
        reviewed: DecisionRow,
        example: str | None,
        grant: Grant | None = None,
    ) -> CorrectionRow | None:
        """Propose `example` for the intent that the review names; without one the masked message, under a grant.

        An example that repeats the message is the visitor's. Without words of anybody's the maintainer finds them.
        None when there is nothing to learn: no message was understood in that turn, or rightly, or it was a button.

        Raises:
            GrantError: the grant is for something else, or is over.
        """
        understood = _misunderstood(session, reviewed, review.correct_intent)
        if understood is None or review.correct_intent is None:
            return None
        if example is not None and not _repeats(example, self._said(session, understood)):
            return self._add(session, review, understood, review.correct_intent, example, None)
        if not self._typed(session, understood):
            return None
        text = visitors_words(grant, session, self._recorder, understood) if grant is not None else None
        return self._add(session, review, understood, review.correct_intent, text, grant)

    def quoted(self, session: Session, reviewed: DecisionRow, intent: str, example: str | None) -> str | None:
        """The conversation whose visitor `propose` would quote, so that the gate can be asked; None: nobody."""
        understood = _misunderstood(session, reviewed, intent)
        if understood is None or not self._typed(session, understood):
            return None
        own = example is not None and not _repeats(example, self._said(session, understood))
        return None if own else understood.conversation_id

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
            BadRequest: the wording holds an identifier, repeats the visitor's, is missing or is no plain text, or the
                intent is gone.
        """
        row = session.get(CorrectionRow, correction_id, with_for_update=True) if "\0" not in correction_id else None
        if row is None:
            raise NotFound("There is no such correction.")
        if row.state != State.PROPOSED:
            raise Conflict(f"This correction was {row.state} already.", code="already_decided")
        source = session.get_one(DecisionRow, row.decision_id)
        row.text = self._wording(session, row, source, ruling.text or "", finder) if ruling.accept else None
        row.state = (State.ACCEPTED if ruling.accept else State.REFUSED).value
        row.text_sealed, row.note, row.decided_by = None, ruling.note, staff.id
        record_id = self._recorder.record(session, _decision(staff, source, row))
        row.decided_at = session.get_one(DecisionRow, record_id).at
        session.flush()
        return _json(row, row.text, *_people(session, [row])[row.id])

    def _wording(self, session: Session, row: CorrectionRow, source: DecisionRow, text: str, finder: Finder) -> str:
        if not text.strip():
            raise BadRequest("Write the example in your own words to accept it.", code="text_missing")
        if row.intent not in intents(self._root):
            raise BadRequest("This intent is no longer in the domain: refuse the correction.", code="intent_unknown")
        wording = mask_example(text, finder, placeholders(self._root)).text
        if _repeats(wording, self._said(session, source)):
            # Visitors are told that their words are not copied, whatever they allowed (purposes.yml).
            raise BadRequest("Put it in other words: the visitor's own are not trained.", code="not_reworded")
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

    def _add(
        self,
        session: Session,
        review: ReviewRow,
        source: DecisionRow,
        intent: str,
        text: str | None,
        grant: Grant | None,
    ) -> CorrectionRow:
        correction_id = new_id("cor")
        seal = self._keyring.seal
        row = CorrectionRow(
            id=correction_id,
            review_id=review.id,
            decision_id=source.id,
            visitor_id=source.visitor_id,
            state=State.PROPOSED.value,
            language=source.language,
            wrong_intent=source.intent,
            intent=intent,
            text_sealed=None if text is None else seal(session, source.visitor_id, correction_id, text),
            consent_record_id=None if grant is None else grant.consent_record_id,
            model=source.model,
            proposed_at=review.at,
        )
        session.add(row)
        session.flush()
        return row

    def _typed(self, session: Session, understood: DecisionRow) -> bool:
        """Was it a message, and no button, and is it still there?"""
        record = repository.read_record(session, self._recorder, understood)
        return record is not None and record["input"].get("source") != "payload"

    def _said(self, session: Session, understood: DecisionRow) -> str:
        """The masked message, to compare a wording with it; empty where it was erased."""
        try:
            record = repository.read_record(session, self._recorder, understood)
        except KeyDestroyed:
            record = None
        return str(record["input"].get("text") or "") if record is not None else ""

    def _text(self, session: Session, row: CorrectionRow) -> str | None:
        if row.text_sealed is None:
            return row.text
        try:
            return str(self._keyring.open(session, row.visitor_id, row.id, row.text_sealed))
        except KeyDestroyed:
            return None


def visitors_words(grant: Grant, session: Session, recorder: Recorder, understood: DecisionRow) -> str | None:
    """The masked message that was understood, for training; None where it was erased.

    Raises:
        GrantError: the grant is not for `improvement` or another conversation, or is over.
    """
    grant.require(IMPROVEMENT, MESSAGES)
    if grant.conversation_id != understood.conversation_id:
        raise GrantError("This grant was given for another conversation; ask the gate for that one.")
    record = repository.read_record(session, recorder, understood)
    return record["input"].get("text") if record is not None else None


def forget_words(session: Session, conversation_id: str) -> None:
    """Take the visitor's words out of what is still proposed: the consent they were taken under was taken back."""
    theirs = select(DecisionRow.id).where(DecisionRow.conversation_id == conversation_id)
    quoted = (CorrectionRow.decision_id.in_(theirs), CorrectionRow.consent_record_id.is_not(None))
    session.execute(update(CorrectionRow).where(*quoted).values(text_sealed=None))


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


def _misunderstood(session: Session, row: DecisionRow, intent: str | None) -> DecisionRow | None:
    """The understanding that `intent` corrects; None when there was none, or it says the same."""
    understood = _understanding_of(session, row)
    return understood if understood is not None and intent is not None and understood.intent != intent else None


def _repeats(wording: str, said: str) -> bool:
    """Are they the same words? Case, punctuation and spaces make no difference."""
    one, other = (re.sub(r"[\W_]+", "", text).casefold() for text in (wording, said))
    return one == other != ""


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
        "quoted": row.consent_record_id is not None,
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
