"""Measures a turn through the REST door with everything on: against plain Rasa by turns, then several at once.

usage: make bench [ARGS="--turns 300 --parallel 8"]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from benchmarks.rasa_init import PER_CONVERSATION, Turn, plain_rasa
from benchmarks.served import connect, served

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


def turn_of_ours(port: int) -> Turn:
    """A function that takes turn number n; five turns to a conversation."""
    connection = connect(port)
    name = uuid.uuid4()

    def turn(number: int) -> None:
        body = {"sender": f"bench-{name}-{number // PER_CONVERSATION}", "message": TEXTS[number % len(TEXTS)]}
        headers = {"Content-Type": "application/json"}
        connection.request("POST", "/webhooks/rest/webhook", json.dumps(body).encode(), headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        if response.status != 200 or not answer:
            raise SystemExit(f"turn {number}: status {response.status}, {len(answer)} messages")

    return turn


def timed(turn: Turn, number: int) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    turn(number)
    return (time.perf_counter() - begun) * 1000


def one_at_a_time(ours: Turn, theirs: Turn, count: int) -> tuple[list[float], list[float]]:
    """Both by turns, so that a busy machine slows both; the first twenty are for warming up."""
    pairs = [(timed(ours, number), timed(theirs, number)) for number in range(count + 20)][20:]
    return [our for our, _ in pairs], [their for _, their in pairs]


def at_once(port: int, parallel: int, count: int) -> tuple[list[float], float]:
    """The milliseconds of `count` turns in each of `parallel` conversations, and turns a second."""

    def run(_: int) -> list[float]:
        turn = turn_of_ours(port)
        return [timed(turn, number) for number in range(count)]

    begun = time.perf_counter()
    with ThreadPoolExecutor(parallel) as pool:
        took = [one for each in pool.map(run, range(parallel)) for one in each]
    return took, len(took) / (time.perf_counter() - begun)


def summary(took: list[float]) -> str:
    """Median, 95th and 99th percentile in one line."""
    cuts = statistics.quantiles(took, n=100)
    return f"p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, p99 {cuts[98]:.1f} ms ({len(took)} turns)"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--turns", type=int, default=300, help="turns one after the other")
    parser.add_argument("--parallel", type=int, default=8, help="conversations at once in the second part")
    wanted = parser.parse_args()
    with served() as candor:
        print(f"start to ready   {candor.seconds_to_ready:.1f} s")
        with plain_rasa() as (theirs, seconds):
            print(f"                 {seconds:.1f} s plain rasa init")
            ours_took, theirs_took = one_at_a_time(turn_of_ours(candor.port), theirs, wanted.turns)
        ratio = statistics.median(ours_took) / statistics.median(theirs_took)
        print(f"one at a time    {summary(ours_took)}")
        print(f"                 {summary(theirs_took)} plain rasa init")
        print(f"ratio            {ratio:.2f} of plain rasa init")
        took, rate = at_once(candor.port, wanted.parallel, wanted.turns // 4)
        print(f"{wanted.parallel:2} at once       {summary(took)}, {rate:.0f} turns a second")
        print("memory           " + ", ".join(f"{name} {mb} MB" for name, mb in candor.memory().items()))


if __name__ == "__main__":
    main()
