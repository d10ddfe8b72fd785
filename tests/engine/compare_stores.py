"""Runs in the engine's environment: the same long random conversations through stock Rasa and through ours; prints
what differs.

Stock is Rasa's MessageProcessor over its InMemoryTrackerStore, searching all rules as Rasa does. Ours is the
EngineProcessor over the LiveTrackerStore, with a window forced small and room for one live conversation, so that every
turn of another conversation evicts and every return reloads from the file.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import warnings
from pathlib import Path

warnings.showwarning = lambda *_, **__: None
sys.path.insert(0, str(Path(__file__).parent))

from engine_process import act
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from engine.processor import EngineProcessor
from engine.quiet import silence
from engine.tracker_store import LiveTrackerStore

TEXTS = [
    "/greeting",
    "/goodbye",
    "/order_status",
    "/book",
    "Paris",
    "Monday",
    "/nlu_fallback",
    "/memory",
    "/broken",
    "/refused",
    "/name_it",
    "/restart",
    "/back",
    "/session_start",
    "/out_of_scope",
    "hello",
    "qwrtz plmk",
    "我的订单在哪里",
    '/book{"city": "x"}',
]
WEIGHTS = [6, 5, 6, 8, 8, 8, 8, 3, 2, 2, 3, 1, 2, 1, 4, 1, 1, 1, 2]


class Actions(EndpointConfig):
    """The test's actions without a network."""

    async def request(self, method="post", subpath=None, content_type=None, compress=False, **kwargs):
        status, answer = act(json.loads(json.dumps(kwargs["json"])))
        if status >= 400:
            raise ClientResponseError(status, "", json.dumps(answer))
        return answer


def processor(kind, store, model):
    """A processor of one kind on one store."""
    made = kind(
        model,
        tracker_store=store,
        lock_store=InMemoryLockStore(),
        generator=TemplatedNaturalLanguageGenerator({}),
        action_endpoint=Actions("http://127.0.0.1/"),
    )
    made.nlg.responses = made.domain.responses
    store.domain = made.domain
    return made


def search_all_rules(made):
    """Lets the processor's policy look through every rule instead of an index."""
    (policy,) = (
        node._component
        for node in made.graph_runner._instantiated_nodes.values()
        if isinstance(node._component, RulePolicy)
    )
    policy._applicable = lambda lookup, states: RulePolicy._get_possible_keys(policy, lookup, states)
    return made


async def turn(made, sender, text):
    """What the conversation looks like after one more message.

    The last message heard is left out: stock Rasa loses it at a reload inside a form, and the next message takes its
    place before anything reads it.
    """
    channel = CollectingOutputChannel()
    await made.handle_message(UserMessage(text, channel, sender, message_id="m"))
    tracker = await made.tracker_store.retrieve(sender)
    loop = tracker.active_loop
    return {
        "messages": channel.messages,
        "slots": tracker.current_slot_values(),
        "loop": loop and [loop.name, loop.rejected, loop.is_interrupted],
        "latest": tracker.latest_action_name,
        "followup": tracker.followup_action,
        "paused": tracker.is_paused(),
        "said": tracker.latest_bot_utterance and tracker.latest_bot_utterance.text,
    }


async def compare(model, path, seed, turns, window, live):
    """The differences, and how large ours ever was."""
    chance = random.Random(seed)
    stock = search_all_rules(processor(MessageProcessor, InMemoryTrackerStore(None), model))
    ours = processor(EngineProcessor, LiveTrackerStore(path=path, window=window, story_turns=3, live=live), model)
    differences, largest = [], 0
    for number in range(turns):
        sender = chance.choice(["one", "two"])
        (text,) = chance.choices(TEXTS, WEIGHTS)
        expected, got = await turn(stock, sender, text), await turn(ours, sender, text)
        largest = max(largest, len((await ours.tracker_store.retrieve(sender)).events))
        if expected != got:
            keys = [key for key in expected if expected[key] != got[key]]
            differences.append([number, sender, text, {key: [expected[key], got[key]] for key in keys}])
    return {"turns": turns, "differences": differences[:5], "largest": largest}


if __name__ == "__main__":
    silence()
    model, path, seed, turns, window, live = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:7])
    print(json.dumps(asyncio.run(compare(model, path, seed, turns, window, live)), default=str))
