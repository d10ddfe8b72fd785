"""Runs in the engine's environment: many conversations in turns, most forgotten again; prints what is left of them.

usage: forget_many.py STORE
"""

from __future__ import annotations

import json
import random
import re
import sys
from pathlib import Path

from rasa.shared.core.events import UserUttered

from engine.event_log import EventLog

store = Path(sys.argv[1])
chance = random.Random(5)
log = EventLog(str(store))
log._db.execute("PRAGMA synchronous=OFF")
said: dict[str, list[str]] = {f"con_{number}": [] for number in range(120)}


def say(sender: str) -> None:
    text = f"{chance.getrandbits(128):032x}"
    said[sender].append(text)
    log.append(sender, [UserUttered(text + "x" * chance.choice([5, 60, 300, 3000]))], None)


def stored(texts: list[str]) -> int:
    content = b"".join(path.read_bytes() for path in store.parent.glob(f"{store.name}*"))
    found = {match[1] for match in re.finditer(rb"(?=([0-9a-f]{32}))", content)}  # every text is 32 hex digits
    return sum(text.encode() in found for text in texts)


for _ in range(4000):
    say(chance.choice(list(said)))
before = stored([text for texts in said.values() for text in texts])
forgotten = chance.sample(list(said), 100)
for sender in forgotten:
    log.forget(sender)
    say(next(one for one in said if one not in forgotten))
living = [one for one in said if one not in forgotten]
print(
    json.dumps(
        {
            "before": before,
            "left": stored([text for sender in forgotten for text in said[sender]]),
            "living": all(len(log.events(sender)) == len(said[sender]) for sender in living),
            "senders": sorted(log.senders()) == sorted(living),
        }
    )
)
