"""Suggestions: from purchases and browsing under a grant, the same for everybody without."""

from __future__ import annotations

import re

import structlog

from actions.base import Buttons, Event, Scene
from actions.personal import PersonalAction
from bot.rasa.action_context import RECOMMENDATIONS, Grant, Product, Suggestion, Visit, priced

log = structlog.get_logger(__name__)
FEW = 3
"""Products in a general suggestion."""
GENERAL = re.compile(
    r"\bgeneral\b|\bimpersonal\b|\bwithout (using )?(my|any)\b|\bnot? personal|通用|不用我的|不看我的|不使用我的"
)
"""Words by which a visitor asks for what everybody gets."""


class ActionRecommend(PersonalAction[list[Suggestion]]):
    """What goes with what was bought or looked at, and why; or what everybody gets."""

    action = "action_recommend"
    purpose = RECOMMENDATIONS
    how_to = "recommend_how_to"

    async def act(self, scene: Scene) -> list[Event]:
        """What a question says by itself is answered from that; only then is the gate asked."""
        named = await _named(scene)
        if named is not None or wants_general(scene):
            scene.say(await _general(scene, named))
            return []
        return await super().act(scene)

    async def read(self, scene: Scene, grant: Grant) -> list[Suggestion]:
        """What the shop suggests."""
        return await scene.services.shop.suggestions(grant)

    async def tell(self, scene: Scene, visit: Visit, found: list[Suggestion]) -> list[Event]:
        """Suggestions with reasons, and buttons for general ones and for none (PIPL, article 24)."""
        if found:
            reasons = [_reason(each, scene) for each in found]
            text = scene.sentences([*reasons, scene.copy("suggested_why")])
        else:
            text = scene.sentences([scene.copy("nothing_for_you"), await _general(scene, None)])
        scene.say(await visit.keep_answer(text, self.purpose), _choices(scene))
        return []

    async def without(self, scene: Scene, reason: str) -> list[Event]:
        """General suggestions, and no word about consent: whoever wants it finds it (rule C2)."""
        general = await _general(scene, None)
        silent = [scene.copy("cannot_look_for_you")] if reason == "failed" else []
        scene.say(scene.sentences([*silent, general]))
        return []


def wants_general(scene: Scene) -> bool:
    """Does the button or the text ask for what everybody gets?"""
    said = scene.intent == "recommend" and GENERAL.search(scene.text.lower()) is not None
    return said or scene.detail("suggestions") == "general"


async def _named(scene: Scene) -> Product | None:
    """The product that the question names; it alone says what goes with it."""
    if scene.intent != "recommend" or scene.text.startswith("/"):
        return None
    try:
        return next(iter(await scene.services.shop.find_products(scene.text)), None)
    except Exception as error:
        log.error("shop:products:failed", error=type(error).__name__)
        return None


async def _general(scene: Scene, named: Product | None) -> str:
    """What goes with `named`, or some of what is in stock, in the shop's own order."""
    shop, together, some = scene.services.shop, list[Product](), list[Product]()
    try:
        together = await shop.goes_with(named) if named is not None else []
        some = together or [each for each in await shop.products() if each.stock > 0][:FEW]
    except Exception as error:
        # The shop's trouble must not become silence.
        log.error("shop:products:failed", error=type(error).__name__)
    if not some:
        return scene.copy("nothing_to_suggest")
    names = scene.listed(priced(each, scene.language) for each in some)
    if named is not None and together:
        return scene.copy("suggested_with", name=named.name(scene.language), names=names)
    return scene.copy("suggested_generally", names=names)


def _reason(suggestion: Suggestion, scene: Scene) -> str:
    because = suggestion.because.name(scene.language)
    product = priced(suggestion.product, scene.language)
    return scene.copy(f"because_{suggestion.how}", because=because, product=product)


def _choices(scene: Scene) -> Buttons:
    return [
        {"title": scene.copy("general_suggestions"), "payload": '/recommend{"suggestions": "general"}'},
        {"title": scene.copy("stop_recommending"), "payload": '/withdraw_consent{"purpose": "recommendations"}'},
    ]
