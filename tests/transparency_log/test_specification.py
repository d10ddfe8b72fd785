"""docs/reference/spec/decision-record.md describes the format, completely enough to verify the log without our code."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.ids import now
from bot.core.messages import Author
from bot.core.settings import ROOT, Settings
from bot.db import Database
from bot.db.models import ConversationRow, CorrectionRow, DecisionPayloadRow, DecisionRow, MessageRow
from bot.decisions.kinds import DECISIONS, Kind
from bot.oversight.corrections import Ruling
from bot.oversight.reviews import NewReview, Verdict
from bot.privacy.data_subject import data_subject_of
from bot.privacy.erasure.reasons import Reason
from bot.privacy.legal_holds import hold, release
from bot.privacy.rectification import correct
from bot.services import Services, build
from bot.transparency_log.leaf import FIELDS, SCHEMA, header_text
from bot.transparency_log.log_export import verify_export
from bot.transparency_log.repository import newest
from tests import transactions
from tests.parts import PEOPLE, _person
from tests.playing import ask, disclosed_conversation
from tests.scripted import ScriptedEngine
from tests.transparency_log import independent
from tests.transparency_log.example import FOLDER, files
from tests.transparency_log.independent import Wrong

SPEC = ROOT / "docs" / "reference" / "spec" / "decision-record.md"
VALIDATOR = Draft202012Validator(json.loads(SPEC.with_name("decision-record.schema.json").read_text("utf-8")))


def read(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


VALUES: dict[str, Any] = json.loads(read("values.json"))
KEY: str = VALUES["verifier_key"]
BEFORE, AFTER = read("records.jsonl"), read("records-after-erasure.jsonl")
RECORDS: list[dict[str, Any]] = [json.loads(line) for line in BEFORE.splitlines()[:3]]


# The worked example.


def test_the_example_is_what_our_code_makes() -> None:
    """`python -m tests.transparency_log.example` writes it anew; then bring the document up to date as well."""
    assert {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()} == files()


def test_the_examples_hashes_are_recomputed_with_nothing_of_ours() -> None:
    leaves = [independent.leaf_hash(record["header"]) for record in RECORDS]
    for record, leaf, value in zip(RECORDS, leaves, VALUES["leaves"], strict=True):
        salt = sha256(f"salt {record['leaf_index']}".encode()).digest()
        assert salt.hex() == record["salt"]
        assert sha256(salt + record["payload"].encode()).hexdigest() == value["commitment"]
        assert sha256(record["header"].encode()).hexdigest() == value["leaf_data"]
        assert leaf.hex() == value["leaf_hash"]
        assert record["header"].endswith(f"\n{value['commitment']}\n")
    roots = [independent.root(leaves[:size]) for size in range(4)]
    assert [root.hex() for root in roots] == VALUES["roots"]
    first, last = (bytes.fromhex(step) for step in VALUES["inclusion_of_leaf_1_in_3"])
    assert independent.node_hash(independent.node_hash(first, leaves[1]), last) == roots[3]
    (step,) = (bytes.fromhex(step) for step in VALUES["consistency_of_2_and_3"])
    assert independent.node_hash(roots[2], step) == roots[3]
    for size in (2, 3):
        assert independent.open_checkpoint(read(f"checkpoint-{size}.txt"), KEY) == (size, roots[size])


def test_the_example_verifies_before_and_after_the_erasure_by_the_documents_steps() -> None:
    kept = (read("checkpoint-2.txt"), read("checkpoint-3.txt"))
    assert independent.verify(BEFORE, KEY, *kept) == 0
    assert independent.verify(AFTER, KEY, *kept) == 2


@pytest.mark.parametrize("name", ["records.jsonl", "records-after-erasure.jsonl"])
def test_the_example_verifies_by_our_own_command(name: str) -> None:
    report = verify_export(FOLDER / name, KEY)
    assert (report.ok, report.size) == (True, 3)


def _lines(*records: dict[str, Any]) -> str:
    last = json.loads(BEFORE.splitlines()[-1])
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in (*records, last))


def _with(number: int, **changes: Any) -> str:
    return _lines(*({**record, **changes} if at == number else record for at, record in enumerate(RECORDS)))


TAMPERED: dict[str, tuple[str, str]] = {
    "a record is gone": ("3", _lines(RECORDS[0], RECORDS[2])),
    "the end is cut off": ("3", _lines(RECORDS[0], RECORDS[1])),
    "two changed places": ("3", _lines(RECORDS[1], RECORDS[0], RECORDS[2])),
    "two changed places and numbers": (
        "5",
        _lines({**RECORDS[1], "leaf_index": 0}, {**RECORDS[0], "leaf_index": 1}, RECORDS[2]),
    ),
    "a line feed in a field": ("4", _with(0, header=RECORDS[0]["header"].replace("dec_", "dec\n_"))),
    "an unknown version": ("4", _with(0, header=RECORDS[0]["header"].replace("leaf/1", "leaf/2"))),
    "another outcome": ("5", _with(1, header=RECORDS[1]["header"].replace("sign_in_first", "refund_policy"))),
    "back-dated": ("5", _with(2, header=RECORDS[2]["header"].replace("12:50", "12:49"))),
    "another payload": ("6", _with(0, payload=RECORDS[0]["payload"].replace("ORDER_1", "ORDER_2"))),
    "another salt": ("6", _with(0, salt="00" * 32)),
    "a payload removed and no erasure of this record": ("6", _with(2, payload=None, salt=None)),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_tampered_example_is_refused_at_the_step_that_the_document_names(what: str) -> None:
    step, export = TAMPERED[what]
    with pytest.raises(Wrong, match=step):
        independent.verify(export, KEY)


def test_a_payload_that_is_missing_without_an_erasure_on_record_was_removed() -> None:
    """The log as it was at two records: nothing says that the visitor was erased."""
    line = json.dumps({"checkpoint": read("checkpoint-2.txt"), "verifier_key": KEY})
    blank = [json.dumps({**record, "salt": None, "payload": None}) for record in RECORDS[:2]]
    with pytest.raises(Wrong, match="6"):
        independent.verify("\n".join([*blank, line]), KEY)


def test_the_document_quotes_the_example() -> None:
    text = SPEC.read_text("utf-8")
    blocks = [_indented(record["header"]) for record in RECORDS]
    blocks += [_indented(read(f"checkpoint-{size}.txt")) for size in (2, 3)]
    blocks += [f"\n{RECORDS[0]['payload']}\n", _indented(KEY)]
    blocks += [_indented("\n".join(VALUES[name])) for name in ("inclusion_of_leaf_1_in_3", "consistency_of_2_and_3")]
    blocks += [record["salt"] for record in RECORDS] + [_indented(root) for root in VALUES["roots"][2:]]
    blocks += [f"commitment  {VALUES['leaves'][0]['commitment']}"]
    for leaf in VALUES["leaves"]:
        blocks += [f"leaf data   {leaf['leaf_data']}", f"leaf hash   {leaf['leaf_hash']}"]
    assert [block for block in blocks if block not in text] == []
    quoted = set(re.findall(r"\b[0-9a-f]{64}\b", text))
    known = set(re.findall(r"\b[0-9a-f]{64}\b", read("values.json"))) | {record["salt"] for record in RECORDS}
    assert quoted <= known, "the document holds a hash that is not the example's"


def _indented(text: str) -> str:
    lines = text.rstrip("\n").split("\n")
    return "\n" + "\n".join(f"    {line}".rstrip() for line in lines) + "\n"


# The document's tables.


def _section(title: str) -> str:
    return SPEC.read_text("utf-8").split(f"\n## {title}")[1].split("\n## ")[0]


def test_the_document_lists_the_headers_fields_in_their_order() -> None:
    rows = re.findall(r"^\| (\d+) \| (?:`(\w+)`)? *\|", _section("3. The header"), re.MULTILINE)
    assert [(int(number), name) for number, name in rows] == list(enumerate(["", *FIELDS], 1))
    assert SCHEMA in _section("3. The header")


def test_the_document_lists_the_payloads_members() -> None:
    cells = re.findall(r"^\| (`.*?) \|", _section("4. The payload"), re.MULTILINE)
    assert sorted(re.findall(r"`([^`]+)`", " ".join(cells))) == sorted(VALIDATOR.schema["properties"])
    assert sorted(VALIDATOR.schema["required"]) == sorted(VALIDATOR.schema["properties"])


def test_document_and_schema_list_the_kinds() -> None:
    named = re.findall(r"^\| `(\w+)` \|", _section("5. Kinds"), re.MULTILINE)
    assert [name for name in named if name != "kind"] == list(Kind)
    definitions = VALIDATOR.schema["$defs"]
    assert definitions["decision_of_the_software"]["enum"] == list(DECISIONS)
    assert definitions["act_of_a_person"]["enum"] == [kind for kind in Kind if kind not in DECISIONS]


# The schema.


def faults(payload: Any) -> list[str]:
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in VALIDATOR.iter_errors(payload)]


def test_the_schema_is_one_and_takes_the_example() -> None:
    Draft202012Validator.check_schema(VALIDATOR.schema)
    assert [faults(json.loads(record["payload"])) for record in RECORDS] == [[], [], []]


WRONG: dict[str, Callable[[dict[str, Any]], object]] = {
    "another version": lambda p: p.update(schema="candor/decision/2"),
    "an unknown member": lambda p: p.update(more=1),
    "an unknown kind": lambda p: p.update(kind="guess"),
    "too sure": lambda p: p.update(confidence=1.01),
    "confidence in words": lambda p: p.update(confidence="high"),
    "no time zone": lambda p: p.update(timestamp="2026-03-24T09:30:05.210734"),
    "another time zone": lambda p: p.update(timestamp="2026-03-24T09:30:05.210734+01:00"),
    "milliseconds": lambda p: p.update(timestamp="2026-03-24T09:30:05.210+00:00"),
    "a line feed in the outcome": lambda p: p.update(outcome="allowed\n"),
    "a line feed in the intent": lambda p: p.update(intent="a\nb"),
    "no outcome": lambda p: p.update(outcome=""),
    "a long outcome": lambda p: p.update(outcome="x" * 97),
    "input that is a text": lambda p: p.update(input="Where is my order?"),
    "a ranking without names": lambda p: p.update(alternatives=[{"confidence": 0.5}]),
    "a review by software": lambda p: p.update(kind="review"),
    "an access by software": lambda p: p.update(kind="access", human_involvement="decided by a person"),
    "an erasure of nobody": lambda p: p.update(
        kind="erasure", automation_level="decided by a person", human_involvement="decided by a person", requested_by=""
    ),
    "a pointer that is none": lambda p: p.update(masked=["input.text"]),
    "a step without its length": lambda p: p.update(timing={"mask": [1.0]}),
    "a step before the message": lambda p: p.update(timing={"mask": [-1.0, 1.0]}),
    **{f"without {name}": lambda p, name=name: p.pop(name) for name in VALIDATOR.schema["required"]},
}


@pytest.mark.parametrize("what", WRONG)
def test_the_schema_refuses(what: str) -> None:
    payload = json.loads(RECORDS[0]["payload"])
    assert faults(payload) == []
    WRONG[what](payload)
    assert faults(payload) != []


# Real records of every kind.


def test_real_records_of_every_kind_are_as_the_document_says(
    settings: Settings, any_database: Database, tmp_path: Path
) -> None:
    """Made by the parts that make them: valid by the schema, and their export verifies by the document's steps."""

    async def run() -> Services:
        services = build(settings, any_database, ScriptedEngine())
        await _turns(services, any_database, settings)
        await services.turns.queue.drain(5)
        return services

    services = asyncio.run(run())
    visitor = transactions.write(any_database, lambda s: _people(s, services))
    _seal(any_database, services)
    kept = transactions.read(any_database, newest)
    assert kept is not None
    transactions.write(any_database, lambda s: services.eraser.erase(s, visitor, Reason.VISITOR_REQUEST, "olga"))
    _seal(any_database, services)
    export = transactions.read(any_database, lambda s: _export(s, services))
    key = services.sequencer.signer.verifier_key
    assert independent.verify(export, key, kept.note) > 5
    path = tmp_path / "export.jsonl"
    path.write_text(export, "utf-8")
    assert verify_export(path, key).integrity.as_json()["list"] == []
    assert {json.loads(line)["header"].split("\n")[3] for line in export.splitlines()[:-1]} == set(Kind)


async def _turns(services: Services, database: Database, settings: Settings) -> None:
    """What the software decides, up to a request for a human."""
    conversation_id = transactions.write(database, lambda s: disclosed_conversation(s, settings))
    turn_id = await ask(services, conversation_id, "What is your refund policy? I am ada@example.org")
    await ask(services, conversation_id, "qwertz")
    await services.gate.ask(database, conversation_id, "order_history", turn_id)
    services.engine.down = True  # type: ignore[attr-defined]
    await ask(services, conversation_id, "refund?")
    await ask(services, conversation_id, "/request_human")


def _people(session: Session, services: Services) -> str:
    """What people do about it; the visitor. Each payload on the way is valid."""
    people = {login: _person(session, login, name, roles) for login, name, roles in PEOPLE}
    conversation = session.scalars(select(ConversationRow)).one()
    reply = session.scalars(
        select(MessageRow).where(MessageRow.author == Author.ASSISTANT).order_by(MessageRow.created_at)
    ).first()
    understood = session.scalars(select(DecisionRow).where(DecisionRow.kind == Kind.UNDERSTANDING)).first()
    assert reply is not None and understood is not None
    contest, _ = services.contests.open(session, conversation, reply.id, "That is not true", "ada@example.org")
    services.contests.decide(session, people["ruth"], contest.id, "overturned", "You are right, I am sorry.", False)
    review = NewReview(Verdict.WRONG, "wrong_intent", correct_intent="delivery_time", note="No", example="how long")
    services.reviews.add(session, people["sam"], understood.id, review)
    correction = session.scalars(select(CorrectionRow)).one()
    ruling = Ruling(accept=False, note="Too short")
    services.corrections.decide(session, people["olga"], correction.id, ruling)
    stop, _ = services.stops.start(session, people["olga"], None, "A test")
    services.stops.end(session, people["olga"], stop.id)
    services.access_log.decision(session, people["ruth"], understood, "audit")
    mine = data_subject_of(session, conversation)
    correct(session, services.keyring, services.recorder, mine, f"{contest.id}.contact", "ada@example.com", "en")
    release(session, services.recorder, hold(session, services.recorder, conversation.id, "A claim", "olga").id, "olga")
    session.flush()
    found = [json.loads(line) for line in _export(session, services).splitlines()[:-1]]
    assert {one["decision_id"]: faults(one) for one in _payloads(found) if faults(one)} == {}
    assert {one["kind"] for one in _payloads(found)} == set(Kind) - {Kind.ERASURE}
    return conversation.visitor_id


def _payloads(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [json.loads(record["payload"]) for record in records]


def _seal(database: Database, services: Services) -> None:
    while transactions.write(database, services.sequencer.seal) is not None:
        continue
    assert (
        transactions.read(
            database, lambda s: s.scalars(select(DecisionRow).where(DecisionRow.leaf_index.is_(None))).all()
        )
        == []
    )


def _export(session: Session, services: Services) -> str:
    """As section 8 says, straight from the tables."""
    rows = session.scalars(select(DecisionRow).order_by(DecisionRow.leaf_index, DecisionRow.at)).all()
    lines = []
    for row in rows:
        found = services.recorder.open(session, session.get_one(DecisionPayloadRow, row.id))
        salt, payload = (found[0].hex(), found[1].decode()) if found else (None, None)
        lines.append({"header": header_text(row), "salt": salt, "payload": payload, "leaf_index": row.leaf_index})
    checkpoint = newest(session)
    note = checkpoint.note if checkpoint else ""
    lines.append({"checkpoint": note, "verifier_key": services.sequencer.signer.verifier_key})
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def test_an_erasures_record_is_valid_and_outlives_it(settings: Settings, database: Database) -> None:
    async def run() -> Services:
        services = build(settings, database, ScriptedEngine())
        await ask(services, transactions.write(database, lambda s: disclosed_conversation(s, settings)), "refund?")
        return services

    services = asyncio.run(run())

    def work(session: Session) -> list[dict[str, Any]]:
        visitor = session.scalars(select(ConversationRow)).one().visitor_id
        services.eraser.erase(session, visitor, Reason.RETENTION, "candor erase")
        session.flush()
        records = [json.loads(line) for line in _export(session, services).splitlines()[:-1]]
        return _payloads([record for record in records if record["payload"] is not None])

    (payload,) = transactions.write(database, work)
    assert (payload["kind"], payload["outcome"], faults(payload)) == ("erasure", "erased:retention", [])
    assert payload["timestamp"] <= now().isoformat()
