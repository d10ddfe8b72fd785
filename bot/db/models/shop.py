"""The demo shop."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.models.base import Base


class ShopCustomerRow(Base):
    """Demo shop: a customer."""

    __tablename__ = "shop_customer"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(200))


class ShopProductRow(Base):
    """Demo shop: a product. Price in euro cents."""

    __tablename__ = "shop_product"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    names: Mapped[dict[str, Any]]  # {"en": ..., "zh": ...}
    descriptions: Mapped[dict[str, Any]]
    price_cents: Mapped[int]
    stock: Mapped[int]


class ShopOrderRow(Base):
    """Demo shop: an order of one customer. `number` is what the customer sees, such as FH-204817."""

    __tablename__ = "shop_order"
    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("shop_customer.id"), index=True)
    status: Mapped[str] = mapped_column(
        String(24)
    )  # paid | packed | shipped | delivered | cancelled | returned | refunded
    placed_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expected_at: Mapped[datetime | None]
    carrier: Mapped[str | None] = mapped_column(String(40))
    tracking: Mapped[str | None] = mapped_column(String(40))
    total_cents: Mapped[int]
    refund_cents: Mapped[int | None]
    refunded_at: Mapped[datetime | None]
    items: Mapped[dict[str, Any]]  # {"product id": quantity}


class ShopViewRow(Base):
    """Demo shop: a product that a customer looked at while signed in to the shop."""

    __tablename__ = "shop_view"
    customer_id: Mapped[str] = mapped_column(ForeignKey("shop_customer.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("shop_product.id"), primary_key=True)
    at: Mapped[datetime]
