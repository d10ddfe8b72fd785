"""What every implementation of `Shop` has to do. A company adds its own to `SHOPS` and keeps these tests."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from bot.consent import Grant, GrantError
from bot.consent import grant as grant_module
from bot.core.ids import now
from bot.db.models import ShopCustomerRow, ShopProductRow, ShopViewRow
from bot.policies import ACCOUNT_DETAILS, CONTACT_BY_EMAIL, ORDER_HISTORY, RECOMMENDATIONS
from bot.shop.answers import describe_account, describe_order, describe_product, describe_refund
from bot.shop.demo import DemoShop, seed
from bot.shop.shop import Account, Shop, same_number
from tests import transactions
from tests.actions.gateway import Gateway, run

SHOPS: dict[str, Callable[[Gateway], Shop]] = {"demo": lambda gateway: DemoShop(gateway.database)}


@pytest.fixture(params=list(SHOPS))
def shop(request: pytest.FixtureRequest, gateway: Gateway) -> Shop:
    return SHOPS[request.param](gateway)


CALLS: dict[str, Callable[[Shop, Grant], Coroutine[Any, Any, Any]]] = {
    "orders": lambda shop, grant: shop.orders(grant),
    "order": lambda shop, grant: shop.order(grant, "FH-204817"),
    "account": lambda shop, grant: shop.account(grant),
    "email": lambda shop, grant: shop.email(grant),
    "suggestions": lambda shop, grant: shop.suggestions(grant),
}
OPENED_BY = {
    "orders": ORDER_HISTORY,
    "order": ORDER_HISTORY,
    "account": ACCOUNT_DETAILS,
    "email": CONTACT_BY_EMAIL,
    "suggestions": RECOMMENDATIONS,
}
"""Every call that reads what is a customer's, and the only purpose that opens it."""


def granted(gateway: Gateway, customer: str, purpose: str = ORDER_HISTORY) -> Grant:
    conversation = gateway.converse(customer)
    gateway.write(conversation, lambda s, c: gateway.consents.give(s, c, purpose, {"how": "test"}))
    grant = gateway.ask(conversation, purpose)
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


@pytest.mark.parametrize("call", list(CALLS))
def test_a_grant_that_is_over_reads_nothing(
    shop: Shop, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    # Rule C1. Fails when `grant.require(...)` in any call of DemoShop goes.
    grant = granted(gateway, "cust_ada", OPENED_BY[call])
    monkeypatch.setattr(grant_module, "now", lambda: now() + timedelta(minutes=1))
    with pytest.raises(GrantError):
        run(CALLS[call](shop, grant))


@pytest.mark.parametrize("call", list(CALLS))
def test_each_call_is_opened_by_its_own_purpose_alone(shop: Shop, gateway: Gateway, call: str) -> None:
    # Rule C1. Fails when a call of DemoShop requires no purpose, or another one.
    run(CALLS[call](shop, granted(gateway, "cust_ada", OPENED_BY[call])))
    for purpose in set(OPENED_BY.values()) - {OPENED_BY[call]}:
        with pytest.raises(GrantError):
            run(CALLS[call](shop, granted(gateway, "cust_ada", purpose)))


def test_an_account_has_what_stands_in_it(shop: Shop, gateway: Gateway) -> None:
    account = run(shop.account(granted(gateway, "cust_ada", ACCOUNT_DETAILS)))
    assert (account.name, account.email) == ("Ada Lindqvist", "ada@example.com")
    assert account.phone and "Amsterdam" in account.address
    assert run(shop.account(granted(gateway, "cust_noor", ACCOUNT_DETAILS))).phone is None


def test_of_an_account_only_what_the_grant_names_is_read(shop: Shop, gateway: Gateway) -> None:
    # GDPR 5(1)(c). Fails when DemoShop.account reads more than `grant.categories`.
    grant = granted(gateway, "cust_ada", ACCOUNT_DETAILS)
    object.__setattr__(grant, "categories", frozenset({"name"}))
    assert run(shop.account(grant)) == Account(name="Ada Lindqvist")


def test_somebody_unknown_to_the_shop_has_an_empty_account(shop: Shop, gateway: Gateway) -> None:
    assert run(shop.account(granted(gateway, "cust_nobody", ACCOUNT_DETAILS))) == Account()
    assert run(shop.email(granted(gateway, "cust_nobody", CONTACT_BY_EMAIL))) is None
    assert run(shop.suggestions(granted(gateway, "cust_nobody", RECOMMENDATIONS))) == []


def test_the_address_to_write_to_is_the_accounts(shop: Shop, gateway: Gateway) -> None:
    assert run(shop.email(granted(gateway, "cust_mei", CONTACT_BY_EMAIL))) == "mei@example.com"


@pytest.mark.parametrize("customer", ["cust_ada", "cust_bruno", "cust_mei", "cust_omar"])
def test_suggestions_are_new_in_stock_and_have_a_reason_of_the_customers_own(
    shop: Shop, gateway: Gateway, customer: str
) -> None:
    orders = run(shop.orders(granted(gateway, customer)))
    kept = [o for o in orders if o.status not in ("cancelled", "returned", "refunded")]
    theirs = {item.names["en"] for order in kept for item in order.items}
    found = run(shop.suggestions(granted(gateway, customer, RECOMMENDATIONS)))
    assert 1 <= len(found) <= 3
    assert len({each.product.product_id for each in found}) == len(found)
    for each in found:
        assert each.product.stock > 0
        assert each.product.names["en"] not in theirs
        assert (each.how == "bought") == (each.because.names["en"] in theirs)


def test_suggested_products_are_those_that_everybody_sees_at_the_same_price(shop: Shop, gateway: Gateway) -> None:
    # Personal Information Protection Law, article 24.
    everybodys = run(shop.products())
    for each in run(shop.suggestions(granted(gateway, "cust_ada", RECOMMENDATIONS))):
        assert each.product in everybodys


def test_who_bought_and_saw_nothing_gets_no_suggestions(shop: Shop, gateway: Gateway) -> None:
    assert run(shop.suggestions(granted(gateway, "cust_noor", RECOMMENDATIONS))) == []


def test_what_goes_with_a_product_is_in_stock_and_not_itself(shop: Shop) -> None:
    for product in run(shop.products()):
        together = run(shop.goes_with(product))
        assert 1 <= len(together) <= 3
        assert all(each.stock > 0 and each != product for each in together)


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


def test_a_thing_that_was_bought_or_out_of_stock_is_not_suggested(gateway: Gateway) -> None:
    transactions.write(gateway.database, lambda s: s.execute(update(ShopProductRow).values(stock=0)))
    assert run(DemoShop(gateway.database).suggestions(granted(gateway, "cust_ada", RECOMMENDATIONS))) == []


def test_the_newest_reason_comes_first(gateway: Gateway) -> None:
    found = run(DemoShop(gateway.database).suggestions(granted(gateway, "cust_ada", RECOMMENDATIONS)))
    assert [(each.because.product_id, each.how, each.product.product_id) for each in found][:2] == [
        ("candle", "bought", "lamp"), ("lamp", "looked_at", "clock"),
    ]  # fmt: skip


def test_a_shop_that_has_customers_is_not_filled_again(gateway: Gateway) -> None:
    # Databases of before have no phone numbers, addresses and views; they stay as they are.
    def as_before(session: Any) -> None:
        session.execute(delete(ShopViewRow))
        session.execute(update(ShopCustomerRow).values(phone=None, address=None))

    transactions.write(gateway.database, as_before)
    transactions.write(gateway.database, seed)
    assert transactions.read(gateway.database, lambda s: s.scalar(select(func.count()).select_from(ShopViewRow))) == 0
    account = run(DemoShop(gateway.database).account(granted(gateway, "cust_ada", ACCOUNT_DETAILS)))
    assert (account.email, account.phone, account.address) == ("ada@example.com", None, None)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_account_is_told_as_far_as_it_was_asked_for(language: str) -> None:
    account = Account(name="Ada", email="ada@example.com", phone=None, address="1 Lane")
    assert "Ada" in (everything := describe_account(account, [], language)) and "1 Lane" in everything
    only = describe_account(account, ["email"], language)
    assert "ada@example.com" in only and "1 Lane" not in only
    assert describe_account(account, ["phone"], language) in (
        "There is no phone number in your account.", "您的账户没有登记电话。",
    )  # fmt: skip


def test_an_account_or_suggestion_shown_to_a_log_tells_nothing(gateway: Gateway) -> None:
    shop = DemoShop(gateway.database)
    assert repr(run(shop.account(granted(gateway, "cust_ada", ACCOUNT_DETAILS)))) == "Account()"
    shown = repr(run(shop.suggestions(granted(gateway, "cust_ada", RECOMMENDATIONS))))
    assert not any(word in shown for word in ("candle", "lamp", "Lantern"))


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
