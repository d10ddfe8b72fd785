"""The demo shop's own calls: its products, its sample customers, and the identity token its page gives the widget."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from bot.core.errors import NotFound
from bot.db.keyring import load_secret
from bot.services import Services
from bot.shop import demo_customers, issue
from bot.shop.demo import demo_customer

router = APIRouter(prefix="/demo", tags=["demo shop"])


class SignIn(BaseModel):
    """Which sample customer to be."""

    customer_id: Annotated[str, Field(min_length=1, max_length=32)]


@router.get("/products")
async def products(request: Request) -> list[dict[str, Any]]:
    """The public catalogue."""
    parts: Services = request.app.state.services
    return [
        {
            "product_id": product.product_id,
            "names": dict(product.names),
            "descriptions": dict(product.descriptions),
            "price_cents": product.price_cents,
            "stock": product.stock,
        }
        for product in await parts.shop.products()
    ]


@router.get("/customers")
async def customers(request: Request) -> list[dict[str, str]]:
    """The invented customers one can sign in as."""
    parts: Services = request.app.state.services
    found = await parts.database.read(demo_customers)
    return [{"customer_id": customer.customer_id, "name": customer.name, "note": customer.note} for customer in found]


@router.post("/sign-in")
async def sign_in(request: Request, body: SignIn) -> dict[str, str]:
    """Sign an identity token, as a real shop does for its signed-in customer (docs/how-to/embed-the-widget.md)."""
    parts: Services = request.app.state.services
    customer = await parts.database.read(lambda s: demo_customer(s, body.customer_id))
    if customer is None:
        raise NotFound("There is no such sample customer.")
    secret = load_secret(parts.settings.data_dir, "identity.key")
    return {"identity_token": issue(secret, customer.customer_id, customer.name), "name": customer.name}
