"""Training examples that reviews propose. A maintainer words each: a visitor's words never become one by themselves.

A proposal quotes the visitor only under a grant for that purpose (rule C1); without one a reviewer or the maintainer
words an example of their own. A proposal's text is sealed under the visitor's key and deleted when a maintainer has
decided, when the visitor withdraws the consent, or when the visitor is erased.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.consent import Grant, GrantError
from bot.core.errors import BadRequest, Conflict
from bot.core.ids import Json, new_id
from bot.db import Keyring
from bot.db.keyring import KeyDestroyed
from bot.db.models import CorrectionRow, DecisionRow, ReviewRow
from bot.db.rows import add, find_or_refuse, load
from bot.decisions import Recorder
from bot.decisions import repository as decisions
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.masking import Finder, mask_example
from bot.oversight.rasa_project import RasaProject
from bot.oversight.rasa_training_data import Example
from bot.oversight.repository import corrections as repository
from bot.oversight.repository.corrections import CorrectionState
from bot.policies import IMPROVEMENT
from bot.staff import Staff

MESSAGES = "messages"
"""The category of personal data, as in the file of purposes."""
LISTED = 500
"""Corrections in one list, at most."""


@dataclass(frozen=True)
class Ruling:
    """What a maintainer decided. `text` is the example in their wording: required to accept, ignored to refuse."""

    accept: bool
    text: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Correction:
    """A correction with its text in clear, and the names of who proposed and who decided."""

    row: CorrectionRow
    text: str | None
    proposed_by: str
    decided_by: str | None

    @property
    def quoted(self) -> bool:
        return self.row.consent_record_id is not None


class Corrections:
    """Proposes corrections, lists them and takes a maintainer's decision.

    Args:
        finder: finds identifiers in a wording.
        project: its domain names the intents, its training data the placeholders that may be used.
    """

    def __init__(self, recorder: Recorder, keyring: Keyring, finder: Finder, project: RasaProject) -> None:
        self._recorder = recorder
        self._keyring = keyring
        self._finder = finder
        self._project = project

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
        if understood is None:
            return None
        said = self._said(session, understood)
        own = _is_own(example, said)
        if not own and not _typed(said):
            return None
        text = example if own else None
        if not own and grant is not None:
            text = visitors_words(grant, session, self._recorder, understood)
        correction_id = new_id("cor")
        sealed = None if text is None else self._keyring.seal(session, understood.visitor_id, correction_id, text)
        row = CorrectionRow(
            id=correction_id,
            review_id=review.id,
            decision_id=understood.id,
            visitor_id=understood.visitor_id,
            state=CorrectionState.PROPOSED.value,
            language=understood.language,
            wrong_intent=understood.intent,
            intent=review.correct_intent,
            text_sealed=sealed,
            consent_record_id=None if own or grant is None else grant.consent_record_id,
            model=understood.model,
            proposed_at=review.at,
        )
        add(session, row)
        return row

    def quoted(self, session: Session, reviewed: DecisionRow, intent: str, example: str | None) -> str | None:
        """The conversation whose visitor `propose` would quote, so that the gate can be asked; None: nobody."""
        understood = _misunderstood(session, reviewed, intent)
        if understood is None:
            return None
        said = self._said(session, understood)
        return understood.conversation_id if _typed(said) and not _is_own(example, said) else None

    def listed(self, session: Session, state: CorrectionState | None) -> list[Correction]:
        """Those to decide about first, the longest waiting one first; then the others, the newest first."""
        rows = repository.in_state(session, state, LISTED)
        people = repository.people(session, rows)
        return [Correction(row, self._text(session, row), *people[row.id]) for row in rows]

    def decide(self, session: Session, staff: Staff, correction_id: str, ruling: Ruling) -> Correction:
        """Accept or refuse, on record; the visitor's text is deleted.

        Raises:
            NotFound: there is no such correction.
            Conflict: it was decided already, or the same example was accepted for another intent.
            BadRequest: the wording holds an identifier, repeats the visitor's, is missing or is no plain text, or the
                intent is gone.
        """
        row = find_or_refuse(session, CorrectionRow, correction_id, "There is no such correction.", lock=True)
        if row.state != CorrectionState.PROPOSED:
            raise Conflict(f"This correction was {row.state} already.", code="already_decided")
        source = load(session, DecisionRow, row.decision_id)
        row.text = self._wording(session, row, source, ruling.text or "") if ruling.accept else None
        row.state = (CorrectionState.ACCEPTED if ruling.accept else CorrectionState.REFUSED).value
        row.text_sealed, row.note, row.decided_by = None, ruling.note, staff.id
        record_id = self._recorder.record(session, _decision(staff, source, row))
        row.decided_at = load(session, DecisionRow, record_id).at
        return Correction(row, row.text, *repository.people(session, [row])[row.id])

    def _wording(self, session: Session, row: CorrectionRow, source: DecisionRow, text: str) -> str:
        if not text.strip():
            raise BadRequest("Write the example in your own words to accept it.", code="text_missing")
        if row.intent not in self._project.intents():
            raise BadRequest("This intent is no longer in the domain: refuse the correction.", code="intent_unknown")
        wording = mask_example(text, self._finder, self._project.placeholders()).text
        if _repeats(wording, self._said(session, source)):
            # Visitors are told that their words are not copied, whatever they allowed (purposes.yml).
            raise BadRequest("Put it in other words: the visitor's own are not trained.", code="not_reworded")
        other = repository.accepted_for_another(session, wording, row.intent)
        if other is not None:
            raise Conflict(
                f"The same example was accepted for '{other}': word it differently.", code="stands_for_other"
            )
        return wording

    def _said(self, session: Session, understood: DecisionRow) -> Mapping[str, Json]:
        """The masked message and its source, as the record has them; nothing where it was erased."""
        record = self._recorder.read_record(session, understood)
        return record["input"] if record is not None else {}

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
    record = recorder.read_record(session, understood)
    return record["input"].get("text") if record is not None else None


def accepted_examples(session: Session) -> list[Example]:
    return [
        Example(row.intent, row.text, row.decision_id, row.decided_at.date().isoformat(), reason)
        for row, reason in repository.accepted(session)
        if row.text is not None and row.decided_at is not None
    ]


def _misunderstood(session: Session, row: DecisionRow, intent: str | None) -> DecisionRow | None:
    """The understanding of the turn that `intent` corrects; None when there was none, or it says the same."""
    turn = [row] if row.kind == Kind.UNDERSTANDING else decisions.of_turn(session, row.conversation_id, row.turn_id)
    understood = next((one for one in turn if one.kind == Kind.UNDERSTANDING), None)
    return understood if understood is not None and intent is not None and understood.intent != intent else None


def _typed(said: Mapping[str, Json]) -> bool:
    """Whether it was a message, not a button, and has not been erased."""
    return bool(said) and said.get("source") != "payload"


def _is_own(example: str | None, said: Mapping[str, Json]) -> bool:
    """Whether a reviewer worded the example, rather than copied the message."""
    return example is not None and not _repeats(example, said)


def _repeats(wording: str, said: Mapping[str, Json]) -> bool:
    """Whether the words are those of the message, regardless of case, punctuation and spaces."""
    one, other = (re.sub(r"[\W_]+", "", text).casefold() for text in (wording, said.get("text") or ""))
    return one == other != ""


def _decision(staff: Staff, source: DecisionRow, row: CorrectionRow) -> Decision:
    """Outlives an erasure: it holds a maintainer's wording, free of identifiers, and nothing the visitor wrote."""
    return Decision.by_person(
        Kind.CORRECTION,
        source.conversation_id,
        source.visitor_id,
        f"correction:{row.state}",
        input={
            "correction_id": row.id,
            "review_id": row.review_id,
            "decision_id": row.decision_id,
            "maintainer": {"id": staff.id, "login": staff.login},
        },
        result={"intent": row.intent, "wrong_intent": row.wrong_intent, "example": row.text, "note": row.note},
        rule="correction",
        language=row.language,
        outlives_erasure=True,
    )
