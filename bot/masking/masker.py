"""The one place where a MaskedMessage is made: of what a visitor sent, or of an example that staff wrote."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from bot.core.errors import BadRequest
from bot.core.messages import MASKING, PLACEHOLDER, MaskedMessage, RawMessage
from bot.masking.cleaning import clean
from bot.masking.finder import Finder
from bot.masking.placeholder_store import PlaceholderStore
from bot.masking.placeholders import MORE, find
from bot.masking.spans import Found, Part

_MARKS = re.compile(r"[\[\]{}]")
"""What Rasa reads as more than plain text in an example."""


def mask(
    session: Session, store: PlaceholderStore, raw: RawMessage, found: Sequence[Part] | None = None
) -> MaskedMessage:
    """`raw` with every identifier kept in the store and a placeholder in its place.

    A placeholder that the visitor typed is defused: `[ORDER_1]` becomes `(ORDER_1)`. Slash payloads pass unharmed.

    Args:
        found: what `find(store.finder, raw.text)` gave, so that the transaction need not wait for it.
    """
    parts = find(store.finder, raw.text) if found is None else found
    values = [part for part in parts if isinstance(part, Found) and part.kind != MORE]
    names = store.keep_all(session, raw.conversation_id, raw.visitor_id, values) if values else {}
    spelt = [part if isinstance(part, str) else names.get(part, f"[{MORE}_1]") for part in parts]
    placeholders = (text for part, text in zip(parts, spelt, strict=True) if isinstance(part, Found))
    return MaskedMessage(
        message_id=raw.message_id,
        conversation_id=raw.conversation_id,
        text="".join(spelt),
        placeholders=tuple(dict.fromkeys(placeholders)),
        made_by=MASKING,
    )


def mask_example(text: str, finder: Finder, placeholders: Collection[str]) -> MaskedMessage:
    """A training example that staff wrote, as a visitor's message would reach the engine: cleaned, and on one line.

    It belongs to no conversation, so that there is no store to keep an identifier in: one is refused.

    Args:
        placeholders: those that may stand in it, such as `[ORDER_1]`.

    Raises:
        BadRequest: it holds an identifier or another placeholder (`holds_identifier`), or is no plain text.
    """
    parts = re.split(f"({PLACEHOLDER.pattern})", text)
    plain = "".join(part if part in placeholders else _plain(part, finder) for part in parts)
    plain = " ".join(plain.replace("](", "] (").split())
    if not any(character.isalpha() for character in plain) or plain.startswith("/"):
        raise BadRequest("Write the example in words, as a visitor would.", code="not_plain")
    names = tuple(dict.fromkeys(PLACEHOLDER.findall(plain)))
    return MaskedMessage(message_id="", conversation_id="", text=plain, placeholders=names, made_by=MASKING)


def _plain(part: str, finder: Finder) -> str:
    """`part`, which holds no placeholder that is allowed, cleaned.

    Raises:
        BadRequest: as `mask_example`.
    """
    if PLACEHOLDER.fullmatch(part):
        raise BadRequest(f"Take {part} out, or number it as in the training data: [ORDER_1].", code="holds_identifier")
    cleaned = clean(part)
    if finder.spans(cleaned):
        raise BadRequest(
            "Take the name, number or address out, or write its placeholder, such as [ORDER_1].",
            code="holds_identifier",
        )
    if _MARKS.search(cleaned):
        raise BadRequest("Write the example without the marks [ ] { }.", code="not_plain")
    return cleaned
