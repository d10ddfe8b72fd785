"""The one place where a MaskedMessage is made."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.masking.cleaning import clean
from bot.masking.vault import Vault
from bot.messages import MASKING, MaskedMessage, RawMessage
from bot.storage.tables import ConversationRow


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
