"""The question for consent: for one purpose, what for, for how long, and two answers of equal weight."""

from __future__ import annotations

import json

from rasa_sdk.events import SlotSet

from actions.base import Buttons, Event, Scene
from bot.action_services import Visit, day
from bot.consent import Scope
from bot.consent.events import USUAL
from bot.messages import Json
from bot.policies import purpose_named


async def show_consent_card(
    scene: Scene, visit: Visit, purpose: str, resume: str | None, reference: str | None
) -> list[Event]:
    """Ask for `purpose`. The action `resume` goes on after a yes, about the order `reference`."""
    evidence = {"how": "question", "resume_action": resume, "reference": reference}
    await visit.record_consent("request", purpose, {**evidence, "screen": "card"})
    declared = purpose_named(purpose)
    why, short = declared.why(scene.language), declared.short(scene.language)
    card = {
        "purpose": purpose,
        "title": declared.title(scene.language),
        "why": why,
        "scope": USUAL.value,
        "scopes": [_scope(scene, scope) for scope in Scope],
        "until": scene.services.consents.ends(USUAL).isoformat(),
    }
    scene.say(scene.copy("ask_consent", short=short, why=why), _choices(scene, purpose), {"consent_request": card})
    return [SlotSet("order_reference", None)]


def _scope(scene: Scene, scope: Scope) -> dict[str, Json]:
    ends = scene.services.consents.ends(scope)
    title = scene.copy(f"scope_{scope}", until=day(ends, scene.language))
    return {"scope": scope.value, "title": title, "until": ends.isoformat()}


def _choices(scene: Scene, purpose: str) -> Buttons:
    yes, no = json.dumps({"purpose": purpose, "scope": USUAL.value}), json.dumps({"purpose": purpose})
    return [
        {"title": scene.copy("allow"), "payload": f"/allow_consent{yes}"},
        {"title": scene.copy("refuse"), "payload": f"/refuse_consent{no}"},
    ]
