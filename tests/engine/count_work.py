"""Runs in the engine's environment: counts what a turn late in a conversation and one of its first turns ask of the
processor. Counted are calls that Python makes and steps of SQLite's machine, which are the same on any machine.

usage: count_work.py MODEL STORE TURNS
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from pathlib import Path

from engine.unused_packages import leave_out_unused_packages

leave_out_unused_packages(Path(sys.argv[1]))  # before Rasa is imported, as the engine does

from compare_stores import processor
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from engine.processor import EngineProcessor
from engine.quiet import silence
from engine.tracker_store import LiveTrackerStore

TEXTS = (
    "hello",
    "/order_status",
    "where is my parcel",
    "qwrtz plmk",
    "/book",
    "Paris",
    "Monday",
    "bye",
    "/name_it",
    "/out_of_scope",
)
MEASURED = 30


async def take(made, sender, number):
    """One turn."""
    text = TEXTS[number % len(TEXTS)]
    await made.handle_message(UserMessage(text, CollectingOutputChannel(), sender, message_id=str(number)))


async def counted(made, sender, number):
    """What one turn takes."""
    work = Counter()
    made.tracker_store._log._db.set_progress_handler(lambda: work.update(["steps"]), 1)
    sys.setprofile(lambda frame, event, argument: work.update(["calls"] if "call" in event else []))
    await take(made, sender, number)
    sys.setprofile(None)
    made.tracker_store._log._db.set_progress_handler(None, 1)
    return work


async def count(model, path, turns):
    """The work of the last turns of a conversation of that many, and of the first of a new one."""
    made = processor(EngineProcessor, LiveTrackerStore(path=path), model)
    for number in range(turns - MEASURED):
        await take(made, "old", number)
    late, early = Counter(), Counter()
    for number in range(MEASURED):
        late += await counted(made, "old", turns - MEASURED + number)
        early += await counted(made, "new", number)
    return {"late": late, "early": early, "measured": MEASURED}


silence()
print(json.dumps(asyncio.run(count(sys.argv[1], sys.argv[2], int(sys.argv[3])))))
