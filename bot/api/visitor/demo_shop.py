"""The demo shop's own calls: its products, its sample customers, and the identity token its page gives the widget."""

from __future__ import annotations

from fastapi import APIRouter

from bot.api.deps import GatewayServices, Snapshot
from bot.api.schemas.demo_shop import DemoCustomer, DemoIdentity, DemoProduct, DemoSignIn
from bot.api.schemas.errors import errors
from bot.core.errors import NotFound
from bot.db.keyring import load_secret
from bot.shop import demo_customers, issue
from bot.shop.demo import demo_customer

router = APIRouter(prefix="/demo", tags=["demo shop"])


@router.get("/products")
async def list_products(services: GatewayServices) -> list[DemoProduct]:
    """The public catalogue."""
    return [
        DemoProduct(
            product_id=product.product_id,
            names=dict(product.names),
            descriptions=dict(product.descriptions),
            price_cents=product.price_cents,
            stock=product.stock,
        )
        for product in await services.shop.products()
    ]


@router.get("/customers")
def list_customers(session: Snapshot) -> list[DemoCustomer]:
    """The invented customers one can sign in as."""
    return [DemoCustomer(customer_id=one.customer_id, name=one.name, note=one.note) for one in demo_customers(session)]


@router.post("/sign-in", responses=errors(NotFound))
def sign_in(session: Snapshot, services: GatewayServices, body: DemoSignIn) -> DemoIdentity:
    """What a real shop's server does for its signed-in customer: sign an identity token (docs/embedding.md)."""
    customer = demo_customer(session, body.customer_id)
    if customer is None:
        raise NotFound("There is no such sample customer.")
    secret = load_secret(services.settings.data_dir, "identity.key")
    return DemoIdentity(identity_token=issue(secret, customer.customer_id, customer.name), name=customer.name)
