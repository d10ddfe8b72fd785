"""The receipt of an erasure, to read and to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.core.html import facts, moment, page, paragraph, table
from bot.core.i18n import copy
from bot.core.ids import Json


def receipt_page(receipt: Mapping[str, Json], language: str) -> str:
    """HTML of what `receipt` gave in that language."""
    return page(copy("privacy.receipt_title", language), language, _parts(receipt, language))


def receipt_text(receipt: Mapping[str, Json]) -> str:
    """The same as plain text in English, for a terminal."""
    stores = (f"  {one['title']} ({one['state']}): {one['text']}" for one in receipt["stores"])
    kept = (f"  Kept: {one['conversation_id']}, on legal hold: {one['reason']}" for one in receipt["kept"])
    head = f"Receipt {receipt['request_id']}, asked for on {receipt['asked_at'][:19].replace('T', ' at ')} UTC."
    return "\n".join([head, receipt["sentence"], *stores, *kept])


def _parts(receipt: Mapping[str, Json], language: str) -> Iterator[str]:
    def says(key: str) -> str:
        return copy(f"privacy.{key}", language)

    yield paragraph(receipt["sentence"])
    yield facts(
        [
            (says("receipt_number"), receipt["request_id"]),
            (says("receipt_what"), says(f"receipt_what_{receipt['what']}")),
            (says("receipt_asked"), moment(receipt["asked_at"])),
            (says("receipt_finished"), moment(receipt["done_at"])),
            (says("receipt_conversations"), "\n".join(receipt["conversations"])),
        ]
    )
    yield table(
        says("receipt_stores"),
        [says("receipt_store"), says("receipt_state"), says("receipt_text")],
        [(one["title"], says(f"receipt_state_{one['state']}"), one["text"]) for one in receipt["stores"]],
    )
    yield table(
        says("html_hold"),
        [says("html_number"), says("html_reason")],
        [(one["conversation_id"], one["reason"]) for one in receipt["kept"]],
    )
