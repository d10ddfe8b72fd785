"""The rules of the design, on the whole product: real engine, database and HTTP. Each test says what makes it fall."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from bot.db import Database, Keyring
from bot.db.models import DecisionPayloadRow, DecisionRow
from bot.decisions.recorder import canonical_json
from tests import transactions
from tests.running import Gateway, Visitor, customer, text_of, wait_until
from tests.tools import need

ALLOW = '/allow_consent{"purpose": "order_history"}'
REFUSE = '/refuse_consent{"purpose": "order_history"}'
IDENTIFIERS = {
    "e-mail": "ada.secret@example.org",
    "phone": "+44 20 7946 0018",
    "card": "4111 1111 1111 1111",
    "account": "DE89 3704 0044 0532 0130 00",
    "order": "FH-777123",
    "number": "9081726354",
}


def state_of(visitor: Visitor) -> str:
    return str(visitor.call("GET").json()["consents"][0]["state"])


def test_d1_the_widget_cannot_speak_before_its_disclosure_is_confirmed(gateway: Gateway) -> None:
    """Falls when the check of `disclosed_version` in Inbox.store goes."""
    visitor = Visitor(gateway).open(disclose=False)
    answer = visitor.call("POST", "/messages", {"client_message_id": "m", "text": "hello"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "disclosure_not_shown")
    assert visitor.events() == []


def test_d1_the_rest_door_begins_with_the_disclosure_in_the_language_of_the_visitor(gateway: Gateway) -> None:
    """Falls when `show` in `enter` (bot/api/rasa/delivery.py) goes."""
    url = f"{gateway.url}/webhooks/rest/webhook"
    for sender, text, words in (("d1-en", "hello", "talking to an AI"), ("d1-zh", "你好", "您正在与 AI 对话")):
        first = requests.post(url, json={"sender": sender, "message": text}, timeout=30).json()
        assert words in first[0]["text"] and first[0]["metadata"]["author"] == "system"
        second = requests.post(url, json={"sender": sender, "message": text}, timeout=30).json()
        assert words not in second[0]["text"]


@pytest.mark.parametrize(
    "text",
    [
        "r u a bot",
        "Are you a robot?",
        "am i talking to a real person?",
        "你是真人吗",
        "what is your refund policy? and are you even human?",
    ],
)
def test_d2_are_you_a_robot_gets_the_true_answer(gateway: Gateway, text: str) -> None:
    """Falls when the detector `robot` is not trained, or StandingRequests._who_answers says something else."""
    said = Visitor(gateway).open().ask(text)
    assert said[0]["text"].startswith(("I am an AI assistant, not a person.", "我是 AI 助手，不是真人。"))
    assert said[0]["author"] == "assistant"
    assert len(said) == 1 or "30 days" in said[1]["text"]


def test_d2_robots_in_general_are_no_question_about_who_answers(gateway: Gateway) -> None:
    said = text_of(Visitor(gateway).open().ask("do you sell robots?"))
    assert "I am an AI assistant, not a person." not in said


def test_h1_a_human_is_asked_for_in_any_words_and_beside_a_question(gateway: Gateway) -> None:
    """Falls when Router.obey_understood no longer obeys, or `topical` no longer leaves the question."""
    visitor = Visitor(gateway).open()
    said = visitor.ask("How long do refunds take? And please let me speak to one of your employees.")
    assert visitor.call("GET").json()["handoff"]["state"] == "queued"
    assert "5 working days" in text_of(said)
    other = Visitor(gateway).open()
    other.ask("No need to connect me with a human. How long do refunds take?")
    assert other.call("GET").json()["handoff"] is None


def test_c1_nothing_personal_is_said_before_consent(gateway: Gateway) -> None:
    """Falls when Gate._answer gives a Grant without a consent (the line that returns Refused)."""
    visitor = customer(gateway, "cust_ada")
    asked = visitor.ask("where is my order?")
    assert asked[-1]["consent_request"]["purpose"] == "order_history"
    assert "FH-" not in text_of(asked)
    assert [b["title"] for b in asked[-1]["buttons"]] == ["Allow", "No thanks"]
    assert "FH-204817" in text_of(visitor.ask(ALLOW))


def test_c1_a_visitor_who_is_not_signed_in_gets_the_impersonal_answer(gateway: Gateway) -> None:
    """Falls when `subject is None` in Gate._answer goes."""
    said = visitor_said = text_of(Visitor(gateway).open().ask("where is my order FH-204817?"))
    assert "without me" in visitor_said and "DHL" not in said


def test_c1_one_customer_never_sees_the_order_of_another(gateway: Gateway) -> None:
    """Falls when DemoShop.order no longer compares the customer with the grant's."""
    visitor = customer(gateway, "cust_bruno")
    visitor.ask("where is my order?")
    visitor.ask(ALLOW)
    said = text_of(visitor.ask("where is order FH-204817?"))
    assert "JD014600006228974310" not in said and "Copper Kettle" not in said


def test_c2_a_refusal_is_kept_and_basic_help_goes_on(gateway: Gateway) -> None:
    """Falls when `refused` is taken out of the states in which actions/personal.py does not ask again."""
    visitor = customer(gateway, "cust_ada")
    visitor.ask("where is my order?")
    visitor.ask(REFUSE)
    again = visitor.ask("where is my order?")
    assert all(message["consent_request"] is None for message in again)
    assert "without me" in text_of(again)
    assert "30 days" in text_of(visitor.ask("what is your refund policy"))


@pytest.mark.parametrize("how", ["switch", "words", "中文"])
def test_c2_the_very_next_turn_obeys_a_withdrawal(gateway: Gateway, how: str) -> None:
    """Falls when `clear_revoked` in Router, the append in Consents.withdraw or StandingRequests._withdraw goes."""
    visitor = customer(gateway, "cust_ada")
    # By the switch: consent is the customer's, so a no in another test keeps the assistant from asking here.
    visitor.call("POST", "/consent", {"purpose": "order_history", "choice": "allow"})
    assert "FH-204817" in text_of(visitor.ask("where is my order?"))
    if how == "switch":
        visitor.call("POST", "/consent", {"purpose": "order_history", "choice": "withdraw"})
    else:
        visitor.ask("stop using my orders" if how == "words" else "不要再使用我的订单记录")
    assert state_of(visitor) == "withdrawn"
    assert "FH-204817" not in text_of(visitor.ask("where is my order?"))
    with sqlite3.connect(gateway.data_dir / "engine.db") as engine:
        rows = [row[0] for row in engine.execute("select data from event where sender = ?", (visitor.conversation_id,))]
    assert rows and not any("204817" in row for row in rows)


def test_l1_every_reply_has_its_records_written_before_it(gateway: Gateway) -> None:
    """Falls when `record_all` goes in Answerer.answer or StandingRequests.obey, or comes after what is said."""
    visitor = customer(gateway, "cust_ada")
    ours = ("hello", "where is my order?", ALLOW, "qwzx vbnm", "why did you say that")
    for text in (*ours, "are you a robot?", "stop using my data", "talk to a human"):
        visitor.ask(text)
    with sqlite3.connect(gateway.data_dir / "candor.db") as database:
        replies = database.execute(
            "select reply_to, created_at from message where conversation_id = ? and author = 'assistant'",
            (visitor.conversation_id,),
        ).fetchall()
        assert len(replies) >= 7
        for turn_id, said_at in replies:
            query = "select kind from decision where turn_id = ? and at <= ?"
            before = {kind for (kind,) in database.execute(query, (turn_id, said_at))}
            assert {"request", "answer"} <= before or {"understanding", "action", "answer"} <= before


def test_l2_a_record_that_was_changed_no_longer_fits_its_commitment(gateway: Gateway) -> None:
    """Falls when the commitment in Recorder._rows is over anything less than the whole record."""
    visitor = Visitor(gateway).open()
    visitor.ask("what is your refund policy")
    keyring = Keyring.from_folder(gateway.data_dir)
    database = Database(f"sqlite:///{gateway.data_dir / 'candor.db'}")

    def sealed(session: Any) -> list[tuple[str, bytes]]:
        rows = session.query(DecisionRow).filter_by(conversation_id=visitor.conversation_id).all()
        payloads = [session.get_one(DecisionPayloadRow, row.id) for row in rows]
        return [
            (row.commitment, keyring.open_bytes(session, row.visitor_id, row.id, payload.payload_sealed))
            for row, payload in zip(rows, payloads, strict=True)
        ]

    records = transactions.read(database, sealed)
    database.close()
    assert len(records) == 3
    for commitment, record in records:
        salt, payload = record[:32], json.loads(record[32:])
        assert hashlib.sha256(salt + canonical_json(payload)).hexdigest() == commitment
        for field in payload:
            changed = {**payload, field: "changed"}
            assert hashlib.sha256(salt + canonical_json(changed)).hexdigest() != commitment


@pytest.mark.parametrize("statement", ["update decision set outcome = 'x'", "delete from decision"])
def test_l2_the_database_itself_refuses_to_change_a_record(gateway: Gateway, statement: str) -> None:
    """Falls when the triggers in the first migration go."""
    Visitor(gateway).open().ask("hello")
    with sqlite3.connect(gateway.data_dir / "candor.db") as database, pytest.raises(sqlite3.IntegrityError):
        database.execute(statement)


@pytest.fixture(scope="module")
def talkative(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A Candor that logs all it can, and whose people do not come."""
    need("engine", "model", "web")
    settings = {"CANDOR_LOG_LEVEL": "DEBUG", "CANDOR_HANDOFF_WAIT": "1"}
    gateway = Gateway(tmp_path_factory.mktemp("rules"), settings)
    yield gateway
    if gateway.alive:
        gateway.stop()


def test_h1_the_visitor_is_told_when_nobody_comes_and_can_leave_an_address(talkative: Gateway) -> None:
    """Falls when the call of `expire_due` in bot/app.py goes."""
    talkative.run()
    visitor = Visitor(talkative).open()
    visitor.ask("I want to talk to a person")
    wait_until(lambda: visitor.call("GET").json()["handoff"]["state"] == "expired")
    assert [event["data"]["state"] for event in visitor.events() if event["event"] == "handoff"] == [
        "queued",
        "expired",
    ]
    assert visitor.call("POST", "/contact", {"address": "not an address"}).status_code == 400
    assert visitor.call("POST", "/contact", {"address": "ada@example.org"}).status_code == 204
    assert visitor.call("GET").json()["handoff"]["contact_left"]


@pytest.fixture(scope="module")
def stopped(talkative: Gateway) -> Gateway:
    """A Candor that logged all it could while visitors told it everything, and has ended."""
    talkative.run()
    visitor = customer(talkative, "cust_ada")
    for kind, value in IDENTIFIERS.items():
        visitor.ask(f"my {kind} is {value}, where is my order?")
        visitor.ask(f"我的{value}在哪里")
    visitor.ask(ALLOW)
    visitor.ask("are you a robot, or is 4111-1111-1111-1111 my card?")
    Visitor(talkative).open().ask("my unmistakable zebra sentence, ada.secret@example.org")
    talkative.stop()
    return talkative


def test_p1_the_engine_and_the_logs_hold_no_identifier(stopped: Gateway) -> None:
    """Falls when `masking.mask` in Router.open gives back the text as it came, or a log line quotes one."""
    kept = {path.name: path.read_bytes() for path in stopped.data_dir.iterdir() if path.name.startswith("engine")}
    assert "engine.db" in kept
    kept["output"] = stopped.output.encode()
    for name in kept.keys() - {"engine.db", "engine.db-wal", "engine.db-shm"}:
        assert b"where is my order" not in kept[name], f"{name} holds what the visitor wrote"
    for name, content in kept.items():
        plain = content.decode("utf-8", "replace")
        digits = "".join(c for c in plain if c.isdigit() or c.isalpha())
        for value in (*IDENTIFIERS.values(), "JD014600006228974310", "FH-204817"):
            assert value not in plain, (name, value)
            assert "".join(c for c in value if c.isalnum()) not in digits, (name, value)


def test_p1_the_database_holds_no_visitor_text_in_the_clear(stopped: Gateway) -> None:
    """Falls when Outbox.say or Recorder._rows stores without sealing."""
    kept = {path.name: path.read_bytes() for path in stopped.data_dir.iterdir() if path.name.startswith("candor.db")}
    assert "candor.db" in kept
    for name, content in kept.items():
        assert b"unmistakable zebra" not in content and b"ada.secret" not in content, name
