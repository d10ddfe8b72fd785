"""The one place where a MaskedMessage is made: of what a visitor sent, or of an example that staff wrote."""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy.orm import Session

from bot.errors import BadRequest
from bot.masking.cleaning import clean
from bot.masking.identifiers import Finder, Found
from bot.masking.vault import Vault
from bot.messages import MASKING, PLACEHOLDER, MaskedMessage, RawMessage
from bot.storage.tables import ConversationRow

_MARKS = re.compile(r"[\[\]{}]")
"""What Rasa reads as more than plain text in an example."""


def mask(session: Session, vault: Vault, raw: RawMessage) -> MaskedMessage:
    """`raw` with every identifier kept in the vault and a placeholder in its place.

    A placeholder that the visitor typed is defused: `[ORDER_1]` becomes `(ORDER_1)`. Slash payloads pass unharmed.
    """
    text, names = "", []
    for part in vault.finder.split(clean(raw.text)):
        if isinstance(part, str):
            text += part
            continue
        conversation = session.get_one(ConversationRow, raw.conversation_id)
        name = vault.placeholder(session, conversation, part.kind, part.value)
        text += name
        names.append(name)
    return MaskedMessage(
        message_id=raw.message_id,
        conversation_id=raw.conversation_id,
        text=text,
        placeholders=tuple(dict.fromkeys(names)),
        made_by=MASKING,
    )


def mask_example(text: str, finder: Finder, placeholders: Collection[str]) -> MaskedMessage:
    """A training example that staff wrote, as a visitor's message would reach the engine: cleaned, and on one line.

    It belongs to no conversation, so that there is no vault to keep an identifier in: one is refused.

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
    if any(isinstance(piece, Found) for piece in finder.split(cleaned)):
        raise BadRequest(
            "Take the number or address out, or write its placeholder, such as [ORDER_1].", code="holds_identifier"
        )
    if _MARKS.search(cleaned):
        raise BadRequest("Write the example without the marks [ ] { }.", code="not_plain")
    return cleaned
