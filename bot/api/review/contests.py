"""Contested replies: which wait, what was contested and why, and the reviewer's decision."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from bot.api.deps import GatewayServices, Snapshot, Transaction
from bot.api.review.deps import Reason, Reviewer
from bot.api.schemas.chat import ContestState
from bot.api.schemas.errors import errors
from bot.api.schemas.review import ContestedDecision, ContestRuling, Contests, ReadContest
from bot.core.errors import Conflict, NotFound, RecordError
from bot.db.keyring import KeyDestroyed
from bot.db.models import ContestRow, ConversationRow
from bot.db.rows import find_or_refuse, load
from bot.oversight.access_log import AccessPurpose
from bot.oversight.contests import NO_CONTEST, Contest

router = APIRouter()
ContestId = Annotated[str, Path(max_length=64, pattern=r"^\w+$")]
WRITE_THERE_TOO = "The visitor left this address. Please write there too: Candor itself sends no mail."


@router.get("/contests")
def list_contests(session: Snapshot, services: GatewayServices, state: ContestState | None = None) -> Contests:
    """Contests, longest waiting first. What people wrote is null here: opening one shows it and records the access."""
    found = services.contests.listed(session, state)
    return Contests(contests=[ContestedDecision.of(contest) for contest in found])


@router.get("/contests/{contest_id}", responses=errors(NotFound, RecordError))
def open_contest(
    session: Transaction,
    services: GatewayServices,
    reviewer: Reviewer,
    contest_id: ContestId,
    why: Reason = AccessPurpose.CONTEST,
) -> ReadContest:
    """One contest with the reply, the visitor's reason and address. The access is on record before this answers."""
    row = find_or_refuse(session, ContestRow, contest_id, NO_CONTEST)
    about = load(session, ConversationRow, row.conversation_id)
    read = {"contest_id": row.id}
    services.access_log.record(session, reviewer, "read:contest", why, (about.id, about.visitor_id), read)
    return _opened(services.contests.read(session, row))


@router.post(
    "/contests/{contest_id}",
    responses=errors(NotFound, (Conflict, "already_decided"), KeyDestroyed, RecordError),
)
def decide_contest(
    session: Transaction, services: GatewayServices, reviewer: Reviewer, contest_id: ContestId, ruling: ContestRuling
) -> ReadContest:
    """Decide, with words: the visitor reads them in the chat. No mail is sent; `written` says that the reviewer did."""
    row = services.contests.decide(session, reviewer, contest_id, ruling.outcome, ruling.words, ruling.written)
    return _opened(services.contests.read(session, row))


def _opened(contest: Contest) -> ReadContest:
    return ReadContest.of(contest, contact_note=WRITE_THERE_TOO if contest.contact else None)
