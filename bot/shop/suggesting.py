"""Which products go with what a customer bought or looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.shop.shop import Product, Suggestion

MOST = 3
"""Products suggested at once."""


@dataclass(frozen=True)
class Source:
    """A product that the customer bought or looked at."""

    product_id: str = field(repr=False)
    how: Literal["bought", "looked_at"]
    at: datetime


def suggest(
    sources: Iterable[Source], products: Mapping[str, Product], goes_with: Mapping[str, Sequence[str]]
) -> list[Suggestion]:
    """One product for each source, the newest first: in stock, not bought already, none of them twice."""
    newest_first = sorted(sources, key=lambda source: (source.at, source.product_id), reverse=True)
    taken = {source.product_id for source in newest_first if source.how == "bought"}
    found: list[Suggestion] = []
    for source in newest_first:
        together = (products.get(name) for name in goes_with.get(source.product_id, ()))
        fits = (each for each in together if each is not None and each.stock > 0 and each.product_id not in taken)
        chosen, because = next(fits, None), products.get(source.product_id)
        if chosen is not None and because is not None:
            taken.add(chosen.product_id)
            found.append(Suggestion(chosen, because, source.how))
    return found[:MOST]
