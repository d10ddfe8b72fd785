"""The company's shop: the interface for the assistant, and a demo shop (docs/how-to/connect-your-shop.md)."""

from bot.shop.answers import describe_account, describe_order, describe_product, describe_refund, order_name, priced
from bot.shop.demo import DemoShop, demo_customers, seed
from bot.shop.identity import Identity, IdentityTokens, issue
from bot.shop.shop import (
    DELIVERY,
    OPEN_STATES,
    ORDER_STATUS,
    REFUND,
    Account,
    Item,
    Order,
    Product,
    Shop,
    Suggestion,
    has_number,
    same_number,
    speaks_of,
)

__all__ = [
    "DELIVERY",
    "OPEN_STATES",
    "ORDER_STATUS",
    "REFUND",
    "Account",
    "DemoShop",
    "Identity",
    "IdentityTokens",
    "Item",
    "Order",
    "Product",
    "Shop",
    "Suggestion",
    "demo_customers",
    "describe_account",
    "describe_order",
    "describe_product",
    "describe_refund",
    "has_number",
    "issue",
    "order_name",
    "priced",
    "same_number",
    "seed",
    "speaks_of",
]
