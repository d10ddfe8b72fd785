"""Measures a turn through the REST door with everything on, one after the other and several at once.

usage: make bench [ARGS="--turns 300 --parallel 8"]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

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
TURNS_PER_CONVERSATION = 5


def turns(port: int, count: int) -> list[float]:
    """The milliseconds of `count` turns, one after the other, five to a conversation."""
    connection = connect(port)
    took = []
    for number in range(count):
        if number % TURNS_PER_CONVERSATION == 0:
            sender = f"bench-{uuid.uuid4()}"
        body = json.dumps({"sender": sender, "message": TEXTS[number % len(TEXTS)]}).encode()
        begun = time.perf_counter()
        connection.request("POST", "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read())
        took.append((time.perf_counter() - begun) * 1000)
        if response.status != 200 or not answer:
            raise SystemExit(f"turn {number}: status {response.status}, {len(answer)} messages")
    connection.close()
    return took


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
        turns(candor.port, 20)
        print(f"one at a time    {summary(turns(candor.port, wanted.turns))}")
        begun = time.perf_counter()
        with ThreadPoolExecutor(wanted.parallel) as pool:
            lists = list(pool.map(lambda _: turns(candor.port, wanted.turns // 4), range(wanted.parallel)))
        took = [one for each in lists for one in each]
        rate = len(took) / (time.perf_counter() - begun)
        print(f"{wanted.parallel:2} at once       {summary(took)}, {rate:.0f} turns a second")
        print("memory           " + ", ".join(f"{name} {mb} MB" for name, mb in candor.memory().items()))


if __name__ == "__main__":
    main()
