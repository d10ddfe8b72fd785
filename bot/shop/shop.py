"""What the assistant asks of a company's shop. A company implements `Shop` against its own API.

What belongs to a customer takes a Grant first and starts with `grant.require(...)`, which says whose data may be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from bot.consent import Grant

ORDER_STATUS, DELIVERY, REFUND = "order_status", "delivery", "refund"
NAME, EMAIL, PHONE, ADDRESS = "name", "email", "phone", "address"
PURCHASES, BROWSING = "purchases", "browsing"
"""Categories of personal data, as in the file of purposes (docs/reference/purposes.md)."""

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
        return self.status in OPEN_STATES

    def late(self, moment: datetime) -> bool:
        """Should it have come before `moment`'s day?"""
        return self.open and self.expected_at is not None and self.expected_at.date() < moment.date()


@dataclass(frozen=True)
class Account:
    """What stands in a customer's account; None for what is not there, or may not be read."""

    name: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Suggestion:
    """A product for one customer, and the one they bought or looked at that it goes with."""

    product: Product = field(repr=False)
    because: Product = field(repr=False)
    how: Literal["bought", "looked_at"]


class Shop(Protocol):
    """A shop. Calls may take a network round trip; raise when the shop cannot answer, and the visitor is told.

    A call that takes a grant raises GrantError when the grant is over, or is not for the purpose named here.
    """

    async def orders(self, grant: Grant) -> list[Order]:
        """The granted customer's orders, newest first; for `order_history`."""

    async def order(self, grant: Grant, number: str) -> Order | None:
        """The granted customer's order of that number, however it is spelt (`fh 204817`); for `order_history`.

        None when this customer has none such, also when somebody else has: the two must not be told apart.
        """

    async def account(self, grant: Grant) -> Account:
        """The granted customer's account, of it what the grant opens; for `account_details`."""

    async def email(self, grant: Grant) -> str | None:
        """The e-mail address of the granted customer's account, if it has one; for `contact_by_email`."""

    async def suggestions(self, grant: Grant) -> list[Suggestion]:
        """Products in stock that go with what the granted customer bought or looked at and that they do not have.

        What they bought or saw last counts first; at most three. Prices and terms are those of `products`. For
        `recommendations`.
        """

    async def goes_with(self, product: Product) -> list[Product]:
        """Products in stock that go with `product`, the same for everybody; at most three."""

    async def products(self) -> list[Product]:
        """Every product on sale, in an order that is the same for everybody."""

    async def find_products(self, text: str) -> list[Product]:
        """Products that `text` may mean, best first, at most three; in any of its languages, small slips forgiven."""


def has_number(order: Order, number: str) -> bool:
    """Is this the order's number, in whichever spelling, or its tracking number?"""
    return same_number(order.number, number) or (
        order.tracking is not None and _plain(order.tracking) == _plain(number)
    )


def speaks_of(text: str, order: Order) -> bool:
    """Do these words name something in the order: "the one with the kettle"?"""
    plain = text.casefold()
    words = set(re.findall(r"[a-z]{3,}", plain))
    names = [name.casefold() for item in order.items for name in item.names.values()]
    return any(_named(words, plain, name) for name in names)


def _named(words: set[str], plain: str, name: str) -> bool:
    own = re.findall(r"[a-z]{3,}", name)
    pairs = {name[i : i + 2] for i in range(len(name) - 1) if not name[i : i + 2].isascii()}
    singular = {word.rstrip("s") for word in words}
    return any(word.rstrip("s") in singular for word in own) or any(pair in plain for pair in pairs)


def same_number(one: str, other: str) -> bool:
    """Do two spellings name the same order? `FH-204817`, `fh 204817` and `204817` do."""
    left, right = _plain(one), _plain(other)
    digits_only = left.isdigit() or right.isdigit()
    return bool(left) and (left == right or (digits_only and _digits(left) == _digits(right)))


def _plain(number: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", number).upper()


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
