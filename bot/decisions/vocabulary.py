"""Names and values in records, in words that people use: intents, purposes, categories, percentages."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.i18n import chosen, copy, entries
from bot.core.ids import Json
from bot.core.intents import intents
from bot.core.messages import NOT_UNDERSTOOD
from bot.policies import processing, purposes, spoken


def text(key: str, language: str, **values: object) -> str:
    """The text `key` of bot/core/i18n/explain.yml."""
    return copy(f"explain.{key}", language, **values)


def named(family: str, name: object, language: str) -> str:
    """The words for one of our own names, such as a purpose; the name itself, made readable, when there are none."""
    try:
        return text(f"{family}_{name}", language)
    except KeyError:
        return readable(str(name))


def intent_title(name: str | None, language: str) -> str:
    """What an intent is about, in words."""
    if name is None:
        return text("none", language)
    if name == NOT_UNDERSTOOD:
        return text("not_understood_intent", language)
    intent = intents().get(name)
    return intent.title(language) if intent is not None else readable(name)


def readable(name: str) -> str:
    """`utter_order_status` as `order status`."""
    return name.removeprefix("utter_").removeprefix("action_").replace("_", " ").strip()


def outcome_parts(kind: str, outcome: str) -> tuple[str, str]:
    """`handoff:queued` of a handoff as ("queued", ""), `stopped:orders` as ("stopped", "orders")."""
    head, _, tail = outcome.removeprefix(f"{kind}:").partition(":")
    return head, tail


def percent(share: float | None, language: str) -> str:
    """0.9143 as 91.4%: a confidence and its threshold often differ by less than one in a hundred."""
    return text("none", language) if share is None else f"{share * 100:.1f}".removesuffix(".0") + "%"


def listed(words: Iterable[str], language: str) -> str:
    """Words one after the other, as the language writes lists."""
    return chosen(entries("explain")["list_mark"], language).join(words)


def categories(record: dict[str, Json], language: str) -> str:
    """The categories of personal data in a record, as a list in words."""
    return listed((category_title(str(name), language) for name in record.get("categories") or ()), language)


def category_title(name: str, language: str) -> str:
    """A category of personal data; its name, made readable, when it is no longer declared."""
    declared = processing().data.get(name)
    return spoken(declared, language) if declared is not None else readable(name)


def purpose(record: dict[str, Json], language: str) -> str:
    return purpose_title(str(record["input"].get("purpose")), language)


def purpose_title(name: str, language: str) -> str:
    """What is asked for; the purpose's name, made readable, when it is no longer declared."""
    declared = purposes().get(name)
    return declared.title(language) if declared is not None else readable(name)
