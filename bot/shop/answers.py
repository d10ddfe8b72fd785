"""Orders and products in words. Texts about orders are personal: they reach the visitor, never the engine."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.core.i18n import copy
from bot.core.i18n.dates import day
from bot.core.ids import now
from bot.shop.shop import ADDRESS, EMAIL, NAME, PHONE, Account, Item, Order, Product

LOW_STOCK = 3
"""At this many pieces or fewer, stock is called low."""


def order_name(order: Order, language: str) -> str:
    """`your order FH-204817 (Copper Kettle, Speckled Mugs)`."""
    return copy("actions.order_name", language, number=order.number, items=_items(order.items, language))


def describe_order(order: Order, others: Sequence[Order], language: str) -> str:
    """Where it is: status, days, carrier, tracking number; the truth when it is late; which others there are."""
    moment = now()
    sentences = [
        copy(
            f"actions.order_{order.status}",
            language,
            order=order_name(order, language),
            placed=day(order.placed_at, language),
            updated=day(order.updated_at, language),
        ),
        *_delivery(order, moment, language),
        *_refund(order, language),
    ]
    if others:
        named = ("、" if language == "zh" else "; ").join(order_name(other, language) for other in others[:3])
        sentences.append(copy("actions.other_orders", language, orders=named))
    return _text(sentences, language)


def describe_refund(order: Order, language: str) -> str:
    """What is paid back for the order, and when; plainly so when nothing is."""
    name = order_name(order, language)
    none = "refund_not_yet" if order.status == "returned" else "refund_none"
    return _text(_refund(order, language) or [copy(f"actions.{none}", language, order=name)], language, head=name)


def describe_product(product: Product, language: str) -> str:
    """What it is, what it costs, whether there is any."""
    description = product.descriptions.get(language) or product.descriptions["en"]
    stock = "out_of_stock" if product.stock == 0 else "low_stock" if product.stock <= LOW_STOCK else "in_stock"
    return _text(
        [
            copy("actions.product", language, name=product.name(language), price=money(product.price_cents)),
            description,
            copy(f"actions.{stock}", language, count=product.stock),
        ],
        language,
    )


def describe_account(account: Account, asked: Collection[str], language: str) -> str:
    """What stands in the account, of it what was `asked` for (all when empty); plainly so where nothing stands."""
    sentences = []
    for name in (NAME, EMAIL, PHONE, ADDRESS):
        if name in asked or not asked:
            value = getattr(account, name)
            sentences.append(copy(f"actions.{'' if value else 'no_'}account_{name}", language, value=value))
    return _text(sentences, language)


def priced(product: Product, language: str) -> str:
    """`Stoneware Teapot (€42.00)`."""
    return copy("actions.priced", language, name=product.name(language), price=money(product.price_cents))


def money(cents: int) -> str:
    """`€69.00`."""
    return f"€{cents // 100:,}.{cents % 100:02}"


def _delivery(order: Order, moment: datetime, language: str) -> list[str]:
    sentences = []
    if order.carrier and order.tracking:
        sentences.append(copy("actions.tracking", language, carrier=order.carrier, tracking=order.tracking))
    if order.expected_at and order.open:
        key = "late" if order.late(moment) else "expected"
        sentences.append(copy(f"actions.{key}", language, expected=day(order.expected_at, language)))
    return sentences


def _refund(order: Order, language: str) -> list[str]:
    if order.refund_cents is None:
        return []
    amount, total = money(order.refund_cents), money(order.total_cents)
    if order.refunded_at is None:
        return [copy("actions.refund_coming", language, amount=amount)]
    key = "refund_partly" if order.refund_cents < order.total_cents else "refund_done"
    return [copy(f"actions.{key}", language, amount=amount, total=total, refunded=day(order.refunded_at, language))]


def _items(items: Sequence[Item], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(
        (f"{item.quantity} × " if item.quantity > 1 else "") + (item.names.get(language) or item.names["en"])
        for item in items
    )


def _text(sentences: Sequence[str], language: str, head: str | None = None) -> str:
    joined = ("" if language == "zh" else " ").join(sentences)
    if head is None or head in joined:
        return joined
    return copy("actions.about", language, subject=head, text=joined)
