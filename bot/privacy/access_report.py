"""Reports who accessed the data subject's data, and why: people from access records, the software from grants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from bot.core.ids import Json
from bot.decisions import vocabulary
from bot.decisions.kinds import Kind
from bot.privacy.categories.base import Reader
from bot.privacy.data_subject import DataSubject
from bot.privacy.decryption import Record, open_records
from bot.privacy.repository import accesses_to, accesses_to_many, proposals

SUPPORT = "support"
"""The purpose of an agent's access in its record; all others are reviewers'."""
Content: TypeAlias = dict[str, Json]


def accesses(reader: Reader, assistant: str, limit: int | None = None) -> list[Content]:
    """All accesses to the caller's data, the newest first; at most `limit`.

    Each is `{at, who, role, what, why, conversation_id}`; `role` is `agent`, `reviewer` or `system`, `conversation_id`
    is "" for an access to many records.
    """
    session, subject = reader.session, reader.subject
    about_mine = open_records(session, reader.recorder, accesses_to(session, subject.visitor_ids, limit))
    about_many = open_records(session, reader.recorder, accesses_to_many(session, _begun(subject), limit))
    proposed = proposals(session, subject.visitor_ids)
    found = [_access(reader, record, assistant) for record in about_mine]
    found += [
        _access_to_many(reader, record.content)
        for record in about_many
        if record.content is not None and _concerns(record.content, subject, proposed)
    ]
    return sorted(found, key=lambda access: str(access["at"]), reverse=True)[:limit]


def _entry(at: str, who: str, role: str, what: str, why: str, conversation_id: str) -> Content:
    return {"at": at, "who": who, "role": role, "what": what, "why": why, "conversation_id": conversation_id}


def _begun(subject: DataSubject) -> datetime:
    return min(conversation.created_at for conversation in subject.conversations)


def _access(reader: Reader, record: Record, assistant: str) -> Content:
    row, content = record.row, record.content
    at, where = row.at.isoformat(), row.conversation_id
    if content is None:
        role = "system" if row.kind == Kind.GATE else "reviewer"
        return _entry(at, "", role, record.gone.in_words(reader.language) if record.gone else "", "", where)
    if row.kind == Kind.GATE:
        categories = vocabulary.categories(content, reader.language)
        why = reader.words("why_allowed", purpose=vocabulary.purpose(content, reader.language))
        return _entry(at, assistant, "system", categories, why, where)
    if row.kind == Kind.HANDOFF:
        agent = content["result"].get("agent") or reader.words("author_colleague")
        why = reader.words(f"asked_by_{content['input'].get('trigger')}")
        return _entry(at, agent, "agent", reader.words("looked_at_conversation"), why, where)
    role = "agent" if content["input"].get("why") == SUPPORT else "reviewer"
    return _entry(at, _who(reader, content), role, _what(reader, row.outcome), _why(reader, content), where)


def _what(reader: Reader, outcome: str) -> str:
    verb, _, thing = outcome.partition(":")
    try:
        return reader.words("exported_yours" if verb == "export" else f"looked_at_{thing}")
    except KeyError:
        return vocabulary.readable(thing)


def _access_to_many(reader: Reader, record: Content) -> Content:
    key = "exported_all" if record["outcome"].startswith("export") else "looked_at_corrections"
    return _entry(record["timestamp"], _who(reader, record), "reviewer", reader.words(key), _why(reader, record), "")


def _concerns(record: Content, subject: DataSubject, proposals: set[str]) -> bool:
    """Whether the caller's data may be among what was accessed, by the record."""
    given: Mapping[str, Json] = record["input"]
    if "correction_ids" in given:
        return not proposals.isdisjoint(given["correction_ids"])
    return _may_fit(given.get("filters") or {}, subject)


def _may_fit(filters: Mapping[str, Json], subject: DataSubject) -> bool:
    named = [filters.get("conversation"), filters.get("search")]
    mine_too = {*subject.conversation_ids, *subject.visitor_ids}
    if any(str(name).startswith(("con_", "vis_")) and name not in mine_too for name in named):
        return False
    end = filters.get("end")
    return end is None or datetime.fromisoformat(end) > _begun(subject)


def _who(reader: Reader, record: Content) -> str:
    return str((record["result"].get("staff") or {}).get("name") or reader.words("author_colleague"))


def _why(reader: Reader, record: Content) -> str:
    return vocabulary.named("purpose_of", record["input"].get("why"), reader.language)
