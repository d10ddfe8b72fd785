"""Contested replies: which wait, what was contested and why, and the reviewer's decision."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from bot.api.review.clean_text import Written
from bot.api.review.deps import Reviewer, Services
from bot.api.review.query import Reason
from bot.core.ids import Json
from bot.db.models import ConversationRow
from bot.oversight import contests
from bot.oversight.access_log import Accesses, Why

router = APIRouter()
ContestId = Annotated[str, Path(max_length=64, pattern=r"^\w+$")]
WRITE_THERE_TOO = "The visitor left this address. Please write there too: Candor itself sends no mail."


class Ruling(BaseModel):
    """A reviewer's decision about a contested reply."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    outcome: Literal["upheld", "overturned"] = Field(description="upheld: the reply stands; overturned: it was wrong.")
    words: Written = Field(max_length=2000, description="To the visitor, who reads them in the chat as the reviewer's.")
    written: bool = Field(
        False,
        description="Recorded as said: the reviewer wrote to the address left, too. Candor itself sends no mail.",
    )


@router.get("/contests")
async def list_contests(
    parts: Services, state: Annotated[Literal["open", "upheld", "overturned"] | None, Query()] = None
) -> dict[str, Json]:
    """Contests, longest waiting first. What people wrote is null here: opening one shows it and records the look."""

    def work(session: Session) -> dict[str, Json]:
        return {"contests": [parts.contests.listed(session, row) for row in contests.in_state(session, state)]}

    return await parts.database.read(work)


@router.get("/contests/{contest_id}")
async def open_contest(
    parts: Services, reviewer: Reviewer, contest_id: ContestId, why: Reason = Why.CONTEST
) -> dict[str, Json]:
    """One contest with the reply, the visitor's reason and address. The look is on record before this answers."""

    def look(session: Session) -> dict[str, Json]:
        row = parts.contests.find(session, contest_id)
        conversation = session.get_one(ConversationRow, row.conversation_id)
        about = (conversation.id, conversation.visitor_id)
        Accesses(parts.recorder).record(session, reviewer, "read:contest", why, about, {"contest_id": row.id})
        return parts.contests.whole(session, row)

    return _with_note(await parts.database.write(look))


@router.post("/contests/{contest_id}")
async def decide_contest(parts: Services, reviewer: Reviewer, contest_id: ContestId, ruling: Ruling) -> dict[str, Json]:
    """Decide, with words: the visitor is told in the chat. No mail is sent; `written` says whether the reviewer did."""

    def work(session: Session) -> dict[str, Json]:
        row = parts.contests.decide(session, reviewer, contest_id, ruling.outcome, ruling.words, ruling.written)
        return parts.contests.whole(session, row)

    return _with_note(await parts.database.write(work))


def _with_note(contest: dict[str, Json]) -> dict[str, Json]:
    """`contact_note` says what is asked of the reviewer where an address was left."""
    return {**contest, "contact_note": WRITE_THERE_TOO if contest["contact"] else None}
