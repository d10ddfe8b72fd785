"""Requests to erase, and what they are made from, on both databases and without a door."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.chat.sessions import sign_in
from bot.consent import Subject
from bot.core.errors import Conflict, NotFound
from bot.core.ids import Json, new_id, now
from bot.core.messages import Author
from bot.core.settings import Settings
from bot.db import Database
from bot.db.models import ConversationRow, CustomerRow, ErasureRow
from bot.policies import processing
from bot.privacy.categories.base import Reader
from bot.privacy.categories.registry import CATEGORIES
from bot.privacy.data_subject import data_subject_of, visitors_of_customer
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.receipt import receipt, receipt_text
from bot.privacy.erasure.repository import erasure_of, of_request
from bot.privacy.erasure.requests import Requests, What, new_token
from bot.privacy.export import export
from bot.privacy.legal_holds import hold
from bot.privacy.overview import overview
from bot.services import Services, build
from tests.playing import disclosed_conversation
from tests.scripted import ScriptedEngine
from tests.transactions import read, write

ANN = Subject("C-1", "Ann Lee")


@pytest.fixture
def services(settings: Settings, any_database: Database) -> Services:
    async def parts() -> Services:
        return build(settings, any_database, ScriptedEngine())

    return asyncio.run(parts())


def begin(services: Services, subject: Subject | None = ANN) -> ConversationRow:
    """A conversation in which something was said, signed in if given."""

    def work(session: Session) -> ConversationRow:
        conversation = session.get_one(ConversationRow, disclosed_conversation(session, services.settings))
        if subject is not None:
            sign_in(session, services.keyring, conversation, subject)
        services.outbox.say(session, conversation, Author.VISITOR, "refund please", client_message_id=new_id("cli"))
        return conversation

    return write(services.database, work)


def ask(
    services: Services, *visitors: str, what: What = What.EVERYTHING, token: str | None = None
) -> Sequence[ErasureRow]:
    requests = Requests(services.keyring, services.eraser)
    return write(
        services.database, lambda s: requests.ask(s, visitors, what, Reason.VISITOR_REQUEST, "the visitor", token=token)
    )


def put_on_hold(services: Services, conversation: ConversationRow) -> None:
    write(services.database, lambda s: hold(s, services.recorder, conversation.id, "Claim 12", "olga"))


def receipt_of(services: Services, rows: Sequence[ErasureRow]) -> dict[str, Json]:
    return read(services.database, lambda s: receipt(s, of_request(s, rows[0].request_id or ""), "en"))


def test_one_request_erases_several_visitors_under_one_receipt(services: Services) -> None:
    phone, laptop, other = begin(services), begin(services), begin(services, Subject("C-2", "Bob"))
    token = new_token()
    rows = ask(services, phone.visitor_id, laptop.visitor_id, token=token)
    assert {row.visitor_id for row in rows} == {phone.visitor_id, laptop.visitor_id}
    assert len({row.request_id for row in rows}) == 1 and {row.receipt_hash for row in rows} == {
        services.keyring.digest(token)
    }
    told = receipt_of(services, rows)
    assert set(told["conversations"]) == {phone.id, laptop.id} and told["kept"] == []
    assert told["stores"][0]["removed"] == {"keys": 2, "conversations": 2, "messages": 2, "identities": 2}
    assert read(services.database, lambda s: erasure_of(s, other.visitor_id)) is None


def test_the_receipt_says_how_far_backups_were_reached(services: Services) -> None:
    phone, laptop = begin(services), begin(services)
    rows = ask(services, phone.visitor_id, laptop.visitor_id)

    def backups(reached: dict[str, int] | None) -> tuple[str, dict[str, int]]:
        def work(session: Session) -> None:
            for row in of_request(session, rows[0].request_id or ""):
                row.done_at = now()
                row.receipt = {**row.receipt, "backups": reached} if reached else row.receipt

        write(services.database, work)
        store = receipt_of(services, rows)["stores"][-1]
        return store["state"], store["removed"]

    assert receipt_of(services, rows)["stores"][-1]["state"] == "pending"
    assert backups(None) == ("done", {})
    assert backups({"blanked": 3, "out_of_reach": 0}) == ("done", {"backups": 3})
    assert backups({"blanked": 3, "out_of_reach": 1}) == ("kept", {"backups": 3})


def test_asking_twice_is_one_request(services: Services) -> None:
    phone = begin(services)
    first, again = ask(services, phone.visitor_id), ask(services, phone.visitor_id, what=What.CONVERSATION)
    assert [row.request_id for row in again] == [row.request_id for row in first]
    assert receipt_of(services, again)["what"] == "everything"


def test_what_was_erased_without_a_request_gets_a_receipt_when_asked_for(services: Services) -> None:
    phone = begin(services)
    write(services.database, lambda s: services.eraser.erase(s, phone.visitor_id, Reason.RETENTION, "retention"))
    (row,) = ask(services, phone.visitor_id)
    assert row.reason == "retention" and receipt_of(services, [row])["stores"][0]["removed"]["messages"] == 1


def test_what_is_on_hold_is_kept_with_its_reason(services: Services) -> None:
    phone, laptop = begin(services), begin(services)
    put_on_hold(services, phone)
    rows = ask(services, phone.visitor_id, laptop.visitor_id)
    assert [row.visitor_id for row in rows] == [laptop.visitor_id]
    told = receipt_of(services, rows)
    assert told["kept"] == [{"conversation_id": phone.id, "reason": "Claim 12"}]
    assert f"Kept: {phone.id}, on legal hold: Claim 12" in receipt_text(told)
    with pytest.raises(Conflict, match="Claim 12") as refused:
        ask(services, phone.visitor_id)
    assert refused.value.code == "on_hold"


def test_a_held_conversation_keeps_its_visitors_other_ones(services: Services) -> None:
    first, laptop = begin(services), begin(services)

    def another(session: Session) -> str:
        row = ConversationRow(
            id=new_id("con"), visitor_id=first.visitor_id, door="widget", language="en", owner="assistant",
            signed_in=False, gpc=False, last_event=0, created_at=now(),
        )  # fmt: skip
        session.add(row)
        return row.id

    second = write(services.database, another)
    put_on_hold(services, first)
    told = receipt_of(services, ask(services, first.visitor_id, laptop.visitor_id))
    assert {one["conversation_id"] for one in told["kept"]} == {first.id, second}


def test_nobody_is_erased_where_one_of_them_is_not_known(services: Services) -> None:
    phone = begin(services)
    with pytest.raises(NotFound):
        ask(services, phone.visitor_id, "vis_unknown")
    assert read(services.database, lambda s: erasure_of(s, phone.visitor_id)) is None


def test_a_receipt_is_opened_by_its_token_alone(services: Services) -> None:
    token, requests = new_token(), Requests(services.keyring, services.eraser)
    (row,) = ask(services, begin(services).visitor_id, token=token)
    (untold,) = ask(services, begin(services, None).visitor_id)

    def opened(row: ErasureRow, token: str) -> Sequence[ErasureRow]:
        return read(services.database, lambda s: requests.opened_by(s, row.request_id or "", token))

    assert [one.id for one in opened(row, token)] == [row.id]
    for wrong in (new_token(), "x", ""):
        with pytest.raises(NotFound):
            opened(row, wrong)
    with pytest.raises(NotFound):
        opened(untold, token)


def test_the_visitors_of_a_customer_are_found_until_they_are_erased(services: Services) -> None:
    phone, laptop = begin(services), begin(services)

    def found() -> list[str]:
        return read(services.database, lambda s: visitors_of_customer(s, services.keyring, "C-1"))

    assert found() == [phone.visitor_id, laptop.visitor_id]
    ask(services, *found())
    with pytest.raises(NotFound, match="no such customer"):
        found()


def test_two_visitors_erased_at_once_leave_no_customer(services: Services) -> None:
    ask(services, begin(services, None).visitor_id)  # the operator's own key is there from here on
    for number in range(5):
        devices = [begin(services, Subject(f"C-{number}", "Ann")) for _ in range(2)]
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda one: ask(services, one.visitor_id), devices))
    hashes = read(services.database, lambda s: s.scalars(select(CustomerRow.hash)).all())
    assert len(hashes) == 5 and set(hashes) == {None}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_overview_and_export_are_the_same_on_both_databases(services: Services, language: str) -> None:
    phone, laptop = begin(services), begin(services)

    def work(session: Session) -> tuple[dict[str, Json], dict[str, Json]]:
        here = session.get_one(ConversationRow, phone.id)
        reader = Reader(session, services.keyring, services.recorder, data_subject_of(session, here), language)
        return overview(reader, services.settings, {}), export(reader, services.settings, {})

    seen, exported = read(services.database, work)
    assert [one["id"] for one in seen["conversations"]] == [laptop.id, phone.id]
    assert [one["total"] for one in seen["stored"] if one["category"] in ("conversation", "identity")] == [2, 4]
    texts = [message["text"] for one in exported["conversations"] for message in one["messages"]]
    assert texts == ["refund please"] * 2


def test_each_category_that_is_kept_has_its_place_in_the_overview() -> None:
    assert set(CATEGORIES) == set(processing().kept)
