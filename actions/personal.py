"""Answers that may use personal data: with a grant from the real row, without it how to find the answer oneself."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

import structlog
from rasa_sdk.events import SlotSet

from actions.base import CandorAction, Event, Scene
from bot.rasa.action_context import ORDER_HISTORY, Grant, Order, Refused, Visit, has_number, order_name, purpose_named

log = structlog.get_logger(__name__)
REFERENCE = "order_reference"
MAY_BE_ASKED = frozenset({"not_asked", "expired", "changed"})
"""Reasons for which there is no grant, and the visitor is asked. After any other nobody asks (rule C2)."""
Found = TypeVar("Found")


class PersonalAction(CandorAction, Generic[Found]):
    """An answer that may use what is personal, for one purpose."""

    purpose: str
    how_to: str
    """The text that says how to find the answer without us."""

    @abstractmethod
    async def read(self, scene: Scene, grant: Grant) -> Found:
        """Ask the shop. Whatever this raises, the visitor is answered without it."""

    @abstractmethod
    async def tell(self, scene: Scene, visit: Visit, found: Found) -> list[Event]:
        """Answer from what was read; it reaches the engine as a placeholder (`Visit.keep_answer`)."""

    async def act(self, scene: Scene) -> list[Event]:
        """Ask the gate; answer with what it opens, or without."""
        if scene.visit is None:
            return await self.without(scene, "not_signed_in")
        grant = await scene.visit.ask_gate(self.purpose)
        if not isinstance(grant, Refused):
            return await self._with(scene, scene.visit, grant)
        if grant.reason in MAY_BE_ASKED:
            said = await scene.visit.ask_consent(self.purpose)
            scene.say(said.text, [button.as_json() for button in said.buttons], dict(said.custom))
            return [SlotSet(REFERENCE, None)]
        return await self.without(scene, grant.reason)

    async def without(self, scene: Scene, reason: str) -> list[Event]:
        """Help that needs nothing personal; `reason` says why there was no grant, `failed` that the shop was silent."""
        short = purpose_named(self.purpose).short(scene.language)
        scene.say(scene.join(*self.words(reason), short=short), scene.human())
        return []

    def words(self, reason: str) -> Sequence[str]:
        """The texts for it. That a no can be changed is said, and not asked (rule C2)."""
        if reason in ("refused", "withdrawn"):
            return self.how_to, "say_allow"
        if reason == "paused":
            return self.how_to, "say_paused"
        if reason == "gpc":
            return self.how_to, "gpc_off"
        return (self.how_to, "sign_in") if reason == "not_signed_in" else ("cannot_look", self.how_to)

    async def _with(self, scene: Scene, visit: Visit, grant: Grant) -> list[Event]:
        try:
            found = await self.read(scene, grant)
        except Exception as error:
            # The shop's trouble must not become silence; the type alone is logged, messages may hold data.
            log.error("shop:read:failed", purpose=self.purpose, error=type(error).__name__)
            return await self.without(scene, "failed")
        return await self.tell(scene, visit, found)


class OrderAction(PersonalAction[list[Order]]):
    """An answer about one of the visitor's orders."""

    purpose = ORDER_HISTORY

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

    async def read(self, scene: Scene, grant: Grant) -> list[Order]:
        """All orders: which one is meant is told from them."""
        return await scene.services.shop.orders(grant)

    async def tell(self, scene: Scene, visit: Visit, found: list[Order]) -> list[Event]:
        """The answer about the order that is meant, which stays the subject."""
        if not found:
            return await self._tell(scene, visit, scene.copy("no_orders"), None)
        order = await self.meant(scene, visit, found)
        if order is None:
            latest = ("、" if scene.language == "zh" else "; ").join(order_name(o, scene.language) for o in found[:3])
            return await self._tell(scene, visit, scene.copy(self.unknown(scene), orders=latest), None)
        return await self._tell(scene, visit, self.describe(order, found, scene.language), order)

    async def without(self, scene: Scene, reason: str) -> list[Event]:
        """As without any order; none is the subject from then on."""
        return [*await super().without(scene, reason), SlotSet(REFERENCE, None)]

    def unknown(self, scene: Scene) -> str:
        """The text for an order that is not among theirs."""
        return "no_such_order"

    async def meant(self, scene: Scene, visit: Visit, orders: list[Order]) -> Order | None:
        """The order named in this message, else the one we spoke of, else the likely; None for an unknown order number.

        Only what looks like an order number is one: any other number that is none of theirs says nothing of orders.
        """
        named = await self.numbered(scene, visit, orders)
        if named is not None:
            return named
        if await visit.resolve(("ORDER",), scene.text):
            return None
        spoken_of = _with_number(orders, await visit.resolve(("ORDER", "NUMBER"), scene.slot(REFERENCE) or ""))
        return spoken_of if spoken_of is not None and self.concerns(spoken_of) else self.choose(orders)

    async def numbered(self, scene: Scene, visit: Visit, orders: list[Order]) -> Order | None:
        """The order whose number or tracking number stands in this message."""
        return _with_number(orders, await visit.resolve(("ORDER", "NUMBER"), scene.text))

    async def _tell(self, scene: Scene, visit: Visit, text: str, order: Order | None) -> list[Event]:
        offer = order is None or self.needs_human(order)
        answer, reference = await visit.keep_order_answer(text, order.number if order is not None else None)
        scene.say(answer, scene.human() if offer else None)
        return [SlotSet(REFERENCE, reference)]


def _with_number(orders: list[Order], numbers: Sequence[str]) -> Order | None:
    return next((order for number in numbers for order in orders if has_number(order, number)), None)
