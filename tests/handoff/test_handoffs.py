"""Rule H1: a request for a human always ends in a recorded state, and every step is announced."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from bot.core.errors import BadRequest, Conflict, NotFound
from bot.core.ids import now
from bot.core.messages import Author
from bot.db.database import Changes
from bot.db.models import ConversationRow, HandoffRow
from bot.handoff.repository import move
from bot.handoff.states import State
from bot.messaging.pubsub import conversation_topic
from tests.parts import Parts, make_parts

LATER = timedelta(hours=1)


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    with make_parts(tmp_path) as made:
        yield made


def handoff(parts: Parts, handoff_id: str) -> HandoffRow:
    return parts.read(lambda s: s.get_one(HandoffRow, handoff_id))


def withdraw(parts: Parts, conversation_id: str) -> HandoffRow:
    return parts.write(lambda s: parts.handoffs.withdraw(s, s.get_one(ConversationRow, conversation_id)))


def leave_contact(parts: Parts, conversation_id: str, address: str) -> None:
    parts.write(lambda s: parts.handoffs.leave_contact(s, s.get_one(ConversationRow, conversation_id), address))


def expire(parts: Parts) -> int:
    return parts.write(lambda s: parts.handoffs.expire_due(s, now() + LATER))


def test_a_request_waits_is_recorded_and_told_while_the_assistant_stays_owner(parts: Parts) -> None:
    conversation = parts.conversation()
    handoff_id = parts.request(conversation)
    assert handoff(parts, handoff_id).state == "queued"
    assert parts.outcomes(conversation) == ["handoff:queued"]
    assert [kind for kind, _ in parts.events(conversation)] == ["handoff", "message"]
    event, message = (data for _, data in parts.events(conversation))
    assert (event["id"], event["state"], event["position"]) == (handoff_id, "queued", 1)
    assert message["author"] == "system" and "2 minutes" in message["text"]
    assert parts.row(conversation).owner == "assistant"


def test_the_visitor_is_told_in_their_language(parts: Parts) -> None:
    conversation = parts.conversation("zh")
    parts.request(conversation)
    assert "人工客服" in parts.said(conversation)[0] and "2 分钟" in parts.said(conversation)[0]


def test_asking_again_keeps_the_one_request(parts: Parts) -> None:
    conversation = parts.conversation()
    first = parts.request(conversation)
    assert parts.request(conversation, "text") == first
    parts.claim(first)
    assert parts.request(conversation) == first
    assert parts.outcomes(conversation) == ["handoff:queued", "handoff:accepted"]


def test_two_requests_at_the_same_time_make_one_handoff(parts: Parts) -> None:
    conversation, made = parts.conversation(), []
    start = threading.Barrier(2)

    def ask() -> None:
        start.wait()
        made.append(parts.request(conversation))

    run_both(ask, ask)
    assert len(made) == 2 and made[0] == made[1]
    assert parts.outcomes(conversation) == ["handoff:queued"]


def test_a_request_before_the_disclosure_is_taken(parts: Parts) -> None:
    conversation = parts.conversation(disclosed=False)
    assert handoff(parts, parts.request(conversation)).state == "queued"


def test_places_in_the_queue_count_from_one_and_move_up(parts: Parts) -> None:
    first, second = (parts.request(parts.conversation()) for _ in range(2))
    assert places(parts, first, second) == [1, 2]
    parts.claim(first)
    assert places(parts, first, second) == [None, 1]


@pytest.mark.parametrize("leave", ["claim", "withdraw", "expire"])
def test_who_waits_behind_is_shown_the_new_place(parts: Parts, leave: str) -> None:
    ahead, behind = parts.conversation(), parts.conversation()
    first = parts.request(ahead)
    if leave == "expire":
        past = now() - timedelta(seconds=1)
        parts.write(lambda s: s.execute(update(HandoffRow).where(HandoffRow.id == first).values(expires_at=past)))
    second = parts.request(behind)
    assert places(parts, second) == [2]
    shown, before = shown_places(parts, behind), parts.events(behind)
    steps = {
        "claim": lambda: parts.claim(first),
        "withdraw": lambda: withdraw(parts, ahead),
        "expire": lambda: parts.write(lambda s: parts.handoffs.expire_due(s, now())),
    }
    steps[leave]()
    assert shown == [1] and places(parts, second) == [1]
    assert parts.events(behind) == before, "a place follows from the queue: it is not stored"
    assert len(parts.said(behind)) == 1


def test_an_erased_visitor_in_the_queue_stops_nobody_else(parts: Parts) -> None:
    ahead, erased, behind = (parts.conversation() for _ in range(3))
    first, _, third = (parts.request(one) for one in (ahead, erased, behind))
    parts.write(lambda s: parts.keyring.destroy(s, parts.row(erased).visitor_id))
    parts.claim(first)
    assert expire(parts) == 1
    assert handoff(parts, third).state == "expired"


def shown_places(parts: Parts, conversation_id: str) -> list[int]:
    """Filled with the places that a conversation's screens are shown from now on."""
    shown: list[int] = []

    def keep(changes: Changes) -> None:
        shown.extend(data["position"] for kind, data in changes.get(conversation_topic(conversation_id), ()))

    parts.database.on_commit(keep)
    return shown


def places(parts: Parts, *handoff_ids: str) -> list[int | None]:
    return parts.read(
        lambda s: [parts.handoffs.as_event(s, s.get_one(HandoffRow, one))["position"] for one in handoff_ids]
    )


def test_a_claim_makes_a_human_owner_and_announces_the_change_of_speaker(parts: Parts) -> None:
    conversation = parts.conversation()
    handoff_id = parts.request(conversation)
    parts.claim(handoff_id)
    row = parts.row(conversation)
    assert (row.owner, row.human_name) == ("human", "Mina")
    assert parts.events(conversation)[2] == ("speaker", {"owner": "human", "human_name": "Mina"})
    assert parts.said(conversation)[-1] == "Mina, a person, has joined. The AI assistant is silent now."
    assert parts.outcomes(conversation) == ["handoff:queued", "handoff:accepted"]


def test_the_second_claimer_is_told_who_was_first(parts: Parts) -> None:
    handoff_id = parts.request(parts.conversation())
    parts.claim(handoff_id, "mina")
    with pytest.raises(Conflict, match=r"^Mina took this conversation first\.$") as refused:
        parts.claim(handoff_id, "tom")
    assert refused.value.code == "already_claimed"


def test_claiming_twice_by_the_same_agent_changes_nothing(parts: Parts) -> None:
    conversation = parts.conversation()
    handoff_id = parts.request(conversation)
    parts.claim(handoff_id)
    parts.claim(handoff_id)
    assert parts.outcomes(conversation) == ["handoff:queued", "handoff:accepted"]


def test_of_two_claims_at_the_same_time_one_wins(parts: Parts) -> None:
    """The guard is the condition `state == start` in `bot.handoff.states.move`."""
    for _ in range(10):
        conversation = parts.conversation()
        handoff_id, refused, start = parts.request(conversation), [], threading.Barrier(2)

        def claim(name: str) -> None:
            start.wait()  # noqa: B023 - both threads end before the next round
            try:
                parts.claim(handoff_id, name)  # noqa: B023
            except Conflict as error:
                refused.append(error.message)  # noqa: B023

        run_both(lambda: claim("mina"), lambda: claim("tom"))
        winner = handoff(parts, handoff_id).agent_name
        assert refused == [f"{winner} took this conversation first."]
        assert parts.row(conversation).human_name == winner
        assert parts.outcomes(conversation) == ["handoff:queued", "handoff:accepted"]


def run_both(*works) -> None:  # type: ignore[no-untyped-def]
    errors: list[BaseException] = []

    def run(work) -> None:  # type: ignore[no-untyped-def]
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_stale_step_is_refused_by_the_database_itself(parts: Parts) -> None:
    """A transaction that still believes in `queued`: the UPDATE's own condition stops it."""
    handoff_id = parts.request(parts.conversation())
    parts.claim(handoff_id)

    def work(session: Session) -> bool:
        believed = session.get_one(HandoffRow, handoff_id)
        set_committed_value(believed, "state", "queued")
        return move(session, believed, State.QUEUED, State.EXPIRED)

    assert parts.write(work) is False
    assert handoff(parts, handoff_id).state == "accepted"


@pytest.mark.parametrize(("step", "state"), [("give_back", "returned"), ("close", "closed")])
def test_the_agent_ends_it_and_the_assistant_speaks_again(parts: Parts, step: str, state: str) -> None:
    conversation = parts.conversation()
    handoff_id = parts.request(conversation)
    parts.claim(handoff_id)
    parts.write(lambda s: getattr(parts.handoffs, step)(s, handoff_id, parts.people["mina"]))
    row = parts.row(conversation)
    assert (row.owner, row.human_name) == ("assistant", None)
    assert handoff(parts, handoff_id).state == state
    assert ("speaker", {"owner": "assistant", "human_name": None}) in parts.events(conversation)
    assert parts.outcomes(conversation)[-1] == f"handoff:{state}"
    assert "AI assistant answers again" in parts.said(conversation)[-1]


@pytest.mark.parametrize("step", ["give_back", "close"])
def test_a_colleague_cannot_end_it(parts: Parts, step: str) -> None:
    handoff_id = parts.request(parts.conversation())
    parts.claim(handoff_id)
    with pytest.raises(Conflict) as refused:
        parts.write(lambda s: getattr(parts.handoffs, step)(s, handoff_id, parts.people["tom"]))
    assert refused.value.code == "not_yours"


@pytest.mark.parametrize("step", ["give_back", "close"])
def test_what_nobody_took_cannot_be_ended(parts: Parts, step: str) -> None:
    handoff_id = parts.request(parts.conversation())
    with pytest.raises(Conflict) as refused:
        parts.write(lambda s: getattr(parts.handoffs, step)(s, handoff_id, parts.people["mina"]))
    assert refused.value.code == "not_accepted"


def test_an_unknown_handoff_is_not_found(parts: Parts) -> None:
    with pytest.raises(NotFound):
        parts.claim("hnd_unknown")


def test_the_visitor_withdraws_and_no_agent_can_take_it(parts: Parts) -> None:
    conversation = parts.conversation()
    handoff_id = parts.request(conversation)
    assert withdraw(parts, conversation).state == "withdrawn"
    assert withdraw(parts, conversation).state == "withdrawn"
    assert parts.outcomes(conversation) == ["handoff:queued", "handoff:withdrawn"]
    with pytest.raises(Conflict) as refused:
        parts.claim(handoff_id)
    assert refused.value.code == "handoff_over"


def test_withdrawing_without_a_request_is_refused_kindly(parts: Parts) -> None:
    with pytest.raises(Conflict, match="not waiting"):
        withdraw(parts, parts.conversation())


def test_withdrawing_after_somebody_came_says_who_is_there(parts: Parts) -> None:
    conversation = parts.conversation()
    parts.claim(parts.request(conversation))
    with pytest.raises(Conflict, match="Mina is with you now") as refused:
        withdraw(parts, conversation)
    assert refused.value.code == "person_is_here"


def test_nobody_came_the_visitor_is_told_once_and_the_desk_cannot_claim(parts: Parts) -> None:
    conversation = parts.conversation()
    handoff_id = parts.request(conversation)
    assert parts.write(lambda s: parts.handoffs.expire_due(s, now())) == 0
    assert expire(parts) == 1
    assert expire(parts) == 0
    assert handoff(parts, handoff_id).state == "expired"
    assert parts.outcomes(conversation) == ["handoff:queued", "handoff:expired"]
    assert "nobody was free" in parts.said(conversation)[-1]
    with pytest.raises(Conflict):
        parts.claim(handoff_id)


def test_after_nobody_came_the_visitor_can_ask_again(parts: Parts) -> None:
    conversation = parts.conversation()
    first = parts.request(conversation)
    expire(parts)
    second = parts.request(conversation)
    assert second != first and handoff(parts, second).state == "queued"


def test_a_claimed_conversation_does_not_expire(parts: Parts) -> None:
    parts.claim(parts.request(parts.conversation()))
    assert expire(parts) == 0


def test_an_address_is_kept_sealed_and_told_back(parts: Parts) -> None:
    conversation = parts.conversation()
    handoff_id = parts.request(conversation)
    expire(parts)
    leave_contact(parts, conversation, "  lena@example.com ")
    row = handoff(parts, handoff_id)
    assert row.contact_sealed is not None and b"lena" not in row.contact_sealed
    assert parts.read(lambda s: parts.handoffs.contact(s, s.get_one(HandoffRow, handoff_id))) == "lena@example.com"
    assert parts.said(conversation)[-1] == "Thank you. A person will get in touch with you at lena@example.com."
    assert [data["contact_left"] for kind, data in parts.events(conversation) if kind == "handoff"][-1] is True


def test_an_address_nobody_can_read_is_refused_and_nothing_is_kept(parts: Parts) -> None:
    conversation = parts.conversation()
    handoff_id = parts.request(conversation)
    expire(parts)
    with pytest.raises(BadRequest, match="name@example.com"):
        leave_contact(parts, conversation, "just call me")
    assert handoff(parts, handoff_id).contact_sealed is None


def test_an_address_left_while_waiting_is_forgotten_on_withdrawal(parts: Parts) -> None:
    conversation = parts.conversation()
    handoff_id = parts.request(conversation)
    leave_contact(parts, conversation, "lena@example.com")
    withdraw(parts, conversation)
    assert handoff(parts, handoff_id).contact_sealed is None


def test_an_address_is_not_asked_for_when_nobody_was_called(parts: Parts) -> None:
    with pytest.raises(Conflict) as refused:
        leave_contact(parts, parts.conversation(), "lena@example.com")
    assert refused.value.code == "no_contact_wanted"


@pytest.mark.parametrize(
    ("text", "taken"),
    [("lena@example.com", True), ("+44 20 7946 0018", True), ("204817345", False), ("where is my order?", False)],
)
def test_a_message_that_is_only_an_address_is_taken_after_nobody_came(parts: Parts, text: str, taken: bool) -> None:
    conversation = parts.conversation()
    parts.request(conversation)
    assert take_contact(parts, conversation, text) is False
    expire(parts)
    assert take_contact(parts, conversation, text) is taken
    assert take_contact(parts, conversation, text) is False


def take_contact(parts: Parts, conversation_id: str, text: str) -> bool:
    return parts.write(lambda s: parts.handoffs.take_contact(s, s.get_one(ConversationRow, conversation_id), text))


def test_an_agent_takes_a_missed_request_off_the_list_without_becoming_the_speaker(parts: Parts) -> None:
    conversation = parts.conversation()
    handoff_id = parts.request(conversation)
    expire(parts)
    said = parts.said(conversation)
    parts.write(lambda s: parts.handoffs.close(s, handoff_id, parts.people["tom"]))
    assert handoff(parts, handoff_id).state == "closed"
    assert parts.row(conversation).owner == "assistant"
    assert parts.said(conversation) == said
    assert parts.outcomes(conversation)[-1] == "handoff:closed"


def test_everything_said_until_the_end_is_older_than_the_end(parts: Parts) -> None:
    conversation = parts.conversation()
    handoff_id = parts.request(conversation)
    parts.claim(handoff_id)
    parts.write(lambda s: parts.handoffs.give_back(s, handoff_id, parts.people["mina"]))
    ended = handoff(parts, handoff_id).ended_at
    told = [data["created_at"] for kind, data in parts.events(conversation) if kind == "message"]
    assert ended is not None and max(told) <= ended.isoformat()


def test_a_handoff_whose_record_fails_leaves_nothing_behind(parts: Parts) -> None:
    """Record and effect stand in one transaction: take `self._recorder.record(...)` out of `_tell` and this fails."""
    conversation = parts.conversation()

    def fail(*_: object) -> str:
        raise OSError("disk full")

    parts.recorder.record = fail
    with pytest.raises(OSError, match="disk full"):
        parts.request(conversation)
    assert parts.events(conversation) == []
    assert parts.read(lambda s: s.scalar(select(func.count()).select_from(HandoffRow))) == 0


def test_the_desk_is_woken_by_every_step(parts: Parts) -> None:
    topics: list[Changes] = []
    parts.database.on_commit(topics.append)
    conversation = parts.conversation()
    handoff_id = parts.request(conversation)
    parts.claim(handoff_id)
    parts.write(lambda s: parts.handoffs.give_back(s, handoff_id, parts.people["mina"]))
    assert len(topics) == 3 and all("queue" in one for one in topics)


def test_records_hold_the_reason_and_no_address(parts: Parts) -> None:
    conversation = parts.conversation()
    parts.request(conversation)
    expire(parts)
    leave_contact(parts, conversation, "lena@example.com")
    records = parts.records(conversation)
    assert records[0]["input"]["reason"] == "Asked for a human"
    assert {record["disclosure_version"] for record in records} == {"1"}
    assert "lena" not in str(records)


def test_announcements_are_by_the_system_never_by_the_assistant(parts: Parts) -> None:
    conversation = parts.conversation()
    handoff_id = parts.request(conversation)
    parts.claim(handoff_id)
    parts.write(lambda s: parts.handoffs.close(s, handoff_id, parts.people["mina"]))
    authors = {data["author"] for kind, data in parts.events(conversation) if kind == "message"}
    assert authors == {Author.SYSTEM.value}
