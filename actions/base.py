"""What the actions share: the scene they play in, their buttons, their copy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.core.i18n import copy, language_of
from bot.rasa.action_context import ActionServices, Visit, services

Event: TypeAlias = dict[str, Any]
Buttons: TypeAlias = list[dict[str, str]]


@dataclass(frozen=True)
class Scene:
    """One call of an action: what was said, where to answer, and the visit; None where we know no such conversation."""

    dispatcher: CollectingDispatcher
    tracker: Tracker
    services: ActionServices
    visit: Visit | None
    language: str

    @property
    def text(self) -> str:
        """What the visitor wrote, masked."""
        return str(self.tracker.latest_message.get("text") or "")

    @property
    def intent(self) -> str:
        """What was understood."""
        return str((self.tracker.latest_message.get("intent") or {}).get("name") or "")

    def slot(self, name: str) -> str | None:
        """A text slot's value."""
        value = self.tracker.slots.get(name)
        return value if isinstance(value, str) and value else None

    def detail(self, name: str) -> str | None:
        """What a pressed button carries, as in `/recommend{"suggestions": "general"}`."""
        found = (each for each in self.tracker.latest_message.get("entities") or () if each.get("entity") == name)
        value = next((each.get("value") for each in found), None)
        return value if isinstance(value, str) and self.text.startswith("/") else None

    def copy(self, key: str, **values: object) -> str:
        """A text of bot/core/i18n/actions.yml."""
        return copy(f"actions.{key}", self.language, **values)

    def say(self, text: str, buttons: Buttons | None = None, custom: dict[str, Any] | None = None) -> None:
        """Answer. What is personal has to be a placeholder here (`Visit.keep_answer`)."""
        self.dispatcher.utter_message(text=text, buttons=buttons, json_message=custom)

    def join(self, *keys: str, **values: object) -> str:
        """Several texts of bot/core/i18n/actions.yml, one after the other."""
        return self.sentences(self.copy(key, **values) for key in keys)

    def sentences(self, texts: Iterable[str]) -> str:
        """Sentences one after the other, as the language writes them."""
        return ("" if self.language == "zh" else " ").join(texts)

    def listed(self, names: Iterable[str]) -> str:
        """Names one after the other, as the language writes them."""
        return ("、" if self.language == "zh" else ", ").join(names)

    def human(self) -> Buttons:
        """The button that leads to a person."""
        return [{"title": self.copy("talk_to_a_human"), "payload": "/request_human"}]


class CandorAction(Action, ABC):  # type: ignore[misc]
    """An action of ours: `act` in a Scene. `action` is its name in domain/."""

    action: str

    def name(self) -> str:
        """The action's name in domain/."""
        return self.action

    @abstractmethod
    async def act(self, scene: Scene) -> list[Event]:
        """Answer, and give the events for the engine."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        """Called by rasa_sdk."""
        return await self.act(await scene_of(dispatcher, tracker))


async def scene_of(dispatcher: CollectingDispatcher, tracker: Tracker) -> Scene:
    """The scene of this call."""
    at_hand = services.get()
    language = language_of(tracker.slots.get("language"))
    visit = await at_hand.visit(tracker.sender_id, turn_id(tracker), language)
    return Scene(dispatcher, tracker, at_hand, visit, language)


def turn_id(tracker: Tracker) -> str | None:
    """The message that this turn answers."""
    said = (event for event in reversed(tracker.events) if event.get("event") == "user")
    candidates: Iterable[dict[str, Any]] = (tracker.latest_message, next(said, {}))
    return next((found for each in candidates if (found := each.get("message_id"))), None)
