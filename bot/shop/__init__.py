"""The company's shop: what the assistant may ask of it, and a demo shop for the start (docs/demo-shop.md)."""

from bot.shop.answers import describe_order, describe_product, describe_refund, order_name
from bot.shop.demo import DemoShop, demo_customers, seed
from bot.shop.identity import Identity, IdentityTokens, issue
from bot.shop.shop import DELIVERY, OPEN_STATES, ORDER_STATUS, REFUND, Item, Order, Product, Shop, same_number

__all__ = [
    "DELIVERY",
    "OPEN_STATES",
    "ORDER_STATUS",
    "REFUND",
    "DemoShop",
    "Identity",
    "IdentityTokens",
    "Item",
    "Order",
    "Product",
    "Shop",
    "demo_customers",
    "describe_order",
    "describe_product",
    "describe_refund",
    "issue",
    "order_name",
    "same_number",
    "seed",
]
