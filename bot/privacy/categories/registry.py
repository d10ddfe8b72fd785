"""The categories of personal data: the `CATEGORY` of each module in this package."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from bot.core.i18n import copy, entries
from bot.policies import processing, spoken
from bot.privacy import categories
from bot.privacy.categories.base import Clearing, PersonalDataCategory

OF_ERASURE = {"requests_ended": "desk"}
"""The receipt's store of what an erasure counts beside categories, where it is not `database`."""


def discover() -> dict[str, PersonalDataCategory]:
    """The categories by name, in the order of their places."""
    modules = [import_module(f"{categories.__name__}.{found.name}") for found in iter_modules(categories.__path__)]
    found: list[PersonalDataCategory] = [module.CATEGORY for module in modules if hasattr(module, "CATEGORY")]
    return {one.name: one for one in sorted(found, key=lambda one: (one.place, one.name))}


CATEGORIES = discover()


def cleared(how: Clearing) -> list[PersonalDataCategory]:
    """The categories that retention clears in this way."""
    return [one for one in CATEGORIES.values() if one.clearing is how]


def together() -> list[str]:
    """The names of the categories that are cleared by erasing the visitor."""
    return [one.name for one in cleared(Clearing.WITH_VISITOR)]


def published_as() -> dict[str, bool]:
    """The categories that published purposes have to declare, each with whether it is cleared with the conversation."""
    return {one.name: one.clearing is Clearing.WITH_VISITOR for one in CATEGORIES.values()}


def days_of(category: str) -> int:
    """Days after the last message for which a category is kept; those that go together take the longest period."""
    kept, names = processing().kept, together()
    return max(int(kept[name]["days"]) for name in (names if category in names else [category]) if name in kept)


def store_of(sort: str) -> str:
    """The receipt's store of a sort of rows."""
    stores = dict(OF_ERASURE)
    for category in CATEGORIES.values():
        stores.update(category.stores)
    return stores.get(sort, "database")


def words_of(sort: str, language: str) -> str:
    """A sort of rows in words: `removed_<sort>` in privacy.yml, else the published title of the category."""
    if f"removed_{sort}" in entries("privacy"):
        return copy(f"privacy.removed_{sort}", language)
    named = processing().kept.get(sort)
    return spoken(named["title"], language) if named else sort.replace("_", " ")
