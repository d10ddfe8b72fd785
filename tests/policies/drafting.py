"""Drafts to change and publish, as an operator does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.db import Database
from bot.policies import Document, repository
from bot.policies.validation import checked
from bot.privacy.categories.registry import published_as
from tests.transactions import write

SENTENCES = {"en": "We moved.", "zh": "我们搬家了。"}
MOVED = ("purposes.yml", "12 Market Street", "14 Market Street")
"""An edit that changes the purposes and, because they quote it, both privacy notices."""
OTHER_DATA = ("purposes.yml", "data: [order_status, delivery, refund]", "data: [order_status, delivery]")
"""An edit that changes what a consent for order_history is about."""
OTHER_WORDS = ("purposes.yml", "en: Use your order history", "en: Look at your order history")
"""An edit that changes what a purpose is called, and nothing that was agreed to."""


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace `old`, which has to be there, in one draft."""
    text = (folder / file).read_text("utf-8")
    assert old in text, f"{file} holds no {old!r}"
    (folder / file).write_text(text.replace(old, new), "utf-8")


def publish(database: Database, folder: Path, sentences: Mapping[str, str] = SENTENCES) -> list[Document]:
    """Publish the drafts in `folder`, here and now."""
    drafted = checked(folder, published_as())
    return write(database, lambda s: repository.publish(s, drafted, sentences))
