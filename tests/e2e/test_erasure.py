"""Erasing as a visitor asks for it and as an operator types it; then every file is looked into."""

from __future__ import annotations

import contextlib
import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.db.keyring import load_secret
from bot.shop.identity import issue
from tests.e2e.erasing import erase, rows, secrets_of, spelled, verified, visitor_of, wait_done
from tests.running import STREAM_SECONDS, Gateway, Visitor, read_stream, wait_until

CONTACT = "quillon.v@lighthouse-example.net"
NAME = "Quillon Vandermeersch"
CUSTOMER = "C-QUILLON-55417"
ODD = "my purple umbrella 7391 sings at midnight, what is your refund policy"
ODD_ZH = "我的蓝色乌龟七三九一在屋顶唱歌，怎么退款"
REST_SENDER = "+86 138 0013 8899"
REST_ODD = "the marzipan lighthouse 8842 hums, what is your refund policy"
TYPED = (
    NAME,
    CUSTOMER,
    CONTACT,
    "quillon@zebra-example.org",
    "+44 20 7946 0917",
    "FH-918273",
    "purple umbrella 7391",
    "蓝色乌龟七三九一",
    "the reply about 6628 is wrong",
    REST_SENDER,
    "marzipan lighthouse 8842",
    "client-quillon-1",
)
"""What the visitors type or are, each nowhere else."""
pytestmark = pytest.mark.timeout(400)


def files(gateway: Gateway) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in gateway.data_dir.rglob("*") if path.is_file()}


def where(gateway: Gateway, needles: list[bytes]) -> set[str]:
    """The files that hold one of `needles`, with the needle."""
    return {f"{name}: {n[:24]!r}" for name, content in files(gateway).items() for n in needles if n in content}


def live(gateway: Gateway, records: int = 0) -> Visitor:
    """A visitor who leaves something of everything, and so many records at least."""
    token = issue(load_secret(gateway.data_dir, "identity.key"), CUSTOMER, NAME)
    visitor = Visitor(gateway, identity_token=token).open()
    visitor.send(ODD, "client-quillon-1")
    visitor.ask(ODD_ZH)
    visitor.ask(f"I am {NAME}, quillon@zebra-example.org or +44 20 7946 0917, where is my order FH-918273?")
    assert visitor.call("POST", "/consent", {"purpose": "order_history", "choice": "allow"}).status_code == 200
    visitor.ask("where is my order FH-918273?")
    reply = next(m for m in visitor.messages() if m["author"] == "assistant")
    contest = {"reason": "the reply about 6628 is wrong", "contact": CONTACT}
    assert visitor.call("POST", f"/messages/{reply['id']}/contest", contest).status_code == 201
    assert visitor.call("POST", "/handoff", {}).status_code == 201
    assert visitor.call("POST", "/contact", {"address": CONTACT}).status_code == 204
    theirs = visitor_of(gateway, visitor.conversation_id)
    count = "SELECT count(*) FROM decision WHERE visitor_id = ?"
    while rows(gateway, count, theirs)[0][0] < records:
        for number in range(20):
            visitor.send(f"{number}: {ODD}")
        wait_until(lambda: rows(gateway, "SELECT count(*) FROM message WHERE turn = 'accepted'") == [(0,)])
    return visitor


def rest(gateway: Gateway) -> list[dict[str, Any]]:
    body = {"sender": REST_SENDER, "message": REST_ODD}
    answer = requests.post(f"{gateway.url}/webhooks/rest/webhook", json=body, timeout=30)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def conversation_of_rest(gateway: Gateway) -> str:
    """The one that has not been erased."""
    ((found,),) = rows(gateway, "SELECT id FROM conversation WHERE door = 'rest' AND external_hash IS NOT NULL")
    return str(found)


def test_killed_in_the_middle_of_an_erasure_the_next_start_finishes_it(files_own: Gateway) -> None:
    gateway = files_own
    gateway.run("tests.e2e.dies_while_erasing")
    visitor = Visitor(gateway).open()
    visitor.ask(ODD)
    visitor_id = visitor_of(gateway, visitor.conversation_id)
    secrets, typed = secrets_of(gateway, visitor_id), spelled(ODD)
    erase(gateway, "--visitor", visitor_id)  # it dies before the engine is asked
    assert gateway.process.wait(timeout=60) == -signal.SIGKILL
    with contextlib.suppress(AssertionError):  # and after it has answered, maybe before it says that it is ready
        gateway.start()
    assert gateway.process.wait(timeout=60) == -signal.SIGKILL
    gateway.run()
    wait_done(gateway)
    assert where(gateway, [*typed, *secrets]) == set()
    verified(gateway)


def remembered(gateway: Gateway, conversation_id: str) -> list[str]:
    """Every text that lies in the engine's store of a conversation, but for what its components note for themselves."""
    query = "SELECT data FROM event WHERE sender = ? AND type IN ('user', 'bot', 'slot')"
    with closing(sqlite3.connect(gateway.data_dir / "engine.db", timeout=30)) as database:
        events = [json.loads(data) for (data,) in database.execute(query, (conversation_id,))]
    return [text for event in events for text in (event.get("text"), event.get("value")) if isinstance(text, str)]


def values_of(exported: Any) -> str:
    """All keys and values of an export, as plain text."""
    if isinstance(exported, dict):
        return "\n".join(f"{key}\n{values_of(value)}" for key, value in exported.items())
    return "\n".join(map(values_of, exported)) if isinstance(exported, list) else str(exported)


def test_what_a_search_of_the_files_finds_is_exported_and_after_erasure_by_the_visitor_nothing_is_found(
    own: Gateway,
) -> None:
    gateway = own
    visitor = live(gateway)
    visitor_id = visitor_of(gateway, visitor.conversation_id)
    secrets = secrets_of(gateway, visitor_id)
    found = [value for value in TYPED if where(gateway, spelled(value))]
    assert {"purple umbrella 7391", "蓝色乌龟七三九一"} <= set(found) and NAME not in found
    exported = visitor.call("GET", "/privacy/export").json()
    texts = values_of(exported)
    mine = [value for value in TYPED if value != REST_SENDER and "marzipan" not in value]
    assert [value for value in {*found, *mine} if value not in texts] == []
    kept = remembered(gateway, visitor.conversation_id)
    assert len(kept) > 4 and [text for text in kept if text not in texts] == []

    backup = gateway.data_dir.parent / "a.candor-backup"
    gateway.command("backup", "create", str(backup))
    assert secrets[0].hex().encode() in backup.read_bytes()
    erased = visitor.call("POST", "/privacy/erasure", {"what": "everything"})
    assert erased.status_code == 201, erased.text
    address = f"{gateway.url}/api/erasures/{erased.json()['request_id']}"
    headers = {"Authorization": f"Bearer {erased.json()['receipt_token']}"}

    def receipt() -> dict[str, Any]:
        answer: dict[str, Any] = requests.get(address, headers=headers, timeout=STREAM_SECONDS).json()
        return answer

    wait_until(lambda: receipt()["done_at"] is not None)
    needles = [spelling for value in mine for spelling in spelled(value)]
    assert where(gateway, [*needles, *secrets, visitor.token.encode()]) == set()
    assert receipt()["conversations"] == [visitor.conversation_id]
    stores = {store["store"]: store for store in receipt()["stores"]}
    assert {store["state"] for store in stores.values()} == {"done"}
    assert stores["backups"]["removed"] == {"backups": 1} and secrets[0].hex().encode() not in backup.read_bytes()
    ledger = [json.loads(line) for line in (gateway.data_dir / "erasures.jsonl").read_text().splitlines()]
    noted = [entry["reason"] for entry in ledger if entry["visitor_id"] == visitor_id]
    assert noted == ["visitor_request"] and ledger[-1]["visitor_id"] == visitor_id
    assert visitor.call("GET", "/privacy").status_code == 410
    verified(gateway)


@pytest.mark.parametrize("records", [100, pytest.param(500, marks=pytest.mark.long)])
def test_of_a_visitor_with_many_records_nothing_is_left_in_any_file(own: Gateway, records: int) -> None:
    gateway = own
    bystander = Visitor(gateway).open()
    bystander.ask("what is your refund policy")
    visitor, said = live(gateway, records), rest(gateway)
    rest_conversation = conversation_of_rest(gateway)
    ids = [visitor_of(gateway, visitor.conversation_id), visitor_of(gateway, rest_conversation)]
    secrets = [secret for visitor_id in ids for secret in secrets_of(gateway, visitor_id)]
    hashes = [
        row[0].encode()
        for query in (
            "SELECT hash FROM customer WHERE hash IS NOT NULL",
            "SELECT external_hash FROM conversation WHERE external_hash IS NOT NULL",
            "SELECT value_hash FROM placeholder WHERE value_hash != ''",
            f"SELECT token_hash FROM conversation WHERE id = '{visitor.conversation_id}'",
        )
        for row in rows(gateway, query)
    ]
    typed = [spelling for value in TYPED for spelling in spelled(value)]

    # What is searched for can be found: what was said in the engine's store, keys and ciphertext in ours.
    found = where(gateway, typed)
    assert any(one.startswith("engine.db") and "umbrella" in one for one in found), found
    assert not any("Quillon" in one for one in found), "a name is masked before the engine has it (rule P1)"
    content = b"".join(files(gateway).values())
    assert len(secrets) > records and all(secret in content for secret in secrets)
    assert all(one in content for one in hashes) and len(hashes) >= 5

    told = erase(gateway, "--visitor", ids[0])
    assert f"Visitor {ids[0]} was erased" in told and "The key that locked your data is destroyed" in told
    assert "engine (pending)" in told and "Left to do" in told
    erase(gateway, "--conversation", rest_conversation)
    wait_done(gateway)

    assert where(gateway, typed) == set()
    assert where(gateway, secrets) == set()
    assert where(gateway, hashes) == set()
    assert (gateway.data_dir / "engine.db-wal").stat().st_size == 0
    verified(gateway)
    again = erase(gateway, "--visitor", ids[0])
    assert "Nothing is left to do." in again and "engine (done): The engine has forgotten it." in again

    refused = visitor.call("GET")
    assert (refused.status_code, refused.json()["error"]["code"]) == (410, "erased")
    assert visitor.call("POST", "/messages", {"client_message_id": "x", "text": "hello"}).status_code == 410
    assert said[0]["metadata"]["author"] == "system" and rest(gateway)[0]["text"] == said[0]["text"]
    assert bystander.ask("what is your refund policy")[-1]["author"] == "assistant"

    erase(gateway, "--conversation", conversation_of_rest(gateway))
    wait_done(gateway)
    assert gateway.stop() == 0
    assert where(gateway, [*typed, *secrets]) == set()
    assert not any(value in gateway.output for value in TYPED)


def test_all_visitors_of_a_customer_are_erased_but_for_those_on_hold(gateway: Gateway) -> None:
    secret = load_secret(gateway.data_dir, "identity.key")
    devices = [Visitor(gateway, identity_token=issue(secret, CUSTOMER, NAME)).open() for _ in range(3)]
    for device in devices:
        device.ask("what is your refund policy")
    phone, laptop, held = devices
    insert = (
        "INSERT INTO hold (id, conversation_id, reason, by, at) VALUES ('hld_1', ?, 'Claim 12', 'olga', '2026-11-27')"
    )
    with closing(sqlite3.connect(gateway.data_dir / "candor.db", timeout=30)) as database, database:
        database.execute(insert, (held.conversation_id,))
    told = erase(gateway, "--customer", CUSTOMER)
    assert all(f"Visitor {visitor_of(gateway, one.conversation_id)} was erased" in told for one in (phone, laptop))
    assert f"Kept: {held.conversation_id}, on legal hold: Claim 12" in told
    assert [one.call("GET").status_code for one in devices] == [410, 410, 200]
    wait_done(gateway)
    refused = gateway.command("visitor", "erase", "--customer", CUSTOMER, "--reason", "operator", code=2)
    assert "legal hold" in refused and "Claim 12" in refused


def test_a_chat_that_is_open_ends(gateway: Gateway) -> None:
    visitor = Visitor(gateway).open()
    visitor.ask("what is your refund policy")
    stream = read_stream(visitor, 0, STREAM_SECONDS)
    assert [next(stream)["event"] for _ in range(2)] == ["message", "message"]
    erase(gateway, "--conversation", visitor.conversation_id)
    assert list(stream) == []
    assert visitor.call("GET", "/events").status_code == 410


@pytest.mark.long
def test_after_a_crash_an_erasure_needs_no_gateway_and_is_finished_at_the_next_start(own: Gateway) -> None:
    gateway = own
    visitor = Visitor(gateway).open()
    visitor.ask(ODD)
    visitor_id = visitor_of(gateway, visitor.conversation_id)
    secrets, typed = secrets_of(gateway, visitor_id), [*spelled("umbrella 7391"), *spelled(ODD)]
    engine = gateway.engine_pid()
    gateway.kill()
    wait_until(lambda: not Path(f"/proc/{engine}").exists())
    assert {one.partition(":")[0] for one in where(gateway, secrets)} & {"candor.db", "candor.db-wal"}

    told = erase(gateway, "--visitor", visitor_id)
    assert "at its next start" in told
    assert where(gateway, secrets) == set()
    assert {one.partition(":")[0] for one in where(gateway, typed)} <= {"engine.db", "engine.db-wal"}
    assert where(gateway, typed) != set()

    gateway.start()
    wait_done(gateway)
    assert where(gateway, [*typed, *secrets]) == set()
    verified(gateway)


def test_keys_are_rotated_beside_a_running_candor(gateway: Gateway) -> None:
    visitor = Visitor(gateway).open()
    visitor.ask("what is your refund policy")
    master = (gateway.data_dir / "master.key").read_text()
    payloads = "SELECT decision_id, payload_sealed FROM decision_payload ORDER BY decision_id LIMIT 20"
    before = rows(gateway, payloads)
    assert "master.key holds a new key" in gateway.command("keys", "rotate")
    assert (gateway.data_dir / "master.key").read_text() != master
    assert rows(gateway, payloads)[: len(before)] == before
    assert visitor.ask("what is your refund policy")[-1]["author"] == "assistant"
    assert Visitor(gateway).open().ask("what is your refund policy")[-1]["author"] == "assistant"
