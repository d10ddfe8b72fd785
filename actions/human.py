"""A human, asked for by text."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.base import CandorAction, Event, Scene
from actions.topics import topics_before

REASON_LENGTH = 120


class ActionRequestHuman(CandorAction):
    """Puts the conversation in the desk's queue."""

    def name(self) -> str:
        """The action's name in domain/."""
        return "action_request_human"

    async def act(self, scene: Scene) -> list[Event]:
        """Ask for a person and say what happens; the queue's own notice follows from the desk."""
        if scene.visit is None:
            scene.say(scene.copy("human_elsewhere"))
            return []
        trigger = "button" if scene.text.startswith("/") else "text"
        asked_now = await scene.visit.ask_for_human(trigger, reason_for_agents(scene.tracker, "Asked for a human"))
        scene.say(scene.copy("human_asked" if asked_now else "human_asked_already"))
        return []


def reason_for_agents(tracker: Tracker, what: str) -> str:
    """What was asked for, and what was spoken of before, as a topic's title; never the visitor's words."""
    topic = next(iter(topics_before(tracker)), None)
    return (what + (f" after: {topic}" if topic else ""))[:REASON_LENGTH]
