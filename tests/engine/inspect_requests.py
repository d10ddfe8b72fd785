"""Runs in the engine's environment: looks at the detectors of standing requests, as learnt, stored and used; prints
what it found.

usage: inspect_requests.py MODEL FOLDER
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from pathlib import Path

from compare_stores import processor
from engine_process import PROJECT
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.processor import EngineProcessor
from engine.quiet import silence
from engine.request_model import RequestModel
from engine.standing_requests import StandingRequestDetectors, examples
from engine.tracker_store import LiveTrackerStore
from engine.words import words

TEXTS = (
    "I want to talk to a human",
    "no human please",
    "are you a robot?",
    "转人工客服",
    "where is my order",
    "",
    "🙂",
)


def scores(model):
    """Every request's score and threshold for each text, exactly."""
    return {text: model.scores(text, [word.normal for word in words(text)]) for text in TEXTS}


def learnt(folder):
    """Learns twice, stores once and loads: are the scores the same to the last bit?"""
    own = list(examples(PROJECT / "standing_requests"))
    model = RequestModel.train(own)
    (folder / "stored").mkdir()
    model.save(folder / "stored")
    (folder / "strict").mkdir()
    RequestModel.train(own, {"latin": {"human": 0.9}}).save(folder / "strict")
    strict = scores(RequestModel.load(folder / "strict"))
    return {
        "files": sorted(str(path.relative_to(folder / "stored")) for path in (folder / "stored").rglob("*.*")),
        "loaded": scores(RequestModel.load(folder / "stored")) == scores(model),
        "again": scores(RequestModel.train(own)) == scores(model),
        "thresholds": {
            script: {name: one.threshold for name, one in strict[text].items()}
            for script, text in (("latin", TEXTS[0]), ("han", TEXTS[3]))
        },
        "usual": {name: one.threshold for name, one in model.scores("x", ["x"]).items()},
    }


def error(work):
    """What it says when it fails; None when it does not."""
    try:
        work()
    except (OSError, ValueError) as said:
        return str(said)
    return None


def component(folder):
    """The component over examples in `folder`."""
    return StandingRequestDetectors({"folder": str(folder), "thresholds": {}}, None, None)


def read(folder, **files):
    """The examples in these files, or what is said against them."""
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    found = []
    complaint = error(lambda: found.extend(examples(folder)))
    return complaint or {one.text: [dict(one.labels), one.own] for one in found}


def listed(folder):
    """What the files say, and what is said against files that make no sense."""
    return {
        "sides": read(
            folder / "a",
            **{
                "human.en": "heard: |\n  a human\n\n  # not a comment here\n  both\nnot_heard: |\n  no human\n",
                "robot.en": "heard: |\n  robot?\n  both\n",
                "robot.zh": "not_heard: |\n  机器人多少钱\n",
            },
        ),
        "strange": read(folder / "b", **{"human.en": "heard: |\n  a human\nunheard: |\n  x\n"}),
        "both_sides": read(
            folder / "c", **{"human.en": "heard: |\n  a human\n", "human.zh": "not_heard: |\n  a human\n"}
        ),
        "empty": read(folder / "d", **{"human.en": ""}),
        "no_examples": error(lambda: component(folder / "d").train(TrainingData())),
        "not_stored": error(lambda: RequestModel.load(folder / "nowhere")) is not None,
    }


def fingerprints(folder):
    """Of the project's examples, of a copy of them, and of the copy after each change."""
    copy = folder / "copy"
    shutil.copytree(PROJECT / "standing_requests", copy)
    found = {}

    def note(name, where=copy):
        found[name] = StandingRequestDetectors.fingerprint_addon({"folder": str(where)})

    note("project", PROJECT / "standing_requests")
    note("copy")
    path = copy / "human.en.yml"
    path.write_text(path.read_text("utf-8").replace("get me a human", "get me the human"), encoding="utf-8")
    note("changed")
    path.rename(copy / "agent.en.yml")
    note("renamed")
    (copy / "human.zh.yml").unlink()
    note("fewer")
    return found


async def parses(model, folder):
    """How often the pipeline ran: for texts that were listened to, and for the turns that followed."""
    made = processor(EngineProcessor, LiveTrackerStore(path=folder / "store.db"), model)
    ran, parse = [], made._parse
    made._parse = lambda texts: (ran.extend(texts), parse(texts))[1]
    question = "where is my order"
    first = await made.parse_message(UserMessage(question))
    first["intent"]["name"] = first["requests"]["human"] = "spoilt by whoever got it"
    for sender in ("one", "two"):
        await made.handle_message(UserMessage(question, CollectingOutputChannel(), sender, message_id=f"of {sender}"))
    heard = [
        event
        for sender in ("one", "two")
        for event in (await made.get_tracker(sender)).events
        if event.type_name == "user"
    ]
    after_turns = list(ran)
    for number in range(200):
        await made.parse_message(UserMessage(f"text {number}"))
    return {
        "ran": after_turns,
        "intents": [event.intent_name for event in heard],
        "own": [event.message_id for event in heard],
        "kept": len(made.__dict__["_parsed"]),
    }


silence()
model, folder = Path(sys.argv[1]), Path(sys.argv[2])
print(
    json.dumps(
        {
            "learnt": learnt(folder),
            "listed": listed(folder),
            "fingerprints": fingerprints(folder),
            "parses": asyncio.run(parses(model, folder)),
        }
    )
)
