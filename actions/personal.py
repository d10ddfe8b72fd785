"""Answers that may use personal data: with a grant from the real row, without it how to find the answer oneself."""

from __future__ import annotations

from abc import abstractmethod

import structlog
from rasa_sdk.events import SlotSet

from actions.base import CandorAction, Event, Scene
from actions.consent_card import show_consent_card
from bot.action_services import ORDER_HISTORY, Grant, Order, Refused, Visit, order_name, same_number
from bot.messages import PLACEHOLDER

log = structlog.get_logger(__name__)
REFERENCE = "order_reference"


class OrderAction(CandorAction):
    """An answer about one of the visitor's orders."""

    how_to: str
    """The text that says how to find the answer without us."""

    @abstractmethod
    def choose(self, orders: list[Order]) -> Order:
        """The order most likely meant when none was named. `orders` is not empty, newest first."""

    @abstractmethod
    def describe(self, order: Order, orders: list[Order], language: str) -> str:
        """The answer about `order`, one of `orders`."""

    @abstractmethod
    def concerns(self, order: Order) -> bool:
        """Could a question that names no order be about this one, because we spoke of it before?"""

    @abstractmethod
    def needs_human(self, order: Order) -> bool:
        """Is this an order for which the button to a person belongs under the answer?"""

    async def act(self, scene: Scene) -> list[Event]:
        """Ask the gate; answer from the order, or without it."""
        if scene.visit is None:
            return self._impersonal(scene, self.how_to, "sign_in")
        grant = await scene.visit.ask_gate(ORDER_HISTORY)
        if isinstance(grant, Refused):
            return await self._without(scene, scene.visit, grant)
        return await self._with(scene, scene.visit, grant)

    async def _without(self, scene: Scene, visit: Visit, refused: Refused) -> list[Event]:
        if refused.reason in ("not_asked", "expired"):
            return await show_consent_card(scene, visit, self.name(), await _named(scene, visit))
        if refused.reason in ("refused", "withdrawn"):
            # No second asking after a no: only that it can be changed is said (rule C2).
            return self._impersonal(scene, self.how_to, "say_allow")
        if refused.reason == "not_signed_in":
            return self._impersonal(scene, self.how_to, "sign_in")
        return self._impersonal(scene, "cannot_look", self.how_to)

    async def _with(self, scene: Scene, visit: Visit, grant: Grant) -> list[Event]:
        try:
            orders = await scene.services.shop.orders(grant)
        except Exception as error:
            # The shop's trouble must not become silence; the type alone is logged, messages may hold data.
            log.error("shop:orders:failed", error=type(error).__name__)
            return self._impersonal(scene, "cannot_look", self.how_to)
        if not orders:
            return await self._tell(scene, visit, scene.copy("no_orders"), None)
        order = await self._meant(scene, visit, orders)
        if order is None:
            latest = ("、" if scene.language == "zh" else "; ").join(order_name(o, scene.language) for o in orders[:3])
            return await self._tell(scene, visit, scene.copy("no_such_order", orders=latest), None)
        return await self._tell(scene, visit, self.describe(order, orders, scene.language), order)

    async def _meant(self, scene: Scene, visit: Visit, orders: list[Order]) -> Order | None:
        """The order named in this message, else the one we spoke of, else the likely; None for an unknown number."""
        named = await _named(scene, visit)
        numbers = await visit.resolve(("ORDER", "NUMBER"), named or scene.slot(REFERENCE) or "")
        if not numbers:
            return self.choose(orders)
        order = next((order for order in orders if same_number(order.number, numbers[0])), None)
        return self.choose(orders) if order and not named and not self.concerns(order) else order

    async def _tell(self, scene: Scene, visit: Visit, text: str, order: Order | None) -> list[Event]:
        offer = order is None or self.needs_human(order)
        answer, reference = await visit.keep_order_answer(text, order.number if order is not None else None)
        scene.say(answer, scene.human() if offer else None)
        return [SlotSet(REFERENCE, reference)]

    def _impersonal(self, scene: Scene, *keys: str) -> list[Event]:
        scene.say(scene.join(*keys), scene.human())
        return [SlotSet(REFERENCE, None)]


async def _named(scene: Scene, visit: Visit) -> str | None:
    """The placeholder of the order number in this message, if it has one."""
    for kind in ("ORDER", "NUMBER"):
        for word in PLACEHOLDER.findall(scene.text):
            if word[1:].startswith(kind) and await visit.resolve((kind,), word):
                return str(word)
    return None
