"""The demo shop's own calls: its products, its sample customers, and the identity token its page gives the widget."""

from __future__ import annotations

from fastapi import APIRouter

from bot.api.deps import GatewayServices, Snapshot
from bot.api.schemas.demo_shop import DemoCustomer, DemoIdentity, DemoProduct, DemoSignIn
from bot.api.schemas.errors import errors
from bot.core.errors import NotFound
from bot.db.keyring import load_secret
from bot.shop.demo_repository import customer, customers
from bot.shop.identity import issue

router = APIRouter(prefix="/demo", tags=["demo shop"])


@router.get("/products")
async def list_products(services: GatewayServices) -> list[DemoProduct]:
    """The public catalogue."""
    return [DemoProduct.of(product) for product in await services.shop.products()]


@router.get("/customers")
def list_customers(session: Snapshot) -> list[DemoCustomer]:
    """The invented customers one can sign in as."""
    return [DemoCustomer.of(one, customer_id=one.id) for one in customers(session)]


@router.post("/sign-in", responses=errors(NotFound))
def sign_in(session: Snapshot, services: GatewayServices, body: DemoSignIn) -> DemoIdentity:
    """What a real shop's server does for its signed-in customer: sign an identity token."""
    known = customer(session, body.customer_id)
    if known is None:
        raise NotFound("There is no such sample customer.")
    secret = load_secret(services.settings.data_dir, "identity.key")
    return DemoIdentity(identity_token=issue(secret, known.id, known.name), name=known.name)
