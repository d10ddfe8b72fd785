"""The demo shop: a shop inside the database, so that everything works before a company connects its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import fields
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Concatenate, Literal, ParamSpec, TypeAlias, TypeVar

from sqlalchemy.orm import Session

from bot.consent import Grant
from bot.core.files import parse_yaml
from bot.core.ids import Json, now
from bot.db import Database
from bot.db.models import ShopCustomerRow, ShopOrderRow, ShopProductRow, ShopViewRow
from bot.policies import ACCOUNT_DETAILS, CONTACT_BY_EMAIL, ORDER_HISTORY, RECOMMENDATIONS
from bot.shop import demo_repository as repository
from bot.shop.shop import (
    ADDRESS,
    BROWSING,
    EMAIL,
    NAME,
    ORDER_STATUS,
    PHONE,
    PURCHASES,
    Account,
    Item,
    Order,
    Product,
    Suggestion,
    same_number,
)

MIN_LIKENESS = 0.2
"""How well a product has to fit to be named at all: one word of a two-word name does."""
MIN_ALIKE = 0.75
"""How alike a word of the question and a word of a product's name have to be, 0 to 1."""

MAX_SUGGESTIONS = 3
"""Products suggested at once."""
Source: TypeAlias = tuple[datetime, str, Literal["bought", "looked_at"]]
"""When the customer bought or looked at a product, which one, and how."""
P = ParamSpec("P")
T = TypeVar("T")
SENT_BACK = frozenset({"cancelled", "returned", "refunded"})
"""Orders whose things the customer does not have."""


class DemoShop:
    """`Shop` over the shop_* tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def _read(self, query: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        def read() -> T:
            with self._database.snapshot() as session:
                return query(session, *args, **kwargs)

        return await self._database.run(read)

    async def orders(self, grant: Grant) -> list[Order]:
        customer_id = grant.require(ORDER_HISTORY, ORDER_STATUS)
        return await self._read(_orders, customer_id)

    async def order(self, grant: Grant, number: str) -> Order | None:
        found = (order for order in await self.orders(grant) if same_number(order.number, number))
        return next(found, None)

    async def account(self, grant: Grant) -> Account:
        customer_id = grant.require(ACCOUNT_DETAILS, NAME)
        return await self._read(_account, customer_id, grant.categories)

    async def email(self, grant: Grant) -> str | None:
        customer_id = grant.require(CONTACT_BY_EMAIL, EMAIL)
        return (await self._read(_account, customer_id, {EMAIL})).email

    async def suggestions(self, grant: Grant) -> list[Suggestion]:
        customer_id = grant.require(RECOMMENDATIONS, PURCHASES)
        seen_by = grant.require(RECOMMENDATIONS, BROWSING)
        return await self._read(_suggestions, customer_id, seen_by)

    async def goes_with(self, product: Product) -> list[Product]:
        products = {each.product_id: each for each in await self.products()}
        together = (products[name] for name in _goes_with().get(product.product_id, ()) if name in products)
        return [each for each in together if each.stock > 0][:MAX_SUGGESTIONS]

    async def products(self) -> list[Product]:
        return await self._read(_products)

    async def find_products(self, text: str) -> list[Product]:
        scored = [(_likeness(text, product), product) for product in await self.products()]
        found = sorted((pair for pair in scored if pair[0] >= MIN_LIKENESS), key=lambda pair: -pair[0])
        return [product for score, product in found if score >= found[0][0] * 0.7][:3]


def seed(session: Session) -> None:
    """Fill an empty demo shop from demo.yml; its days count from now. A shop with customers is left alone."""
    if repository.customers(session):
        return
    content, moment = _content(), now()
    prices = {product["id"]: product["price_cents"] for product in content["products"]}
    repository.add_all(session, (ShopCustomerRow(**entry) for entry in content["customers"]))
    products = ({name: value for name, value in entry.items() if name != "goes_with"} for entry in content["products"])
    repository.add_all(session, (ShopProductRow(**entry) for entry in products))
    repository.add_all(session, (_order_row(entry, prices, moment) for entry in content["orders"]))
    repository.add_all(session, (_view_row(entry, moment) for entry in content["views"]))


@lru_cache(maxsize=1)
def _content() -> dict[str, Json]:
    content: dict[str, Json] = parse_yaml((Path(__file__).parent / "demo.yml").read_text("utf-8"))
    return content


def _goes_with() -> dict[str, Json]:
    """What goes with what, by the products' ids."""
    return {product["id"]: product["goes_with"] for product in _content()["products"]}


def _orders(session: Session, customer_id: str) -> list[Order]:
    names = {row.id: row.names for row in repository.products(session)}
    return [_order(row, names) for row in repository.orders(session, customer_id)]


def _order(row: ShopOrderRow, names: dict[str, dict[str, str]]) -> Order:
    same = {each.name: getattr(row, each.name) for each in fields(Order) if each.name != "items"}
    return Order(**same, items=tuple(Item(names[product_id], quantity) for product_id, quantity in row.items.items()))


def _account(session: Session, customer_id: str, categories: Set[str]) -> Account:
    """Reads the columns of `categories` and no others."""
    columns = [name for name in (NAME, EMAIL, PHONE, ADDRESS) if name in categories]
    row = repository.account(session, customer_id, columns)
    return Account(**dict(zip(columns, row, strict=True))) if row is not None else Account()


def _suggestions(session: Session, customer_id: str, seen_by: str) -> list[Suggestion]:
    """One product for each that was bought or looked at, the newest first: in stock, not bought already, none twice."""
    products = {product.product_id: product for product in _products(session)}
    kept = [order for order in repository.orders(session, customer_id) if order.status not in SENT_BACK]
    bought: list[Source] = [(order.placed_at, product_id, "bought") for order in kept for product_id in order.items]
    looked_at: list[Source] = [(view.at, view.product_id, "looked_at") for view in repository.views(session, seen_by)]
    taken = {product_id for _, product_id, _ in bought}
    found: list[Suggestion] = []
    for _, product_id, how in sorted([*bought, *looked_at], key=lambda source: source[:2], reverse=True):
        together = (products.get(name) for name in _goes_with().get(product_id, ()))
        fits = (each for each in together if each is not None and each.stock > 0 and each.product_id not in taken)
        chosen, because = next(fits, None), products.get(product_id)
        if chosen is not None and because is not None:
            taken.add(chosen.product_id)
            found.append(Suggestion(chosen, because, how))
    return found[:MAX_SUGGESTIONS]


def _products(session: Session) -> list[Product]:
    return [
        Product(row.id, row.names, row.descriptions, row.price_cents, row.stock) for row in repository.products(session)
    ]


def _likeness(text: str, product: Product) -> float:
    """How much of the name, in words or Chinese characters, the text holds, 0 to 1."""
    return max(_english(text, product.names["en"]), _chinese(text, product.names.get("zh", "")))


def _english(text: str, name: str) -> float:
    said, wanted = _words(text), _words(name)
    matched = sum(max((_alike(word, other) for other in said), default=0.0) for word in wanted)
    # The last word says what the thing is: "kettle" alone must find the kettle, "copper" alone is less sure.
    head = max((_alike(wanted[-1], other) for other in said), default=0.0) if wanted else 0.0
    return (matched / len(wanted) + head) / 2 if wanted else 0.0


def _alike(word: str, other: str) -> float:
    if word == other or word + "s" == other or word + "es" == other or other + "s" == word:
        return 1.0
    if min(len(word), len(other)) < 4:
        return 0.0
    ratio = SequenceMatcher(None, word, other).ratio()
    return ratio if ratio >= MIN_ALIKE else 0.0


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z]+", text.lower()) if len(word) > 2]


def _chinese(text: str, name: str) -> float:
    longest = SequenceMatcher(None, text, name).find_longest_match().size
    return longest / len(name) if longest >= 2 else 0.0


def _view_row(entry: dict[str, Json], moment: datetime) -> ShopViewRow:
    at = moment + timedelta(days=entry["at"])
    return ShopViewRow(customer_id=entry["customer"], product_id=entry["product"], at=at)


def _order_row(entry: dict[str, Json], prices: dict[str, int], moment: datetime) -> ShopOrderRow:
    def day(key: str) -> datetime | None:
        return moment + timedelta(days=entry[key]) if key in entry else None

    placed = moment + timedelta(days=entry["placed"])
    return ShopOrderRow(
        number=entry["number"],
        customer_id=entry["customer"],
        status=entry["status"],
        placed_at=placed,
        updated_at=day("updated") or placed,
        expected_at=day("expected"),
        carrier=entry.get("carrier"),
        tracking=entry.get("tracking"),
        total_cents=sum(prices[product] * quantity for product, quantity in entry["items"].items()),
        refund_cents=entry.get("refund_cents"),
        refunded_at=day("refunded"),
        items=entry["items"],
    )
