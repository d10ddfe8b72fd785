"""What real visitors typed, through the REST door: no error, no reply without its records."""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.running import Gateway
from tests.tools import ROOT, need

DATA = ROOT.parent / "shared" / "benchmarks"
FILES = {
    "support_intents/dev.csv": "text",
    "hint3/curekart_dev.csv": "sentence",
    "hint3/powerplay11_dev.csv": "sentence",
    "hint3/sofmattress_dev.csv": "sentence",
}
IN_A_CONVERSATION = 5
UNRECORDED = """
  select count(*) from message reply where reply.author = 'assistant' and (
    reply.reply_to is null
    or (select count(distinct kind) from decision where turn_id = reply.reply_to and at <= reply.created_at
        and kind in ('understanding', 'action', 'answer')) < 3
    and (select count(distinct kind) from decision where turn_id = reply.reply_to and at <= reply.created_at
        and kind in ('request', 'answer')) < 2)
"""
UNSAID = """
  select count(*) from decision where kind = 'answer' and not exists (
    select 1 from message where reply_to = decision.turn_id and created_at >= decision.at)
"""


def texts(name: str) -> list[str]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        found = [row[FILES[name]] for row in csv.DictReader(file)]
    return [text for text in found if text.strip()]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    need("engine", "model")
    if not DATA.is_dir():
        # The data belongs to whoever measures, not to the project: without it there is nothing to fail.
        raise pytest.skip.Exception(f"missing: the benchmarks folder {DATA.name}", allow_module_level=True)
    gateway = Gateway(tmp_path_factory.mktemp("real"), {"CANDOR_HANDOFF_WAIT": "86400"}).start()
    yield gateway
    gateway.stop()


def converse(gateway: Gateway, name: str, start: int, batch: list[str]) -> list[str]:
    """One conversation; gives what went wrong."""
    wrong = []
    for text in batch:
        body = {"sender": f"{name}:{start}", "message": text}
        answer = requests.post(f"{gateway.url}/webhooks/rest/webhook", json=body, timeout=60)
        if answer.status_code != 200 or not answer.json():
            wrong.append(f"{name} row {start}: {answer.status_code}")
    return wrong


def shares(gateway: Gateway) -> dict[str, Counter[str]]:
    """By file: how many turns were understood, not understood, handed off, failed."""
    counts: dict[str, Counter[str]] = {}
    with sqlite3.connect(gateway.data_dir / "candor.db") as database:
        for kind, intent, turns in database.execute(
            "select kind, intent, count(*) from decision group by kind, intent"
        ):
            counts.setdefault(kind, Counter())[intent] += turns
    return counts


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", FILES)
def test_every_message_is_answered_and_every_answer_recorded(gateway: Gateway, name: str) -> None:
    before = shares(gateway)
    everything = texts(name)
    batches = [(n, everything[n : n + IN_A_CONVERSATION]) for n in range(0, len(everything), IN_A_CONVERSATION)]
    with ThreadPoolExecutor(4) as pool:
        wrong = [w for found in pool.map(lambda b: converse(gateway, name, *b), batches) for w in found]
    assert wrong == []
    with sqlite3.connect(gateway.data_dir / "candor.db") as database:
        assert database.execute(UNRECORDED).fetchone() == (0,), "a reply was said before its record, or without one"
        assert database.execute(UNSAID).fetchone() == (0,)
        assert database.execute("select count(*) from message where turn = 'accepted'").fetchone() == (0,)
    print(f"\n{name}: {report(before, shares(gateway), len(everything))}")


def report(before: dict[str, Counter[str]], after: dict[str, Counter[str]], sent: int) -> str:
    def new(kind: str) -> Counter[str]:
        return after.get(kind, Counter()) - before.get(kind, Counter())

    understood = new("understanding")
    unclear, outside = understood.pop("nlu_fallback", 0), understood.pop("out_of_scope", 0)
    handed, failed = sum(new("handoff").values()), sum(new("failure").values())
    return (
        f"{sent} messages, understood {sum(understood.values()) / sent:.1%}, out of scope {outside / sent:.1%}, "
        f"not understood {unclear / sent:.1%}, handoffs {handed / sent:.1%}, failures {failed}"
    )
