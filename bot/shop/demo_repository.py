"""Statements on the demo shop's tables. Only `DemoShop`, which takes a grant, reads about a customer with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from bot.db.models import Base, ShopCustomerRow, ShopOrderRow, ShopProductRow, ShopViewRow
from bot.db.rows import find


def customers(session: Session) -> Sequence[ShopCustomerRow]:
    """The sample customers whom the demo page can sign in as."""
    return session.scalars(select(ShopCustomerRow).order_by(ShopCustomerRow.id)).all()


def customer(session: Session, customer_id: str) -> ShopCustomerRow | None:
    return find(session, ShopCustomerRow, customer_id)


def account(session: Session, customer_id: str, columns: Sequence[str]) -> Row[Any] | None:
    """These columns of a customer's row, and no others."""
    query = select(*(getattr(ShopCustomerRow, name) for name in columns))
    return session.execute(query.where(ShopCustomerRow.id == customer_id)).one_or_none()


def orders(session: Session, customer_id: str) -> Sequence[ShopOrderRow]:
    """A customer's orders, newest first."""
    query = select(ShopOrderRow).where(ShopOrderRow.customer_id == customer_id)
    return session.scalars(query.order_by(ShopOrderRow.placed_at.desc(), ShopOrderRow.number.desc())).all()


def views(session: Session, customer_id: str) -> Sequence[ShopViewRow]:
    """Which products a customer looked at."""
    return session.scalars(select(ShopViewRow).where(ShopViewRow.customer_id == customer_id)).all()


def products(session: Session) -> Sequence[ShopProductRow]:
    return session.scalars(select(ShopProductRow).order_by(ShopProductRow.id)).all()


def add_all(session: Session, rows: Iterable[Base]) -> None:
    session.add_all(rows)
    session.flush()
