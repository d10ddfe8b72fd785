"""No code reads personal data for a purpose that is not declared, or a category that the purpose does not name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import policies
from bot.consent import Grant, GrantError, gate
from bot.oversight import corrections
from bot.policies import processing, purposes
from bot.shop import shop
from tests.actions.gateway import Gateway

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for folder in ("bot", "actions") for path in (ROOT / folder).rglob("*.py"))
PERSONAL_TABLES = {"ShopOrderRow", "ShopCustomerRow", "ShopViewRow"}
OUR_OWN = {"bot/db/models/__init__.py", "bot/db/models/shop.py", "bot/shop/demo.py", "bot/shop/demo_repository.py"}
"""Where the demo shop's tables may be named: there a company's own shop takes their place."""


def nodes(path: Path) -> list[ast.AST]:
    """All that stands in a source file."""
    return list(ast.walk(ast.parse(path.read_text("utf-8"))))


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call of a method of that name, with where it stands."""
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def value(node: ast.expr) -> object:
    """What a constant of ours, or a literal, stands for."""
    if isinstance(node, ast.Constant):
        return node.value
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return next((vars(module)[name] for module in (policies, shop, corrections) if name in vars(module)), None)


def test_what_is_read_is_declared_with_its_purpose() -> None:
    """Fails when a `grant.require` names a purpose or a category that purposes.yml does not."""
    found = [(place, [value(argument) for argument in call.args]) for place, call in calls("require")]
    assert len(found) >= 5
    declared = {(name, category) for name, purpose in purposes().items() for category in purpose.categories}
    assert [(place, wanted) for place, wanted in found if tuple(wanted) not in declared] == []


def test_each_declared_purpose_is_one_that_code_reads_for() -> None:
    """Nobody is asked for what nothing needs."""
    read = {value(call.args[0]) for _, call in calls("require")}
    assert read == set(purposes())


def test_customers_tables_are_read_in_the_shop_alone_and_by_functions_that_take_a_grant() -> None:
    for path in SOURCES:
        named = PERSONAL_TABLES & {each.id for each in nodes(path) if isinstance(each, ast.Name)}
        assert not named or str(path.relative_to(ROOT)) in OUR_OWN, f"{path.name} reads {named}"
    protocol = next(each for each in nodes(ROOT / "bot/shop/shop.py") if getattr(each, "name", "") == "Shop")
    assert isinstance(protocol, ast.ClassDef)
    public = {"products", "find_products", "goes_with"}
    for method in protocol.body:
        if isinstance(method, ast.AsyncFunctionDef) and method.name not in public:
            argument = method.args.args[1]
            assert isinstance(argument.annotation, ast.Name), method.name
            assert argument.annotation.id == "Grant", method.name


def test_categories_have_words_and_terms_in_the_vocabulary() -> None:
    for purpose in purposes().values():
        for category in purpose.categories:
            entry = processing().data[category]
            assert {"en", "zh", "dpv"} <= set(entry)
            assert entry["dpv"].startswith("pd:")
        assert purpose.dpv["purpose"].startswith("dpv:")
        assert processing().bases[purpose.lawful_basis]["dpv"].startswith("dpv:")


@pytest.mark.parametrize(("purpose", "category"), [("marketing", "email"), ("order_history", "email")])
def test_a_grant_opens_nothing_that_is_not_declared(gateway: Gateway, purpose: str, category: str) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.choose(conversation, "order_history", "allow")
    grant = gateway.ask(conversation)
    assert isinstance(grant, Grant)
    with pytest.raises(GrantError):
        grant.require(purpose, category)
    assert gateway.ask(conversation, "marketing") == gate.Refused("failed")
