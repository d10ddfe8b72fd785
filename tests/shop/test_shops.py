"""What every implementation of `Shop` has to do. A company adds its own to `SHOPS` and keeps these tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.consent import Grant, GrantError
from bot.consent import grant as grant_module
from bot.messages import now
from bot.shop import DemoShop, Shop, describe_order, describe_product, describe_refund, same_number
from tests.actions.gateway import Gateway, run

SHOPS: dict[str, Callable[[Gateway], Shop]] = {"demo": lambda gateway: DemoShop(gateway.database)}


@pytest.fixture(params=list(SHOPS))
def shop(request: pytest.FixtureRequest, gateway: Gateway) -> Shop:
    return SHOPS[request.param](gateway)


def granted(gateway: Gateway, customer: str) -> Grant:
    conversation = gateway.converse(customer)
    gateway.consent(conversation, "give")
    grant = gateway.ask(conversation)
    assert isinstance(grant, Grant)
    return grant


def test_a_customers_orders_come_newest_first(shop: Shop, gateway: Gateway) -> None:
    orders = run(shop.orders(granted(gateway, "cust_ada")))
    assert {order.number for order in orders} == {"FH-204902", "FH-204817", "FH-203391"}
    assert orders == sorted(orders, key=lambda order: order.placed_at, reverse=True)


def test_a_customer_without_orders_has_an_empty_list(shop: Shop, gateway: Gateway) -> None:
    assert run(shop.orders(granted(gateway, "cust_noor"))) == []


@pytest.mark.parametrize("number", ["FH-204817", "fh 204817", "204817", "FH204817"])
def test_an_order_is_found_however_it_is_spelt(shop: Shop, gateway: Gateway, number: str) -> None:
    order = run(shop.order(granted(gateway, "cust_ada"), number))
    assert order is not None
    assert order.number == "FH-204817"


@pytest.mark.parametrize("number", ["FH-204655", "FH-999999", "", "xx"])
def test_other_peoples_orders_and_none_look_the_same(shop: Shop, gateway: Gateway, number: str) -> None:
    # Rule C1. Fails when Shop.order looks a number up without the grant's customer.
    assert run(shop.order(granted(gateway, "cust_ada"), number)) is None


def test_a_grant_that_is_over_reads_nothing(shop: Shop, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    # Rule C1. Fails when `grant.require(...)` in DemoShop.orders goes.
    grant = granted(gateway, "cust_ada")
    monkeypatch.setattr(grant_module, "now", lambda: now() + timedelta(minutes=1))
    with pytest.raises(GrantError):
        run(shop.orders(grant))
    with pytest.raises(GrantError):
        run(shop.order(grant, "FH-204817"))


def test_products_speak_both_languages_and_have_a_price(shop: Shop) -> None:
    products = run(shop.products())
    assert len(products) >= 10
    for product in products:
        assert set(product.names) >= {"en", "zh"}
        assert set(product.descriptions) >= {"en", "zh"}
        assert product.price_cents > 0


@pytest.mark.parametrize(
    ("text", "product_id"),
    [
        ("Is the copper kettle in stock?", "kettle"),
        ("do you have ketles", "kettle"),
        ("tell me about the wool blanket", "blanket"),
        ("how big is the cast iron skillet", "skillet"),
        ("mugs", "mugs"),
        ("铜质水壶有货吗", "kettle"),
        ("那个茶壶多大", "teapot"),
        ("LINEN DUVET COVER", "duvet"),
        ("plant pot", "pot"),
    ],
)
def test_a_product_is_found_by_its_name(shop: Shop, text: str, product_id: str) -> None:
    assert run(shop.find_products(text))[0].product_id == product_id


@pytest.mark.parametrize("text", ["", "how long does delivery take", "你好", "!!!", "is it in stock", "有货吗"])
def test_no_product_is_made_up(shop: Shop, text: str) -> None:
    assert run(shop.find_products(text)) == []


def test_the_demo_shop_has_orders_in_every_state_and_a_late_one(gateway: Gateway) -> None:
    shop = DemoShop(gateway.database)
    customers = ("cust_ada", "cust_bruno", "cust_mei", "cust_omar")
    orders = [order for customer in customers for order in run(shop.orders(granted(gateway, customer)))]
    assert {order.status for order in orders} == {
        "paid", "packed", "shipped", "delivered", "cancelled", "returned", "refunded",
    }  # fmt: skip
    assert [order.number for order in orders if order.late(now())] == ["FH-204655"]
    for order in orders:
        for language in ("en", "zh"):
            assert order.number in describe_order(order, orders[:1], language)
            assert order.number in describe_refund(order, language)


def test_a_partly_paid_refund_is_told_as_such(gateway: Gateway) -> None:
    order = run(DemoShop(gateway.database).order(granted(gateway, "cust_omar"), "FH-204411"))
    assert order is not None
    assert "€49.00 of €128.00" in describe_refund(order, "en")


def test_an_order_shown_to_a_log_tells_nothing(gateway: Gateway) -> None:
    order = run(DemoShop(gateway.database).order(granted(gateway, "cust_ada"), "204817"))
    assert "204817" not in repr(order)
    assert "JD0146" not in repr(order)


def test_stock_is_told_as_it_is(gateway: Gateway) -> None:
    products = {product.product_id: product for product in run(DemoShop(gateway.database).products())}
    assert describe_product(products["skillet"], "en").endswith("It is out of stock at the moment.")
    assert describe_product(products["blanket"], "en").endswith("There are 2 left.")
    assert describe_product(products["kettle"], "zh").endswith("目前有货。")


def test_numbers_are_the_same_in_every_spelling() -> None:
    assert same_number("FH-204817", "fh204817")
    assert same_number("204817", "FH-204817")
    assert not same_number("FH-204817", "XX-204817")
    assert not same_number("", "")
