"""The privacy centre's API: the whole gateway over HTTP, with a scripted engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.core.ids import now
from bot.core.messages import Author
from bot.db.keyring import Keyring
from bot.db.models import (
    ContestRow,
    ConversationRow,
    CustomerRow,
    DecisionPayloadRow,
    DecisionRow,
    HandoffRow,
    MessageRow,
    PlaceholderRow,
    RetentionRunRow,
    VisitorRow,
)
from bot.decisions.kinds import Kind
from bot.policies import processing
from bot.privacy.legal_holds import hold, release
from bot.privacy.overview import MAX_ITEMS
from tests.http import follow
from tests.privacy.centre import PERSONAL, Site, Visitor, allow, full_life, running

ANN = ("C-77123", "Ann Lee")
BOB = ("C-10001", "Bob Ray")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("centre")) as made:
        yield made


@pytest.fixture(autouse=True)
def engine_up(site: Site) -> Iterator[None]:
    yield
    site.engine.down = False


# What the overview is.


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_overview_has_every_part_in_the_language_asked_for(site: Site, language: str) -> None:
    visitor = site.visitor("en", ("C-1" + language, "Ann Lee"))
    full_life(visitor)
    found = visitor.overview(language)
    assert set(found) == {
        "company", "controller", "signed_in", "customer_name", "gpc", "language", "policy", "conversations", "stored",
        "looks", "purposes", "necessary", "history", "retention", "rights",
    }  # fmt: skip
    assert set(found["controller"]) == {
        "name", "address", "contact", "data_protection_officer", "jurisdiction", "authority",
    }  # fmt: skip
    assert found["controller"]["name"] == found["company"] == "Fern & Hale"
    assert (found["signed_in"], found["customer_name"], found["language"]) == (True, "Ann Lee", language)
    assert set(found["policy"]) == {"version", "published_at", "url", "changes_url"}
    assert [one["category"] for one in found["stored"]] == list(processing().kept)
    assert all(one["items"] and one["total"] == len(one["items"]) and one["note"] is None for one in found["stored"])
    words = [found["rights"], *(item["label"] for one in found["stored"] for item in one["items"])]
    words += [one[key] for one in found["stored"] for key in ("title", "what", "kept")]
    words += [one[key] for one in found["necessary"] for key in ("title", "why", "lawful_basis")]
    words += [look["what"] for look in found["looks"]] + [look["why"] for look in found["looks"]]
    assert all(words) and all(bool(HAN.search(one)) == (language == "zh") for one in words), words


def test_an_item_says_what_it_is_of_which_conversation_and_since_when(site: Site) -> None:
    visitor = site.visitor("en", ("C-2", "Ann Lee"))
    full_life(visitor)
    items = [item for one in visitor.overview()["stored"] for item in one["items"]]
    keys = {"id", "label", "value", "at", "conversation_id", "author", "correctable"}
    assert all(set(item) == keys and item["at"].endswith("+00:00") for item in items)
    assert {item["conversation_id"] for item in items} == {visitor.id}
    assert len({item["id"] for item in items}) == len(items)
    correctable = {item["id"].partition("_")[0] for item in items if item["correctable"]}
    assert correctable == {"hnd", "cts"} and sum(item["correctable"] for item in items) == 2


def test_the_values_are_those_that_are_kept(site: Site) -> None:
    visitor = site.visitor("en", ("C-3", "Ann Lee"))
    full_life(visitor, "ann@home-example.org")
    assert PERSONAL in visitor.values("conversation")
    assert set(visitor.values("identity")) == {"C-3", "Ann Lee"}
    assert visitor.values("contact") == ["ann@home-example.org"] * 2
    found = {"ann.lee@example.org", "ann@home-example.org", "FH-204817", "+44 20 7946 0018"}
    assert set(visitor.values("identifiers")) == {*found, f"Your order of {visitor.id}"}
    assert visitor.values("contests") == [f"Sorry about {visitor.id}", "Wrong, says ann@home-example.org"]
    assert visitor.values("handoffs") == ["Mina is in the conversation"]
    masked = "refund please, I am [EMAIL_1], order [ORDER_1], 请打 [PHONE_1]"
    assert masked in visitor.values("engine") and visitor.values("training") == [masked]
    told = "\n".join(visitor.values("decisions"))
    assert "Your message was understood as “How do returns and refunds work?”, 90% sure." in told
    labels = [item["label"] for item in visitor.stored("conversation")["items"]]
    assert {"You", "AI assistant", "Notice"} == set(labels)


@pytest.mark.parametrize(
    ("language", "they", "you"), [("en", "visitor", "You were answered"), ("zh", "访客", "回答了您")]
)
def test_decisions_are_explained_to_the_visitor_and_not_about_them(
    site: Site, language: str, they: str, you: str
) -> None:
    visitor = site.visitor("en", (f"C-22{language}", "Ann"))
    full_life(visitor)
    visitor.say("qwertz")
    told = [text for item in visitor.stored("decisions", language)["items"] for text in (item["label"], item["value"])]
    assert you in "\n".join(told) and [text for text in told if they in text] == []
    (conversation,) = visitor.export(language=language).json()["conversations"]
    explained = [record["explanation"] for record in conversation["records"]]
    assert [one for one in explained if they in one["title"] + one["text"]] == []


def test_who_looked_and_why_is_told_newest_first(site: Site) -> None:
    visitor, other = site.visitor("en", ("C-4", "Ann Lee")), site.visitor("en", ("C-5", "Bob"))
    full_life(visitor)
    full_life(other)
    looks = visitor.overview()["looks"]
    assert {look["conversation_id"] for look in looks} == {visitor.id}
    assert [(look["who"], look["role"], look["what"], look["why"]) for look in looks] == [
        ("Ruth", "reviewer", "A decision about you", "a complaint"),
        ("Mina", "agent", "Your conversation", "You asked for a person"),
        ("Mina", "agent", "Your conversation", "support"),
        ("AI assistant", "system", "your messages here", "You allowed it: Learn from this conversation"),
        ("AI assistant", "system", "order status, delivery, refunds", "You allowed it: Use your order history"),
    ]
    assert [look["at"] for look in looks] == sorted((look["at"] for look in looks), reverse=True)


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({}, True),
        ({"kind": "answer"}, True),
        ({"conversation": "theirs"}, True),
        ({"conversation": "con_other"}, False),
        ({"search": "vis_other"}, False),
        ({"end": "2020-01-01T00:00:00+00:00"}, False),
    ],
)
def test_an_export_of_many_records_is_told_where_theirs_may_be_among_them(
    site: Site, filters: dict[str, str], told: bool
) -> None:
    visitor = site.visitor()
    visitor.say("refund?")
    given = {key: visitor.id if value == "theirs" else value for key, value in filters.items()}
    ruth, access_log = site.person("Ruth", "reviewer"), site.services.access_log
    site.write(lambda s: access_log.record(s, ruth, "export:jsonl", "audit", more={"filters": given}))
    looks = [(look["who"], look["why"], look["conversation_id"]) for look in visitor.overview()["looks"]]
    assert looks == ([("Ruth", "an audit", "")] if told else [])


def test_purposes_history_and_retention_are_told(site: Site) -> None:
    visitor = site.visitor("en", ("C-6", "Ann Lee"))
    allow(visitor, "order_history")
    assert visitor.call("POST", "/consent", {"purpose": "order_history", "choice": "withdraw"}).status_code == 200
    moment = now()
    site.write(lambda s: s.add(RetentionRunRow(id="ret_1", at=moment, removed={})))
    found = visitor.overview()
    assert {one["purpose"] for one in found["purposes"]} == set(processing().purposes)
    assert [one["state"] for one in found["history"]] == ["withdrawn", "given"]
    assert found["retention"] == {"last_run": moment.isoformat()}


def test_a_legal_hold_is_told_with_its_reason(site: Site) -> None:
    visitor = site.visitor()
    assert visitor.overview()["conversations"][0]["hold"] is None
    row = site.write(lambda s: hold(s, site.services.recorder, visitor.id, "Claim 12", "olga"))
    found = visitor.overview()["conversations"][0]["hold"]
    assert found == {"reason": "Claim 12", "since": row.at.isoformat()}


# Only what is the caller's.


def test_who_is_not_signed_in_sees_their_own_visitor_alone(site: Site) -> None:
    ann, stranger = site.visitor(), site.visitor()
    ann.say("I am the anonymous ann")
    stranger.say("I am a stranger")
    found = ann.overview()
    assert [(one["id"], one["messages"], one["this"]) for one in found["conversations"]] == [(ann.id, 2, True)]
    assert (found["signed_in"], found["customer_name"]) == (False, None)
    assert "stranger" not in str(found) and "stranger" not in ann.export().text


def test_a_customer_sees_all_of_their_devices_and_nobody_elses(site: Site) -> None:
    phone, laptop, bob = (site.visitor("en", one) for one in (ANN, ANN, BOB))
    phone.say("said on the phone")
    laptop.say("said on the laptop")
    bob.say("said by bob")
    for device in (phone, laptop):
        found = device.overview()
        assert {one["id"] for one in found["conversations"]} == {phone.id, laptop.id}
        assert [one["id"] for one in found["conversations"] if one["this"]] == [device.id]
        assert {"said on the phone", "said on the laptop"} <= set(device.values("conversation"))
        assert "said by bob" not in str(found) and "said by bob" not in device.export().text
    assert {one["id"] for one in bob.overview()["conversations"]} == {bob.id}


def test_a_customer_who_has_signed_out_sees_this_device_alone(site: Site) -> None:
    phone, laptop = site.visitor("en", ("C-7", "Ann")), site.visitor("en", ("C-7", "Ann"))
    assert laptop.call("PUT", "/identity", {"identity_token": None}).status_code == 200
    assert [one["id"] for one in laptop.overview()["conversations"]] == [laptop.id]
    assert len(phone.overview()["conversations"]) == 2


def test_choices_made_on_another_device_before_signing_in_are_the_customers_to_see(site: Site) -> None:
    phone, laptop = site.visitor(), site.visitor("en", ("C-8", "Ann"))
    refused = {"purpose": "improvement", "choice": "refuse"}
    assert phone.call("POST", "/consent", refused).status_code == 200
    token = site.token(("C-8", "Ann"))
    assert phone.call("PUT", "/identity", {"identity_token": token}).status_code == 200
    assert [(one["purpose"], one["conversation_id"]) for one in laptop.overview()["history"]] == [
        ("improvement", phone.id)
    ]
    graph = laptop.export().json()["consent"]["records"]["@graph"]
    assert [record["dpv:hasProcess"]["dct:identifier"] for record in graph] == ["improvement"]


CALLS = [
    ("GET", "/privacy", None),
    ("GET", "/privacy/export", None),
    ("PUT", "/privacy/values/x.contact", {"value": "ann@example.org"}),
    ("POST", "/privacy/erasure", {"what": "everything"}),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_every_call_needs_the_conversations_own_token(site: Site, method: str, path: str, body: Any) -> None:
    ann, bob = site.visitor(), site.visitor()
    assert Visitor(site, id=ann.id).call(method, path, body).status_code == 401
    assert Visitor(site, id=ann.id, token=bob.token).call(method, path, body).status_code == 404
    assert Visitor(site, id="con_unknown", token=bob.token).call(method, path, body).status_code == 404
    assert ann.overview()["conversations"][0]["id"] == ann.id


def test_what_is_anothers_cannot_be_erased_or_corrected(site: Site) -> None:
    ann, bob = site.visitor("en", ("C-9", "Ann")), site.visitor("en", ("C-10", "Bob"))
    full_life(bob)
    theirs = [item["id"] for item in bob.stored("contact")["items"]]
    for item_id in (*theirs, "hnd_unknown.contact", bob.id):
        assert ann.call("PUT", f"/privacy/values/{item_id}", {"value": "eve@example.org"}).status_code == 404
    for what in ("conversation", "everything"):
        refused = ann.erase(what, bob.id)
        assert (refused.status_code, refused.json()["error"]["code"]) == (404, "conversation_unknown")
    assert bob.values("contact") == ["ann.lee@example.org"] * 2
    assert ann.overview()["signed_in"] is True


# What cannot be read, and much of it.


def test_two_thousand_messages_are_counted_and_the_newest_shown_without_opening_all(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, services = site.visitor(), site.services

    def fill(session: Session) -> None:
        conversation = session.get_one(ConversationRow, visitor.id)
        for number in range(2000):
            author = Author.ASSISTANT if number % 2 else Author.VISITOR
            services.outbox.say(session, conversation, author, f"line {number}")

    site.write(fill)
    opened: list[str] = []
    really_open = Keyring.open_bytes

    def counting(self: Keyring, session: Session, visitor_id: str, about: str, sealed: bytes) -> bytes:
        opened.append(about)
        return really_open(self, session, visitor_id, about, sealed)

    monkeypatch.setattr(Keyring, "open_bytes", counting)
    found = visitor.stored("conversation")
    assert found["total"] == 2000 and len(found["items"]) == MAX_ITEMS
    assert [item["value"] for item in found["items"]] == [f"line {1999 - number}" for number in range(MAX_ITEMS)]
    assert len(opened) < 2 * MAX_ITEMS
    exported = visitor.export().json()["conversations"][0]["messages"]
    assert [message["text"] for message in exported] == [f"line {number}" for number in range(2000)]


def test_without_the_engine_its_part_says_so_and_the_rest_is_there(site: Site) -> None:
    visitor = site.visitor()
    visitor.say("refund?")
    site.engine.down = True
    engine = visitor.stored("engine")
    assert (engine["total"], engine["items"]) == (0, []) and "cannot be asked at the moment" in engine["note"]
    assert HAN.search(visitor.stored("engine", "zh")["note"])
    assert "refund?" in visitor.values("conversation")
    (conversation,) = visitor.export().json()["conversations"]
    assert "cannot be asked at the moment" in conversation["engine"]["unavailable"]
    assert "cannot be asked at the moment" in visitor.export("html").text
    site.engine.down = False
    assert visitor.stored("engine")["note"] is None


def spoil(site: Site, visitor: Visitor) -> None:
    """Somebody wrote into the database: nothing that was sealed for the visitor opens any more."""
    spoiled = b"x" * 60
    mine, whose = visitor.id, visitor.visitor_id

    def work(session: Session) -> None:
        session.execute(update(MessageRow).where(MessageRow.conversation_id == mine).values(body_sealed=spoiled))
        session.execute(
            update(PlaceholderRow).where(PlaceholderRow.conversation_id == mine).values(value_sealed=spoiled)
        )
        session.execute(update(HandoffRow).where(HandoffRow.conversation_id == mine).values(contact_sealed=spoiled))
        session.execute(update(ContestRow).where(ContestRow.conversation_id == mine).values(reason_sealed=spoiled))
        theirs = select(DecisionRow.id).where(DecisionRow.visitor_id == whose)
        payloads = update(DecisionPayloadRow).where(DecisionPayloadRow.decision_id.in_(theirs))
        session.execute(payloads.values(payload_sealed=spoiled))

    site.write(work)


def test_what_cannot_be_read_is_told_and_stops_nothing(site: Site) -> None:
    visitor = site.visitor("en", ("C-11", "Ann"))
    full_life(visitor)
    spoil(site, visitor)
    for category in ("conversation", "identifiers"):
        assert {value.partition(":")[0] for value in visitor.values(category)} == {"It cannot be read"}
    assert "It cannot be read" in str(visitor.values("contact")) and "Cannot be read" in str(
        visitor.stored("decisions")
    )
    assert all(look["what"].startswith("It cannot be read") for look in visitor.overview()["looks"])
    (conversation,) = visitor.export().json()["conversations"]
    assert {message["gone"] for message in conversation["messages"]} == {"unreadable"}
    assert {record["gone"] for record in conversation["records"]} == {"unreadable"}
    assert "It cannot be read" in visitor.export("html").text


def test_what_retention_has_cleared_is_no_longer_stored(site: Site) -> None:
    visitor = site.visitor("en", ("C-12", "Ann"))
    full_life(visitor)
    mine = PlaceholderRow.conversation_id == visitor.id
    site.write(lambda s: s.execute(update(PlaceholderRow).where(mine).values(value_sealed=b"", value_hash="")))
    site.write(lambda s: s.execute(update(HandoffRow).values(contact_sealed=None)))
    assert visitor.stored("identifiers")["total"] == 0 and visitor.stored("contact")["total"] == 1
    (conversation,) = visitor.export().json()["conversations"]
    assert {one["gone"] for one in conversation["identifiers"]} == {"erased"}


# Correct.


def test_a_corrected_address_is_what_everybody_sees_and_is_on_record(site: Site) -> None:
    visitor = site.visitor("en", ("C-13", "Ann"))
    full_life(visitor)
    for item in visitor.stored("contact")["items"]:
        answer = visitor.call("PUT", f"/privacy/values/{item['id']}", {"value": " <ann@new-example.org> "})
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"item": {**item, "value": "ann@new-example.org"}}
    assert visitor.values("contact") == ["ann@new-example.org"] * 2
    services = site.services

    def seen(session: Session) -> tuple[str | None, str | None]:
        handoff = session.scalars(select(HandoffRow).where(HandoffRow.conversation_id == visitor.id)).one()
        contest = session.scalars(select(ContestRow).where(ContestRow.conversation_id == visitor.id)).one()
        return services.handoffs.contact(session, handoff), services.contests.read(session, contest).contact

    assert site.read(seen) == ("ann@new-example.org", "ann@new-example.org")
    query = select(DecisionRow).where(DecisionRow.visitor_id == visitor.visitor_id)
    rows = site.read(lambda s: s.scalars(query.where(DecisionRow.kind == Kind.RECTIFICATION)).all())
    assert [row.outcome for row in rows] == ["rectified:address"] * 2
    assert "You corrected an address" in [item["label"] for item in visitor.stored("decisions")["items"]]
    records = [r for r in visitor.export().json()["conversations"][0]["records"] if r["kind"] == "rectification"]
    assert "new-example" not in str(records)


def test_an_address_read_from_the_account_says_so_until_the_visitor_corrects_it(site: Site) -> None:
    visitor = site.visitor("en", ("C-21", "Ann"))
    full_life(visitor)
    mine = HandoffRow.conversation_id == visitor.id
    site.write(lambda s: s.execute(update(HandoffRow).where(mine).values(contact_purpose="contact_by_email")))
    item = visitor.stored("contact")["items"][0]
    assert item["label"] == "Read from your account, because you allowed it"
    assert "Read from your account" in visitor.export("html").text
    assert visitor.call("PUT", f"/privacy/values/{item['id']}", {"value": "ann@new-example.org"}).status_code == 200
    assert visitor.stored("contact")["items"][0]["label"] == "Left so that a person can reach you"
    assert site.read(lambda s: s.scalars(select(HandoffRow).where(mine)).one()).contact_purpose is None


def test_what_is_no_address_or_on_hold_is_not_corrected(site: Site) -> None:
    visitor = site.visitor("zh", ("C-14", "Ann"))
    full_life(visitor)
    item_id = visitor.stored("contact")["items"][0]["id"]
    refused = visitor.call("PUT", f"/privacy/values/{item_id}", {"value": "somewhere"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "contact_not_understood")
    for body in ({"value": ""}, {"value": "x" * 401}, {}, []):
        assert visitor.call("PUT", f"/privacy/values/{item_id}", body).status_code == 400
    site.write(lambda s: hold(s, site.services.recorder, visitor.id, "Claim 12", "olga"))
    assert not any(item["correctable"] for item in visitor.stored("contact")["items"])
    refused = visitor.call("PUT", f"/privacy/values/{item_id}", {"value": "ann@new-example.org"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "on_hold")
    assert "Claim 12" in refused.json()["error"]["message"] and HAN.search(refused.json()["error"]["message"])
    assert visitor.values("contact") == ["ann.lee@example.org"] * 2


# Erase.


def test_one_conversation_is_erased_and_the_customers_others_stay(site: Site) -> None:
    phone, laptop = site.visitor("en", ("C-15", "Ann")), site.visitor("en", ("C-15", "Ann"))
    full_life(phone)
    laptop.say("said on the laptop")
    erased = laptop.erase("conversation", phone.id)
    assert erased.status_code == 201, erased.text
    assert erased.json()["conversations"] == [phone.id] and erased.json()["what"] == "conversation"
    assert phone.call("GET", "/privacy").status_code == 410
    assert [one["id"] for one in laptop.overview()["conversations"]] == [laptop.id]
    assert "said on the laptop" in laptop.values("conversation") and laptop.overview()["signed_in"]
    assert ann_hash(site, laptop) is not None


def test_this_conversation_is_the_one_that_is_meant_where_none_is_named(site: Site) -> None:
    phone, laptop = site.visitor("en", ("C-16", "Ann")), site.visitor("en", ("C-16", "Ann"))
    assert phone.erase("conversation").json()["conversations"] == [phone.id]
    assert [one["id"] for one in laptop.overview()["conversations"]] == [laptop.id]


def test_everything_of_a_customer_is_erased_on_all_devices_and_nobody_elses(site: Site) -> None:
    phone, laptop, bob = (site.visitor("en", one) for one in (("C-17", "Ann"), ("C-17", "Ann"), ("C-18", "Bob")))
    for one in (phone, laptop, bob):
        full_life(one)
    customer = site.read(lambda s: s.get_one(VisitorRow, phone.visitor_id).customer_id)
    erased = phone.erase("everything").json()
    assert set(erased["conversations"]) == {phone.id, laptop.id} and erased["kept"] == []
    for device in (phone, laptop):
        gone = device.call("GET", "/privacy")
        assert (gone.status_code, gone.json()["error"]["code"]) == (410, "erased")
    assert site.read(lambda s: s.get_one(CustomerRow, customer)).hash is None
    assert PERSONAL in bob.values("conversation")
    site.sweep()
    done = phone.receipt(erased).json()
    assert done["done_at"] is not None and {s["state"] for s in done["stores"]} == {"done"}


def ann_hash(site: Site, visitor: Visitor) -> str | None:
    def work(session: Session) -> str | None:
        customer_id = session.get_one(VisitorRow, visitor.visitor_id).customer_id
        return session.get_one(CustomerRow, customer_id).hash

    return site.read(work)


def test_the_receipt_names_each_store_and_what_was_removed_there(site: Site) -> None:
    visitor = site.visitor("en", ("C-19", "Ann"))
    full_life(visitor)
    site.engine.down = True
    erased = visitor.erase("everything").json()
    assert re.fullmatch(r"req_\w+", erased["request_id"]) and len(erased["receipt_token"]) > 40
    stores = {store["store"]: store for store in erased["stores"]}
    assert list(stores) == ["database", "outbox", "desk", "review", "engine", "files", "backups"]
    assert {name: store["state"] for name, store in stores.items()} == {
        "database": "done", "outbox": "done", "desk": "done", "review": "done",
        "engine": "pending", "files": "pending", "backups": "pending",
    }  # fmt: skip
    database = stores["database"]["removed"]
    assert (database["keys"], database["conversations"], database["identities"]) == (1, 1, 1)
    assert database["messages"] >= 4 and database["placeholders"] == 4
    assert stores["outbox"]["removed"]["events"] > 4
    assert stores["desk"]["removed"] == {"requests_ended": 1}
    assert stores["review"]["removed"]["contests"] == 1 and stores["review"]["removed"]["corrections"] == 1
    assert erased["done_at"] is None and "takes a moment" in erased["sentence"]
    told = visitor.receipt(erased).json()
    assert told == {key: value for key, value in erased.items() if key != "receipt_token"}

    site.engine.down = False
    site.sweep()
    done = visitor.receipt(erased).json()
    assert done["done_at"] is not None and done["sentence"] == "It is erased in every store."
    after = {store["store"]: store for store in done["stores"]}
    assert after["engine"]["removed"] == {"conversations": 1} and after["engine"]["state"] == "done"
    assert after["engine"]["text"] == "The engine has forgotten it. Removed (conversations: 1)."
    assert after["files"]["state"] == "done"


def test_a_receipt_can_be_read_in_both_languages_and_only_with_its_token(site: Site) -> None:
    visitor, other = site.visitor(), site.visitor()
    erased, others = visitor.erase("everything").json(), other.erase("everything").json()
    site.sweep()
    for language, tag in (("en", "en"), ("zh", "zh-Hans")):
        page = visitor.receipt(erased, format="html", language=language)
        assert page.headers["content-type"].startswith("text/html") and f'<html lang="{tag}">' in page.text
        assert erased["request_id"] in page.text and "<script" not in page.text
        told = visitor.receipt(erased, language=language).json()
        texts = [told["sentence"], *(s[key] for s in told["stores"] for key in ("title", "text"))]
        assert all(bool(HAN.search(text)) == (language == "zh") for text in texts)
    url = f"{site.base}/api/erasures/{erased['request_id']}"
    assert requests.get(url, timeout=20).status_code == 401
    wrong = {"Authorization": f"Bearer {others['receipt_token']}"}
    assert requests.get(url, headers=wrong, timeout=20).status_code == 404
    assert requests.get(f"{site.base}/api/erasures/req_unknown", headers=wrong, timeout=20).status_code == 404
    assert requests.get(url, headers={"Authorization": f"Bearer {visitor.token}"}, timeout=20).status_code == 404


def test_the_receipts_token_is_kept_as_a_hash_alone(site: Site) -> None:
    erased = site.visitor().erase("everything").json()
    content = b"".join(path.read_bytes() for path in site.services.settings.data_dir.rglob("*") if path.is_file())
    assert erased["receipt_token"].encode() not in content and erased["request_id"].encode() in content


def test_a_conversation_on_hold_is_kept_and_the_visitor_told_why(site: Site) -> None:
    visitor = site.visitor()
    visitor.say("refund?")
    held = site.write(lambda s: hold(s, site.services.recorder, visitor.id, "Claim 12", "olga"))
    for what in ("conversation", "everything"):
        refused = visitor.erase(what)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "on_hold")
        assert "Claim 12" in refused.json()["error"]["message"]
    assert "refund?" in visitor.values("conversation")
    site.write(lambda s: release(s, site.services.recorder, held.id, "olga"))
    assert visitor.erase("everything").status_code == 201


def test_of_everything_what_is_on_hold_is_named_in_the_receipt_and_the_rest_erased(site: Site) -> None:
    phone, laptop = site.visitor("en", ("C-20", "Ann")), site.visitor("en", ("C-20", "Ann"))
    phone.say("held on the phone")
    site.write(lambda s: hold(s, site.services.recorder, phone.id, "Claim 12", "olga"))
    erased = laptop.erase("everything").json()
    assert erased["conversations"] == [laptop.id]
    assert erased["kept"] == [{"conversation_id": phone.id, "reason": "Claim 12"}]
    assert "kept because of a legal hold: 1" in erased["sentence"]
    assert laptop.call("GET").status_code == 410 and "held on the phone" in phone.values("conversation")
    assert laptop.receipt(erased).json()["kept"] == erased["kept"] and ann_hash(site, phone) is not None
    assert "Claim 12" in laptop.receipt(erased, format="html").text


def test_an_open_chat_ends_when_its_visitor_erases_it(site: Site) -> None:
    visitor = site.visitor()
    visitor.say("refund?")
    url = f"{site.base}/api/conversations/{visitor.id}/events"
    with follow(url, {"Authorization": f"Bearer {visitor.token}"}) as stream:
        stream.next("message")
        assert visitor.erase("everything").status_code == 201
        assert stream.ended()


@pytest.mark.parametrize("body", [{}, {"what": "all"}, {"what": "everything", "conversation_id": ""}, []])
def test_a_request_that_makes_no_sense_erases_nothing(site: Site, body: Any) -> None:
    visitor = site.visitor()
    assert visitor.call("POST", "/privacy/erasure", body).status_code == 400
    assert visitor.call("GET").status_code == 200


def test_exports_and_erasures_count_against_the_rate(tmp_path: Path) -> None:
    with running(tmp_path, rate=2) as slow:
        visitor = slow.visitor()
        for _ in range(2):
            visitor.export()
        assert visitor.call("GET", "/privacy/export").status_code == 429
        assert visitor.erase("everything").status_code == 429
        assert visitor.call("PUT", "/privacy/values/x.contact", {"value": "a@example.org"}).status_code == 429
        assert visitor.call("GET", "/privacy").status_code == 200
