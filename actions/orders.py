"""Where is my order, where is my refund: personal answers, given under a grant only."""

from __future__ import annotations

from actions.personal import OrderAction
from bot.action_services import Order, describe_order, describe_refund
from bot.messages import now


class ActionOrderStatus(OrderAction):
    """Where an order is, when it comes, who brings it."""

    how_to = "order_how_to"

    def name(self) -> str:
        """The action's name in domain/."""
        return "action_order_status"

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

    how_to = "refund_how_to"

    def name(self) -> str:
        """The action's name in domain/."""
        return "action_refund_status"

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
