"""Where is my order, where is my refund, and which order is meant: personal answers, given under a grant only."""

from __future__ import annotations

from actions.base import Event, Scene
from actions.personal import REFERENCE, OrderAction
from bot.core.ids import now
from bot.core.messages import PLACEHOLDER
from bot.rasa.action_context import Order, Visit, describe_order, describe_refund, speaks_of


class ActionOrderStatus(OrderAction):
    """Where an order is, when it comes, who brings it."""

    action = "action_order_status"
    how_to = "order_how_to"

    def choose(self, orders: list[Order]) -> Order:
        """The order that should be here first, of those on their way; else the newest."""
        coming = [order for order in orders if order.open]
        return min(coming, key=lambda order: order.expected_at or now()) if coming else orders[0]

    def describe(self, order: Order, orders: list[Order], language: str) -> str:
        """Status, dates and carrier, and which others are on their way."""
        others = [other for other in orders if other.open and other.number != order.number]
        return describe_order(order, others, language)

    def concerns(self, order: Order) -> bool:
        """Any order is somewhere."""
        return True

    def needs_human(self, order: Order) -> bool:
        """Late orders are for a colleague."""
        return order.late(now())


class ActionRefundStatus(OrderAction):
    """Whether money is paid back, how much, when."""

    action = "action_refund_status"
    how_to = "refund_how_to"

    def choose(self, orders: list[Order]) -> Order:
        """The newest order with a refund or a return; else the newest."""
        return next((order for order in orders if self.concerns(order)), orders[0])

    def describe(self, order: Order, orders: list[Order], language: str) -> str:
        """The refund of this order."""
        return describe_refund(order, language)

    def concerns(self, order: Order) -> bool:
        """Orders with a refund or a return."""
        return order.refund_cents is not None or order.status == "returned"

    def needs_human(self, order: Order) -> bool:
        """Money that has not arrived, and none at all, are for a colleague."""
        return order.refunded_at is None


class ActionWhichOrder(ActionOrderStatus):
    """`204902`, "the one with the candles": says which order is meant, after an answer about one."""

    action = "action_which_order"

    async def act(self, scene: Scene) -> list[Event]:
        """Answer for that order. Without an order spoken of or a number given nothing personal is read."""
        if scene.slot(REFERENCE) is None and not PLACEHOLDER.search(scene.text):
            scene.say(scene.copy("what_do_you_mean"))
            return []
        return await super().act(scene)

    def unknown(self, scene: Scene) -> str:
        """A number that is none of theirs is said to be so; for other words they are asked which one they mean."""
        return "no_such_order" if PLACEHOLDER.search(scene.text) else "which_order"

    async def meant(self, scene: Scene, visit: Visit, orders: list[Order]) -> Order | None:
        """The order whose number, tracking number or item the message names; None where it names none of them."""
        found = await self.numbered(scene, visit, orders)
        return found or next((order for order in orders if speaks_of(scene.text, order)), None)
