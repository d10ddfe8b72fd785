"""Whether a later model gets right what an accepted correction corrected: asked once of each model, linked once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.errors import BadRequest
from bot.core.ids import now
from bot.core.settings import ROOT
from bot.db import Database
from bot.db.models import CorrectionRow, DecisionRow
from bot.masking import Finder, mask_example
from bot.oversight.corrections import State
from bot.oversight.rasa_training_data import placeholders
from bot.rasa import Engine


@dataclass(frozen=True)
class _Open:
    """An accepted correction that no later model has got right yet."""

    id: str
    intent: str
    text: str


async def retry(database: Database, engine: Engine, finder: Finder) -> int:
    """Ask the engine what it makes of each accepted example, if its model is a later one; how many it has got right.

    A later model is neither the one that was wrong nor one that was in use before it was. A wording that would be
    refused today, because order numbers look different now, is not sent.

    Raises:
        EngineError: the engine stopped answering; nothing is noted, and the next call asks again.
    """
    model = await engine.fingerprint()
    allowed = placeholders(ROOT)
    right: list[str] = []
    tried: list[str] = []
    for one in await database.read(lambda s: _left(s, model)):
        try:
            message = mask_example(one.text, finder, allowed)
        except BadRequest:
            continue
        (understood,) = await engine.understand([message])
        (right if understood.intent == one.intent else tried).append(one.id)
    await database.write(lambda s: _note(s, model, right, tried))
    return len(right)


def _left(session: Session, model: str) -> list[_Open]:
    """What this model is to be asked: what was misunderstood before its own first record."""
    first = session.scalar(select(DecisionRow.at).where(DecisionRow.model == model).order_by(DecisionRow.at).limit(1))
    query = (
        select(CorrectionRow)
        .join(DecisionRow, DecisionRow.id == CorrectionRow.decision_id)
        .where(
            CorrectionRow.state == State.ACCEPTED.value,
            CorrectionRow.right_model.is_(None),
            CorrectionRow.tried_model.is_distinct_from(model),
        )
    )
    if first is not None:
        query = query.where(DecisionRow.at < first)
    return [_Open(row.id, row.intent, row.text) for row in session.scalars(query) if row.text is not None]


def _note(session: Session, model: str, right: list[str], tried: list[str]) -> None:
    moment = now()
    for correction_id in (*right, *tried):
        row = session.get_one(CorrectionRow, correction_id)
        row.tried_model = model
        if correction_id in right:
            row.right_model, row.right_at = model, moment
