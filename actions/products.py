"""Products and stock: public, so no consent is needed."""

from __future__ import annotations

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import CandorAction, Event, Scene
from bot.rasa.action_context import describe_product, services


class ValidateProductForm(FormValidationAction):  # type: ignore[misc]
    """Decides whether a message named a product."""

    def name(self) -> str:
        """The action's name in domain/."""
        return "validate_product_form"

    async def validate_product(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """Keep what names a product, and any answer to our question: the action says if nothing fits."""
        text = value if isinstance(value, str) else ""
        was_asked = tracker.slots.get("requested_slot") == "product"
        found = await services.get().shop.find_products(text)
        return {"product": text if found or (was_asked and text) else None}


class ActionProductAnswer(CandorAction):
    """What a product is, what it costs, whether there is any."""

    action = "action_product_answer"

    async def act(self, scene: Scene) -> list[Event]:
        """Answer for the product found; ask which, when several fit; name some, when none does."""
        found = await scene.services.shop.find_products(scene.slot("product") or scene.text)
        shown = found or (await scene.services.shop.products())[:4]
        names = [product.name(scene.language) for product in shown]
        if len(found) == 1:
            scene.say(describe_product(found[0], scene.language))
        elif found:
            choices = [{"title": name, "payload": name} for name in names if name]
            scene.say(scene.copy("products_found", names=scene.listed(names)), choices)
        else:
            scene.say(scene.copy("product_unknown", names=scene.listed(names)), scene.human())
        return [SlotSet("product", None)]
