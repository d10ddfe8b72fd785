"""Finds identifiers in a cleaned text: finders run one after the other, and none sees what those before it found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import phonenumbers

from bot.masking import (
    addresses,
    addresses_han,
    births,
    contacts,
    documents,
    emails,
    harmless,
    names,
    names_han,
    networks,
    numbers,
    orders,
    payments,
    references,
    secrets,
)
from bot.masking.figures import figures
from bot.masking.iban import find_iban
from bot.masking.spans import HARMLESS, Find, Span, blot, free

DEFAULT_ORDER_PATTERN = r"FH[- ]?\d{6}"
"""How this company writes its order numbers (setting `order_pattern`)."""
REGIONS = ("US", "GB", "CN", "DE", "NL", "FR")
"""Where a phone number without a country code may be from."""

_REPEATED = ("NAME", "SECRET", "ID")
MOST_REPEATED = 20
"""Values that are looked for once more in the same message, at most."""
_SPELT = re.compile(r"(?<!\S)\S(?:[ ]{1,2}\S(?!\S)){6,}+")


class Finder:
    """Splits a text into plain parts and identifiers.

    Args:
        order_pattern: a regular expression of the company's order numbers; upper or lower case does not matter.
    """

    def __init__(self, order_pattern: str = DEFAULT_ORDER_PATTERN) -> None:
        own = orders.own(order_pattern)
        of_payments: tuple[Find, ...] = (payments.devices, find_iban, payments.cards, payments.payments)
        self._secret: tuple[Find, ...] = (secrets.secrets, *of_payments)
        self._finders: tuple[Find, ...] = (
            secrets.secrets,
            emails.emails,
            emails.other_emails,
            _spelt(emails.emails, find_iban, own),
            networks.networks,
            networks.positions,
            *of_payments,
            own,
            births.births,
            documents.documents,
            addresses.addresses,
            addresses_han.han_addresses,
            names.names,
            names_han.han_names,
            numbers.lookalikes,
            contacts.phones,
            harmless.harmless,
            orders.after_cues,
            references.references,
            numbers.spoken,
            contacts.contacts,
            secrets.near_passwords,
            numbers.codes,
            numbers.runs,
        )

    def spans(self, text: str) -> list[Span]:
        """Where identifiers stand in `text`, which has been cleaned, and their kinds; in order. Numbers are DIGITS."""
        found = _run(self._finders, text)
        return sorted([*found, *_again(text, found)])

    def secret_spans(self, text: str) -> list[Span]:
        """As `spans`, of secrets and of cards and accounts alone."""
        return _run(self._secret, text)


def kind_of(number: str) -> str:
    """PHONE when somebody could be called there, else NUMBER."""
    number = number if number.isascii() and not re.search(r"[A-WYZa-wyz]", number) else figures(number)
    digits = sum(c.isdigit() for c in number)
    if not 7 <= digits <= 15:
        return "NUMBER"
    if number.startswith("00"):
        number = "+" + number[2:]
    regions = (None,) if number.startswith("+") else REGIONS
    return "PHONE" if any(_valid(number, region) for region in regions) else "NUMBER"


def _valid(text: str, region: str | None) -> bool:
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(text, region)))
    except phonenumbers.NumberParseException:
        return False


def _run(finders: Iterable[Find], text: str) -> list[Span]:
    found: list[Span] = []
    left = text
    for find in finders:
        candidates = list(find(left))
        if candidates and (spans := list(free(left, candidates))):
            found += spans
            left = blot(left, spans)
    return sorted(span for span in found if span[2] != HARMLESS)


def _again(text: str, found: Sequence[Span]) -> Iterator[Span]:
    """Names and secrets that stand in `text` once more, without a cue: "my name is Lena Kraus … ask for Kraus"."""
    words = {word for start, end, kind in found if kind in _REPEATED for word in _words(kind, text[start:end])}
    if not words:
        return
    longest = sorted(words, key=lambda word: (-len(word), word))[:MOST_REPEATED]
    once_more = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, longest))})(?![A-Za-z0-9])")
    kinds = {word: kind for start, end, kind in found for word in _words(kind, text[start:end])}
    left = blot(text, found)
    yield from ((*match.span(), kinds[match.group()]) for match in once_more.finditer(left))


def _words(kind: str, value: str) -> Iterator[str]:
    """What to look for: a secret as it is, of a name each part."""
    parts = value.split() if kind == "NAME" else [value]
    shortest = 2 if not value.isascii() else 4
    yield from (
        part for part in parts if len(part) >= shortest and (kind != "NAME" or part[0].isupper() or not part.isascii())
    )


def _spelt(*finders: Find) -> Find:
    """What these find where a text is written with a space after each character: "l e n a @ e x a m p l e . c o m"."""

    def find(text: str) -> Iterator[Span]:
        for match in _SPELT.finditer(text):
            places = [at for at in range(*match.span()) if not text[at].isspace()]
            dense = "".join(text[at] for at in places)
            for one in finders:
                for start, end, kind in one(dense):
                    yield places[start], places[end - 1] + 1, kind

    return find


DEFAULT_FINDER = Finder()
