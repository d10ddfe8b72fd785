"""Checks, once for each later model, whether it understands the examples of accepted corrections rightly."""

from __future__ import annotations

from bot.core.errors import BadRequest
from bot.db import Database
from bot.db.models import CorrectionRow
from bot.masking import Finder, mask_example
from bot.oversight.rasa_project import RasaProject
from bot.oversight.repository import corrections as repository
from bot.rasa import Engine


async def retry(database: Database, engine: Engine, finder: Finder, project: RasaProject) -> int:
    """Ask the engine how it understands each accepted example, if its model is a later one.

    A later model is neither the one that was wrong nor one that was in use before it was. A wording that would be
    refused today, because order numbers look different now, is not sent.

    Returns:
        How many examples the model has understood rightly.

    Raises:
        EngineError: the engine stopped answering; nothing is noted, and the next call asks again.
    """
    model = await engine.fingerprint()
    allowed = project.placeholders()
    right: list[str] = []
    wrong: list[str] = []
    for row in await database.run(_to_try, database, model):
        try:
            message = mask_example(row.text or "", finder, allowed)
        except BadRequest:
            continue
        (understood,) = await engine.understand([message])
        (right if understood.intent == row.intent else wrong).append(row.id)
    await database.run(_note, database, model, right, wrong)
    return len(right)


def _to_try(database: Database, model: str) -> list[CorrectionRow]:
    with database.snapshot() as session:
        return [row for row in repository.to_try(session, model) if row.text is not None]


def _note(database: Database, model: str, right: list[str], wrong: list[str]) -> None:
    with database.transaction() as session:
        repository.note_tried(session, model, right, wrong)
