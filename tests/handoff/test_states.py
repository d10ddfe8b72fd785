"""Random calls by visitor, agents and clock: the recorded states always form a path through the state machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.core.errors import CandorError
from bot.core.ids import now
from bot.db.models import ConversationRow, HandoffRow
from bot.handoff import TRANSITIONS, State
from bot.handoff.repository import move
from bot.handoff.states import OPEN
from tests.parts import Parts, make_parts

CALLS = ("request", "claim", "give_back", "close", "withdraw", "expire", "contact", "message")
AGENTS = ("mina", "tom")


def call(parts: Parts, conversation_id: str, name: str, agent: str) -> None:
    """One call, as it would come from a door; a refusal is fine."""
    handoffs, staff = parts.handoffs, parts.people[agent]
    newest = parts.read(lambda s: handoffs.current(s, s.get_one(ConversationRow, conversation_id)))
    handoff_id = newest.id if newest else "hnd_none"

    def work(session):  # type: ignore[no-untyped-def]
        conversation = session.get_one(ConversationRow, conversation_id)
        match name:
            case "request":
                handoffs.request(session, conversation, "button", "Asked for a human")
            case "claim" | "give_back" | "close":
                getattr(handoffs, name)(session, handoff_id, staff)
            case "withdraw":
                handoffs.withdraw(session, conversation)
            case "expire":
                handoffs.expire_due(session, now() + timedelta(hours=1))
            case "contact":
                handoffs.leave_contact(session, conversation, "lena@example.com")
            case "message":
                handoffs.take_contact(session, conversation, "lena@example.com")

    try:
        parts.write(work)
    except CandorError as error:
        assert error.status in (400, 404, 409)


def path_of(parts: Parts, conversation_id: str, handoff_id: str) -> list[str]:
    """The states of one handoff as its records tell them, in order."""
    records = [r for r in parts.records(conversation_id) if r["input"]["handoff_id"] == handoff_id]
    return [record["outcome"].removeprefix("handoff:") for record in records]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    with make_parts(tmp_path_factory.mktemp("states")) as made:
        yield made


@settings(max_examples=50, deadline=None)
@given(calls=st.lists(st.tuples(st.sampled_from(CALLS), st.sampled_from(AGENTS)), max_size=12))
def test_every_request_ends_in_a_recorded_state_whatever_is_called(parts: Parts, calls: list[tuple[str, str]]) -> None:
    """Fails when `self._record(...)` is taken out of `Handoffs._tell`, or the state's condition out of `move`."""
    conversation = parts.conversation()
    for name, agent in calls:
        call(parts, conversation, name, agent)
    for row in handoffs_of(parts, conversation):
        path = path_of(parts, conversation, row.id)
        assert path[0] == "queued" and path[-1] == row.state
        assert all(State(end) in TRANSITIONS[State(start)] for start, end in pairwise(path))
    is_open = [row.state for row in handoffs_of(parts, conversation) if row.state in OPEN]
    assert len(is_open) <= 1
    assert parts.row(conversation).owner == ("human" if is_open == ["accepted"] else "assistant")
    call(parts, conversation, "expire", "mina")
    assert "queued" not in {row.state for row in handoffs_of(parts, conversation)}


def handoffs_of(parts: Parts, conversation_id: str) -> list[HandoffRow]:
    query = select(HandoffRow).where(HandoffRow.conversation_id == conversation_id)
    return parts.read(lambda s: list(s.scalars(query)))


def test_there_is_no_step_out_of_an_ended_handoff() -> None:
    assert {state for state, steps in TRANSITIONS.items() if not steps} == {"withdrawn", "returned", "closed"}


def test_a_step_that_does_not_exist_is_a_mistake_in_the_program(parts: Parts) -> None:
    handoff_id = parts.request(parts.conversation())
    with pytest.raises(ValueError, match="never goes from closed to queued"):
        parts.write(lambda s: move(s, s.get_one(HandoffRow, handoff_id), State.CLOSED, State.QUEUED))
