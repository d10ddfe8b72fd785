"""The receipt of a choice about personal data, to read and to keep."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.html import render
from bot.core.ids import Json
from bot.policies import purposes


def consent_page(receipt: Mapping[str, Json], language: str) -> str:
    """HTML of what `bot.consent.receipts.receipt` gave."""
    name = receipt["dpv:hasRecordOfActivity"]["dpv:hasProcess"]["dct:identifier"]
    return render("privacy/templates/consent.html", language, receipt=receipt, declared=purposes().get(name))
