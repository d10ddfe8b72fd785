"""Training examples that reviews proposed, for a maintainer to decide about."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.orm import Session

from bot.api.review.deps import Maintainer, Reviewer, Services
from bot.api.review.query import Reason
from bot.core.ids import Json
from bot.masking import Finder
from bot.oversight.access_log import Accesses, Why
from bot.oversight.corrections import Corrections, Ruling, State

router = APIRouter()
Text = StringConstraints(strip_whitespace=True)


class RulingBody(BaseModel):
    """Accept, with the example in the maintainer's own words, or refuse."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    accept: bool
    text: Annotated[str | None, Field(max_length=500), Text] = None
    note: Annotated[str | None, Field(max_length=400, pattern=r"^[^\x00]*$"), Text] = None


@router.get("/corrections")
async def get_corrections(
    parts: Services, reviewer: Reviewer, state: State | None = None, why: Reason = Why.REVIEW
) -> dict[str, Json]:
    """Corrections, those to decide about first. Where a visitor's words are shown, the look is on record."""

    def work(session: Session) -> dict[str, Json]:
        listed = Corrections(parts.recorder, parts.keyring).listed(session, state)
        if listed.opened:
            looked_at = {"correction_ids": list(listed.opened)}
            Accesses(parts.recorder).record(session, reviewer, "read:corrections", why, more=looked_at)
        return {"corrections": list(listed.corrections)}

    return await parts.database.write(work)


@router.post("/corrections/{correction_id}")
async def post_correction(
    parts: Services, maintainer: Maintainer, correction_id: str, body: RulingBody
) -> dict[str, Json]:
    """Decide about a correction. 400 `holds_identifier` when the wording does; 409 `already_decided`."""
    ruling = Ruling(body.accept, body.text or None, body.note or None)
    finder = Finder(parts.settings.order_pattern)
    corrections = Corrections(parts.recorder, parts.keyring)
    return await parts.database.write(lambda s: corrections.decide(s, maintainer, correction_id, ruling, finder))
