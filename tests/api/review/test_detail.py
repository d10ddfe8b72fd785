"""One record opened: what can be recomputed from it, its proof, its personal data, its times, its erasure."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from bot.api import error_handlers
from bot.api.review.router import router
from bot.api.staff_auth import COOKIE
from bot.core.ids import new_id, now
from bot.core.messages import Author
from bot.core.settings import Settings
from bot.db import Database, Keyring
from bot.db.models import ConsentRow, DecisionPayloadRow, DecisionRow
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.offline import make_sequencer
from bot.oversight.reviews import NewReview, Verdict
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.service import Eraser
from bot.services import build
from bot.staff.accounts import create
from bot.staff.sessions import open_session
from bot.transparency_log.leaf import leaf_data
from bot.transparency_log.merkle import leaf_hash, verify_inclusion
from tests.api.review.console import Console, make_console
from tests.decisions.turns import context, gate, reply, take_turn
from tests.http import serve
from tests.parts import Parts
from tests.scripted import ScriptedEngine
from tests.transparency_log.many import fill


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    with make_console(tmp_path_factory.mktemp("detail")) as console:
        yield console


def turn(console: Console, text: str = "Where is my order?") -> tuple[str, str, dict[str, str]]:
    """A conversation with one turn: its id, the answer's, and its records' ids by kind."""
    conversation = console.parts.conversation()
    answer = take_turn(console.parts, conversation, reply(), text)
    return conversation, answer, kinds(console.parts, conversation)


def kinds(parts: Parts, conversation: str) -> dict[str, str]:
    return {record["kind"]: record["decision_id"] for record in parts.records(conversation)}


def erase(parts: Parts, conversation: str) -> Any:
    eraser = Eraser(parts.keyring, parts.recorder, parts.handoffs, parts.settings.data_dir)
    visitor = parts.row(conversation).visitor_id
    return parts.write(lambda s: eraser.erase(s, visitor, Reason.VISITOR_REQUEST, "test"))


def test_commitment_and_leaf_can_be_made_again_from_what_is_shown(console: Console) -> None:
    _, _, ids = turn(console)
    console.seal()
    found = console.get(f"/decisions/{ids['answer']}")
    salted = bytes.fromhex(found["salt"]) + found["payload"].encode()
    assert hashlib.sha256(salted).hexdigest() == found["commitment"]
    assert found["header"].splitlines()[-1] == found["commitment"]
    assert json.loads(found["payload"])["result"]["texts"] == ["It is on its way."]
    proof = console.get(f"/decisions/{ids['answer']}/proof")
    leaf = leaf_hash(leaf_data(found["header"]))
    path, root = [bytes.fromhex(one) for one in proof["path"]], bytes.fromhex(proof["root"])
    assert leaf.hex() == proof["leaf_hash"] and proof["leaf_index"] == found["leaf_index"]
    assert verify_inclusion(proof["leaf_index"], proof["tree_size"], leaf, path, root)
    assert proof["verifier_key"] == console.get("/log")["verifier_key"]


def test_a_record_of_this_second_has_no_proof_yet(console: Console) -> None:
    _, _, ids = turn(console)
    for path, status, code in ((ids["answer"], 409, "not_sealed_yet"), ("dec_none", 404, "not_found")):
        response = console.call(f"/decisions/{path}/proof")
        assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_the_personal_data_of_a_turn_stands_with_its_consent(console: Console) -> None:
    conversation, answer, ids = turn(console)
    parts = console.parts
    consent = parts.write(lambda s: _consent(s, parts, conversation))
    turn_id = parts.records(conversation)[0]["turn_id"]
    parts.record(replace(gate(parts, conversation, turn_id, None), consent_record_id=consent))
    refused = replace(gate(parts, conversation, turn_id, "withdrawn"), categories=("secret",))
    parts.record(refused)
    found = console.get(f"/decisions/{ids['answer']}")["personal"]
    assert [one["category"] for one in found] == ["order_status", "delivery"]
    assert found[0] == {
        "category": "order_status",
        "category_title": "order status",
        "purpose": "order_history",
        "purpose_title": "Use your order history",
        "consent_record_id": consent,
        "consent_state": "given",
        "consent_at": found[0]["consent_at"],
        "lawful_basis": "consent",
    }
    assert found[0]["consent_at"].endswith("+00:00")


def _consent(session: Any, parts: Parts, conversation: str) -> str:
    row = ConsentRow(
        id=new_id("cns"),
        subject=parts.row(conversation).visitor_id,
        visitor_id=parts.row(conversation).visitor_id,
        conversation_id=conversation,
        purpose="order_history",
        state="ConsentGiven",
        at=now(),
        valid_until=None,
        notice="order_history/1",
        terms="0" * 64,
        language="en",
        evidence={},
    )
    session.add(row)
    return row.id


def test_an_answer_without_personal_data_says_so(console: Console) -> None:
    assert console.get(f"/decisions/{turn(console)[2]['answer']}")["personal"] == []


def test_the_waterfall_shows_the_turns_steps_and_what_fell_between_them(console: Console) -> None:
    parts = console.parts
    conversation = parts.conversation()
    message = parts.say(conversation, Author.VISITOR, "Hi")
    steps = {"wait": [0.0, 1.5], "mask": [1.5, 2.0], "think": [3.5, 9000.0], "record": [9003.5, 4.0]}
    timed = replace(context(parts, conversation, message).decision(Kind.ANSWER, "utter_hello"), timing=steps)
    time.sleep(0.01)  # a gate while it thinks, on the quickest machine too
    parts.record(gate(parts, conversation, message, None))
    answer = parts.record(timed)[0]
    found = console.get(f"/decisions/{answer}")["waterfall"]
    assert [one["name"] for one in found] == ["wait", "mask", "think", "gate", "record"]
    assert [(one["start_ms"], one["ms"]) for one in found if one["name"] in steps] == list(map(tuple, steps.values()))
    mark = found[3]
    assert 3.5 <= mark["start_ms"] < 9003.5 and mark["ms"] == 0 and mark["title"] == "Consent gate: allowed"
    assert [one["title"] for one in found[:3]] == ["Wait for earlier turns", "Route and mask", "Think"]


def test_a_record_without_times_has_no_steps(console: Console) -> None:
    found = console.get(f"/decisions/{turn(console)[2]['answer']}")["waterfall"]
    assert [one["name"] for one in found] == ["action"]
    stop = console.parts.record(Decision(Kind.STOP, "", "", None, outcome="stopped"))[0]
    assert console.get(f"/decisions/{stop}")["waterfall"] == []


def test_an_erased_record_says_when_and_why_and_still_has_its_proof(console: Console) -> None:
    conversation, _, ids = turn(console, "Erase my words")
    console.seal()
    row = erase(console.parts, conversation)
    found = console.get(f"/decisions/{ids['answer']}")
    assert found["erasure"] == {
        "at": row.begun_at.isoformat(),
        "reason": "visitor_request",
        "record_id": row.record_id,
    }
    assert (found["salt"], found["payload"], found["damaged"]) == (None, None, False)
    assert found["explanation"]["title"] == "Erased" and "It is on its way" not in str(found)
    proof = console.get(f"/decisions/{ids['answer']}/proof")
    assert leaf_hash(leaf_data(found["header"])).hex() == proof["leaf_hash"]
    told = console.get(f"/decisions/{row.record_id}")
    assert told["erasure"] is None and "the visitor asked for it" in told["explanation"]["text"]
    assert console.get(f"/decisions/{ids['answer']}/conversation")["erased"] is True


def test_a_record_whose_content_was_tampered_with_is_shown_as_damaged(console: Console) -> None:
    """A changed byte is not an erasure: that would be the tamperer's excuse."""
    ids = turn(console)[2]
    where = DecisionPayloadRow.decision_id == ids["answer"]
    sealed = console.parts.read(lambda s: s.scalar(select(DecisionPayloadRow.payload_sealed).where(where)))
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    console.parts.write(lambda s: s.execute(update(DecisionPayloadRow).where(where).values(payload_sealed=changed)))
    found = console.get(f"/decisions/{ids['answer']}")
    assert found["damaged"] is True and found["erasure"] is None and found["payload"] is None
    assert found["explanation"]["title"] == "Cannot be read"
    assert console.get(f"/decisions/{ids['action']}")["damaged"] is False


def test_reviews_and_the_contest_stand_with_the_decision(console: Console) -> None:
    conversation, answer, ids = turn(console)
    parts = console.parts
    parts.write(lambda s: parts.contests.open(s, parts.row(conversation), answer, "That is not true"))
    new = NewReview(Verdict.WRONG, "tone", correct_answer="It is late.", note="Rude.")
    parts.write(lambda s: parts.reviews.add(s, parts.people["ruth"], ids["answer"], new))
    found = console.get(f"/decisions/{ids['answer']}")
    assert [(one["reviewer"], one["verdict"], one["note"]) for one in found["reviews"]] == [("Ruth", "wrong", "Rude.")]
    assert (found["contest"]["state"], found["contest"]["reason"]) == ("open", "That is not true")
    assert [one["kind"] for one in found["turn"]] == ["understanding", "action", "answer", "contest"]
    assert console.get(f"/decisions/{ids['action']}")["contest"] is None


def test_the_conversation_shows_what_was_said_and_decided_in_order(console: Console) -> None:
    conversation, _, ids = turn(console, "Where is order FH-204817?")
    found = console.get(f"/decisions/{ids['action']}/conversation")
    assert [(one["author"], one["text"]) for one in found["messages"]] == [
        ("visitor", "Where is order FH-204817?"),
        ("assistant", "It is on its way."),
    ]
    assert set(found["messages"][0]) == {"id", "author", "author_name", "text", "created_at", "reply_to"}
    assert found["messages"][1]["reply_to"] == found["messages"][0]["id"]
    assert [one["kind"] for one in found["decisions"]] == ["understanding", "action", "answer"]
    assert (found["conversation_id"], found["language"], found["erased"]) == (conversation, "en", False)


def test_a_record_about_nobody_has_no_conversation(console: Console) -> None:
    stop = console.parts.record(Decision(Kind.STOP, "", "", None, outcome="stopped"))[0]
    for name in (stop, "dec_none", "%00"):
        assert console.call(f"/decisions/{name}/conversation").status_code == 404


def test_the_logs_state_tells_what_waits_and_what_is_wrong(console: Console) -> None:
    turn(console)
    console.seal()
    turn(console)
    found = console.get("/log")
    assert found["pending"] == 3 and found["trouble"] is None
    assert found["checkpoint"].splitlines()[1] == str(found["size"]) and found["sealed_at"].endswith("+00:00")
    console.parts.sequencer.trouble = "The log was set back."
    assert console.get("/log")["trouble"] == "The log was set back."
    console.parts.sequencer.trouble = None
    console.seal()
    assert console.get("/log")["pending"] == 0
    assert console.get("/log")["size"] == console.parts.read(lambda s: len(s.scalars(select(DecisionRow.id)).all()))


def test_on_both_databases_a_record_opens_with_its_conversation_and_proof(
    any_database: Database, settings: Settings
) -> None:
    keyring = Keyring.from_folder(settings.data_dir)
    fill(any_database, keyring, make_sequencer(settings), 60)
    with any_database.transaction() as session:
        token = open_session(session, create(session, "ruth", "Ruth", ["reviewer"], "a long one").id)

    def app() -> FastAPI:
        made = FastAPI()
        made.state.services = build(settings, any_database, ScriptedEngine())
        error_handlers.install(made)
        made.include_router(router)
        return made

    with serve(app) as base:
        console = Console(base, None, f"{COOKIE}={token}")  # type: ignore[arg-type]
        chosen = console.ids(kind="answer")[0]
        found, said = console.get(f"/decisions/{chosen}"), console.get(f"/decisions/{chosen}/conversation")
        assert found["damaged"] is False and json.loads(found["payload"])["decision_id"] == chosen
        assert {"visitor", "assistant"} <= {one["author"] for one in said["messages"]}
        assert [one["name"] for one in found["waterfall"]][0] == "accept"
        leaf = leaf_hash(leaf_data(found["header"])).hex()
        assert console.get(f"/decisions/{chosen}/proof")["leaf_hash"] == leaf
        assert [one["outcome"] for one in console.find(kind="access")["decisions"]][:2] == [
            "read:conversation",
            "read:decision",
        ]
        *records, last = console.lines()
        assert [one["leaf_index"] for one in records] == list(range(60)) and last["checkpoint"]
        for path in ("/decisions/%00", "/decisions/%00/proof", "/decisions/%00/conversation"):
            assert console.call(path).status_code == 404
