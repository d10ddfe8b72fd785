"""What the assistant's engine remembers: messages without identifiers, what they meant, and its notes (slots)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from bot.core.errors import EngineError
from bot.core.ids import Json
from bot.core.messages import Author
from bot.db.models import ConversationRow
from bot.decisions.vocabulary import intent_title, readable
from bot.privacy.categories.base import Clearing, Item, Memory, Page, PersonalDataCategory, Reader
from bot.rasa import Engine, Recalled


class EngineMemory(PersonalDataCategory):
    """The engine's store, in another process: it is asked, before the database is read (`recall`)."""

    name, place, clearing = "engine", 70, Clearing.EXTERNAL

    async def forget(self, engine: Engine, conversation_id: str) -> None:
        await engine.forget(conversation_id)

    def page(self, reader: Reader, limit: int) -> Page:
        """The newest of what it remembers, with a note where it could not be asked."""
        known = [(conversation, reader.memory.get(conversation.id)) for conversation in reader.subject.conversations]
        total = sum(recalled.texts + len(recalled.slots) for _, recalled in known if recalled is not None)
        items = [item for conversation, found in known if found for item in _items(reader, conversation, found)]
        note = None if all(found is not None for _, found in known) else reader.words("engine_unavailable")
        return Page(total, sorted(items, key=lambda item: item.at, reverse=True)[:limit], note)

    def export_conversation(self, reader: Reader, conversation: ConversationRow) -> dict[str, Json]:
        """Everything it remembers of a conversation, or a sentence that it could not be asked."""
        recalled = reader.memory.get(conversation.id)
        if recalled is None:
            return {"engine": {"unavailable": reader.words("engine_unavailable")}}
        return {"engine": {"events": list(recalled.events), "slots": dict(recalled.slots)}}


CATEGORY = EngineMemory()


async def recall(engine: Engine, conversation_ids: list[str], *, whole: bool = False) -> Memory:
    """Ask the engine. Where it does not answer, it is not asked about the rest either."""
    memory: dict[str, Recalled] = {}
    try:
        for conversation_id in conversation_ids:
            memory[conversation_id] = await engine.recall(conversation_id, whole=whole)
    except EngineError:
        pass
    return memory


def _items(reader: Reader, conversation: ConversationRow, recalled: Recalled) -> Iterator[Item]:
    begun = conversation.created_at.isoformat()
    for name, value in recalled.slots.items():
        label = reader.words("engine_note", name=readable(name))
        yield Item(f"{conversation.id}.{name}", label, str(value), begun, conversation.id)
    for place, event in enumerate(recalled.events):
        if event["event"] in ("user", "bot"):
            yield _said(reader, f"{conversation.id}.{place}", event, begun, conversation.id)


def _said(reader: Reader, id_: str, event: Mapping[str, Json], begun: str, conversation_id: str) -> Item:
    at, text = _moment(event) or begun, str(event.get("text") or _buttons(event))
    if event["event"] == "bot":
        author = Author.ASSISTANT.value
        return Item(id_, reader.words("author_assistant"), text, at, conversation_id, author)
    intent = (event.get("parse_data") or {}).get("intent") or {}
    label = reader.words("engine_understood", intent=intent_title(intent.get("name"), reader.language))
    return Item(id_, label, text, at, conversation_id, Author.VISITOR.value)


def _buttons(event: Mapping[str, Json]) -> str:
    """What a message without text offers."""
    buttons = (event.get("data") or {}).get("buttons") or []
    return " · ".join(str(button.get("title", "")) for button in buttons)


def _moment(event: Mapping[str, Json]) -> str | None:
    stamp = event.get("timestamp")
    return datetime.fromtimestamp(stamp, UTC).isoformat() if isinstance(stamp, int | float) else None
