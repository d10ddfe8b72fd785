"""The receipt of an erasure, to read and to keep."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.html import render
from bot.core.ids import Json


def receipt_page(receipt: Mapping[str, Json], language: str) -> str:
    """HTML of what `receipt` gave in that language."""
    return render("privacy/templates/receipt.html", language, receipt=receipt)


def receipt_text(receipt: Mapping[str, Json]) -> str:
    """The same as plain text in English, for a terminal."""
    stores = (f"  {one['title']} ({one['state']}): {one['text']}" for one in receipt["stores"])
    kept = (f"  Kept: {one['conversation_id']}, on legal hold: {one['reason']}" for one in receipt["kept"])
    head = f"Receipt {receipt['request_id']}, asked for on {receipt['asked_at'][:19].replace('T', ' at ')} UTC."
    return "\n".join([head, receipt["sentence"], *stores, *kept])
