"""Validates contact addresses, leniently: spaces, brackets and full-width characters are accepted."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

MAX_LENGTH = 254
E_MAIL = re.compile(r"[^\s@<>\",;:()]+@(?:[^\s@.<>\",;:()]+\.)+[^\s@.<>\",;:()]{2,}")
PHONE_SIGNS = re.compile(r"\+?[0-9 ()./\-]+")
REGIONS = {"zh": "CN"}


def readable_address(text: str, language: str) -> str | None:
    """The e-mail address or phone number in `text`, tidied; None when it is neither."""
    address = " ".join(unicodedata.normalize("NFKC", text).split()).strip(" <>,;")
    if not address or len(address) > MAX_LENGTH or not address.isprintable():
        return None
    if E_MAIL.fullmatch(address):
        return address
    return _phone(address, REGIONS.get(language))


def certain_address(text: str, language: str) -> str | None:
    """Like `readable_address`, but a phone number only when it is a valid one of a known country."""
    address = readable_address(text, language)
    if address is None or "@" in address:
        return address
    try:
        number = phonenumbers.parse(address, REGIONS.get(language))
    except phonenumbers.NumberParseException:
        return None
    return address if phonenumbers.is_valid_number(number) else None


def _phone(address: str, region: str | None) -> str | None:
    if not PHONE_SIGNS.fullmatch(address):
        return None
    try:
        number = phonenumbers.parse(address, region)
    except phonenumbers.NumberParseException:
        # Without a country it cannot be checked further; somebody at the desk can still read it.
        return address if 7 <= sum(c.isdigit() for c in address) <= 15 else None
    return address if phonenumbers.is_possible_number(number) else None
