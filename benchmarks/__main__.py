"""Measures turns through the REST door with everything on, against the bot of `rasa init` in plain Rasa, in one run.

Both servers run at the same time, and every comparison takes turns between them, so that a busy machine slows both.

usage: make bench [ARGS="--turns 300 --long 1000"]
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks.rasa_init import TEXTS as THEIR_TEXTS
from benchmarks.rasa_init import plain_rasa
from benchmarks.served import Served, connect, served

TEXTS = (
    "Hello!",
    "what can i do if my parcel is late",
    "I want my money back",
    "can you ship to switzerland?",
    "我的订单到哪里了？",
    "I'd like to talk about something else",
    "how do i reset my password",
    "do you take paypal",
)
PER_CONVERSATION = 5
WARM_UP = 20
AT_ONCE = (8, 32)
AROUND = 25
"""Turns around the tenth and around the last of a long conversation whose median is taken."""
IDLE_SECONDS = 10
Talk = Callable[[], float]
"""Takes the next turn; returns its milliseconds."""


def talk(port: int, texts: Sequence[str], turns: int = PER_CONVERSATION) -> Talk:
    """Somebody who talks through the REST door over one connection, `turns` turns to a conversation."""
    connection, name, numbers = connect(port), uuid.uuid4(), itertools.count()

    def turn() -> float:
        number = next(numbers)
        body = {"sender": f"bench-{name}-{number // turns}", "message": texts[number % len(texts)]}
        begun = time.perf_counter()
        connection.request(
            "POST", "/webhooks/rest/webhook", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        response = connection.getresponse()
        answer = json.loads(response.read())
        if response.status != 200 or not answer:
            raise SystemExit(f"turn {number}: status {response.status}, {len(answer)} messages")
        return (time.perf_counter() - begun) * 1000

    return turn


def by_turns(ours: Talk, theirs: Talk, count: int) -> tuple[list[float], list[float]]:
    """`count` turns of each, one after the other."""
    pairs = [(ours(), theirs()) for _ in range(count + WARM_UP)][WARM_UP:]
    return [our for our, _ in pairs], [their for _, their in pairs]


def at_once(talks: Sequence[Talk], count: int) -> tuple[list[float], float]:
    """The milliseconds of `count` turns of each, all talking at the same time, and turns a second."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(talks)) as pool:
        took = [one for each in pool.map(lambda turn: [turn() for _ in range(count)], talks) for one in each]
    return took, len(took) / (time.perf_counter() - begun)


def in_a_long_conversation(port: int, length: int) -> tuple[float, float]:
    """Median milliseconds around the tenth turn of conversations and around turn `length` of one, taken by turns."""
    old, fresh = talk(port, TEXTS, 10**9), talk(port, TEXTS, 10)
    for _ in range(length - AROUND):
        old()
    pairs = []
    for _ in range(2 * AROUND):
        for _ in range(9):
            fresh()
        pairs.append((fresh(), old()))
    return statistics.median(tenth for tenth, _ in pairs), statistics.median(last for _, last in pairs)


def idle(server: Served) -> float:
    """The share of one core that a server takes when nobody talks, in percent."""
    before = server.cpu_seconds()
    time.sleep(IDLE_SECONDS)
    return (server.cpu_seconds() - before) / IDLE_SECONDS * 100


def percentile(took: Sequence[float], percent: int) -> float:
    return statistics.quantiles(took, n=100)[percent - 1]


def summary(took: Sequence[float]) -> str:
    """Median, 95th and 99th percentile in one line."""
    return ", ".join(f"p{n} {percentile(took, n):.1f} ms" for n in (50, 95, 99)) + f" ({len(took)} turns)"


def compared(what: str, ours: float, theirs: float, unit: str, name: str = "plain Rasa") -> None:
    """Prints a figure of ours, the one it is measured against, and their ratio."""
    print(f"{what:22} {ours:8.1f} {unit:4} {theirs:8.1f} {unit:4} {name:12} ratio {ours / theirs:.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--turns", type=int, default=300, help="turns one after the other")
    parser.add_argument("--long", type=int, default=1000, help="turns of the long conversation")
    wanted = parser.parse_args()
    with served() as candor:
        print(f"idle                   {idle(candor):8.2f} % of a core", flush=True)
        with plain_rasa() as rasa:
            compared("ready after", candor.seconds_to_ready, rasa.seconds_to_ready, "s")
            ours, theirs = by_turns(talk(candor.port, TEXTS), talk(rasa.port, THEIR_TEXTS), wanted.turns)
            print(f"one at a time          {summary(ours)}; plain Rasa {summary(theirs)}")
            compared("turn, median", statistics.median(ours), statistics.median(theirs), "ms")
            for parallel in AT_ONCE:
                count = max(1, wanted.turns // 4 * AT_ONCE[0] // parallel)
                ours, rate = at_once([talk(candor.port, TEXTS) for _ in range(parallel)], count)
                theirs, their_rate = at_once([talk(rasa.port, THEIR_TEXTS) for _ in range(parallel)], count)
                compared(f"{parallel} at once, turns", rate, their_rate, "/s")
                compared(f"{parallel} at once, p99", percentile(ours, 99), percentile(theirs, 99), "ms")
            compared("memory", sum(candor.memory()), sum(rasa.memory()), "MB")
            print(f"                       gateway, engine: {candor.memory()} MB")
        tenth, last = in_a_long_conversation(candor.port, wanted.long)
        compared(f"turn {wanted.long}", last, tenth, "ms", "turn 10")


if __name__ == "__main__":
    main()
