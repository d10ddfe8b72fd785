"""Models of the demo shop."""

from __future__ import annotations

from pydantic import Field

from bot.api.schemas.base import Body, Schema


class DemoProduct(Schema):
    """A product of the public catalogue."""

    product_id: str
    names: dict[str, str] = Field(description="By language.")
    descriptions: dict[str, str] = Field(description="By language.")
    price_cents: int
    stock: int


class DemoCustomer(Schema):
    """An invented customer."""

    customer_id: str
    name: str
    note: str


class DemoIdentity(Schema):
    """An identity token as a site signs it for its signed-in customer."""

    identity_token: str
    name: str


class DemoSignIn(Body):
    """Which sample customer to be."""

    customer_id: str = Field(min_length=1, max_length=32)
