"""What the assistant asks of a company's shop. A company implements `Shop` against its own API.

What belongs to a customer takes a Grant first and starts with `grant.require(...)`, which says whose data may be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.consent import Grant

ORDER_STATUS, DELIVERY, REFUND = "order_status", "delivery", "refund"
"""Categories of personal data, as in bot/consent/purposes.yml."""

OPEN_STATES = frozenset({"paid", "packed", "shipped"})
"""An order on its way to the customer."""


@dataclass(frozen=True)
class Product:
    """A product that anybody can see. Price in cents of the shop's currency, the euro."""

    product_id: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    price_cents: int
    stock: int

    def name(self, language: str) -> str:
        """Its name; English when there is none in `language`."""
        return self.names.get(language) or self.names["en"]


@dataclass(frozen=True)
class Item:
    """A product in an order, under the name it has in each language."""

    names: Mapping[str, str]
    quantity: int


@dataclass(frozen=True)
class Order:
    """One customer's order. `status` is one of paid packed shipped delivered cancelled returned refunded.

    `refund_cents` stands without `refunded_at` while a refund is on its way.
    """

    number: str = field(repr=False)
    status: str
    placed_at: datetime
    updated_at: datetime
    expected_at: datetime | None
    carrier: str | None
    tracking: str | None = field(repr=False)
    total_cents: int
    refund_cents: int | None
    refunded_at: datetime | None
    items: tuple[Item, ...]

    @property
    def open(self) -> bool:
        """Is it still on its way?"""
        return self.status in OPEN_STATES

    def late(self, moment: datetime) -> bool:
        """Should it have come before `moment`'s day?"""
        return self.open and self.expected_at is not None and self.expected_at.date() < moment.date()


class Shop(Protocol):
    """A shop. Calls may take a network round trip; raise when the shop cannot answer, and the visitor is told."""

    async def orders(self, grant: Grant) -> list[Order]:
        """The granted customer's orders, newest first.

        Raises:
            GrantError: the grant is not for `order_history`, or is over.
        """

    async def order(self, grant: Grant, number: str) -> Order | None:
        """The granted customer's order of that number, however it is spelt (`fh 204817`, `204817`).

        None when this customer has none such, also when somebody else has: the two must not be told apart.

        Raises:
            GrantError: the grant is not for `order_history`, or is over.
        """

    async def products(self) -> list[Product]:
        """Every product on sale."""

    async def find_products(self, text: str) -> list[Product]:
        """Products that `text` may mean, best first, at most three; in any of its languages, small slips forgiven."""


def same_number(one: str, other: str) -> bool:
    """Do two spellings name the same order? `FH-204817`, `fh 204817` and `204817` do."""
    left, right = _plain(one), _plain(other)
    digits_only = left.isdigit() or right.isdigit()
    return bool(left) and (left == right or (digits_only and _digits(left) == _digits(right)))


def _plain(number: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", number).upper()


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
