"""The question for consent: what for, for how long, and two answers of equal weight."""

from __future__ import annotations

import json
from datetime import timedelta

from rasa_sdk.events import SlotSet

from actions.base import Event, Scene
from bot.action_services import ORDER_HISTORY, Visit, day
from bot.consent import purpose_named
from bot.messages import now


async def show_consent_card(scene: Scene, visit: Visit, resume: str | None, reference: str | None) -> list[Event]:
    """Ask for the order history. `resume` goes on after a yes, about the order `reference`."""
    await visit.record_consent("request", ORDER_HISTORY, {"resume_action": resume, "reference": reference})
    purpose = purpose_named(ORDER_HISTORY)
    title, why = purpose.title(scene.language), purpose.why(scene.language)
    ends = now() + timedelta(days=scene.services.settings.consent_days)
    text = scene.copy("ask_consent", why=why, until=day(ends, scene.language))
    card = {"purpose": purpose.name, "title": title, "why": why, "until": ends.isoformat()}
    scene.say(text, _choices(scene), {"consent_request": card})
    return [SlotSet("order_reference", None)]


def _choices(scene: Scene) -> list[dict[str, str]]:
    payload = json.dumps({"purpose": ORDER_HISTORY})
    return [
        {"title": scene.copy("allow"), "payload": f"/allow_consent{payload}"},
        {"title": scene.copy("refuse"), "payload": f"/refuse_consent{payload}"},
    ]
