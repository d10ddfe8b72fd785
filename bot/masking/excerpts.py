"""Parts of a masked message, and one of earlier: both are as masked as what they come from."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.messages import MASKING, PLACEHOLDER, MaskedMessage


def excerpt(message: MaskedMessage, spans: Sequence[tuple[int, int]]) -> MaskedMessage:
    """The parts of `message` that lie in `spans` (start and end of each, in order), as one message."""
    text = " ".join(part for start, end in spans if (part := message.text[start:end].strip()))
    return _masked(message.message_id, message.conversation_id, text)


def recalled(message: MaskedMessage, text: str) -> MaskedMessage:
    """A masked text that a decision record of this conversation holds, to be answered in the turn of `message`."""
    return _masked(message.message_id, message.conversation_id, text)


def defused(message: MaskedMessage) -> MaskedMessage:
    """`message` so that the engine takes it for words: what Rasa reads as a command at its start is left out."""
    text = message.text.lstrip()
    if not text.startswith("/") and not text.upper().startswith("EXTERNAL:"):
        return message
    while text.startswith("/") or text.upper().startswith("EXTERNAL:"):
        text = text[1:].lstrip() if text.startswith("/") else text[len("EXTERNAL:") :].lstrip()
    return _masked(message.message_id, message.conversation_id, text or "…")


def _masked(message_id: str, conversation_id: str, text: str) -> MaskedMessage:
    names = tuple(dict.fromkeys(PLACEHOLDER.findall(text)))
    return MaskedMessage(message_id, conversation_id, text, names, made_by=MASKING)
