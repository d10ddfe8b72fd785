"""Everything that is kept of the caller, in one document (docs/reference/spec/export.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.consent import choices, history
from bot.consent.receipts import records
from bot.core.html import render
from bot.core.ids import Json, now
from bot.core.settings import Settings
from bot.db.models import ConversationRow, HoldRow
from bot.policies import in_force, notice_in_force, processing, spoken
from bot.privacy.access_report import accesses
from bot.privacy.categories.base import Memory, Reader, columns
from bot.privacy.categories.registry import CATEGORIES, days_of
from bot.privacy.overview import controller, hold_json, necessary
from bot.privacy.repository import held

FORMAT = "candor/export/1"


def export(reader: Reader, settings: Settings, memory: Memory) -> dict[str, Json]:
    """The whole document, oldest first throughout."""
    subject, language, session = reader.subject, reader.language, reader.session
    reader, holds = replace(reader, memory=memory), held(session, subject.conversation_ids)
    return {
        "format": FORMAT,
        "generated_at": now().isoformat(),
        "language": language,
        "company": settings.company,
        "controller": controller(settings.company),
        "customer": subject.customer,
        **{name: part for category in CATEGORIES.values() for name, part in category.export(reader).items()},
        "conversations": [_conversation(reader, row, holds.get(row.id)) for row in subject.conversations],
        "looks": accesses(reader, settings.assistant_name),
        "consent": {
            "purposes": choices(session, subject.here, language),
            "history": history(session, subject.pseudonyms, language),
            "records": records(session, subject.pseudonyms, settings.company),
        },
        "necessary": necessary(language),
        "policies": _policies(language),
        "kept": _kept(language),
        "rights": reader.words("rights", **controller(settings.company)),
    }


def document(exported: Mapping[str, Json]) -> str:
    """HTML of what `export` gave, in its language: all but the records' and the engine's inner fields."""
    titles = {one["category"]: one["title"] for one in exported["kept"]}
    values = {"exported": exported, "categories": list(CATEGORIES), "titles": titles}
    return render("privacy/templates/export.html", exported["language"], **values)


def _conversation(reader: Reader, row: ConversationRow, hold: HoldRow | None) -> dict[str, Json]:
    """One conversation with its part of each category."""
    parts = (category.export_conversation(reader, row) for category in CATEGORIES.values())
    return {
        **columns(
            row, "id", "visitor_id", "door", "language", "signed_in", "gpc", "owner", "human_name", "policy_version"
        ),
        "begun": row.created_at.isoformat(),
        "choices_before_signing_in": row.choices,
        "hold": hold_json(hold),
        **{name: part for one in parts for name, part in one.items()},
    }


def _policies(language: str) -> dict[str, Json]:
    """The versions in force now; those that were shown are with each conversation."""
    published = in_force()
    return {
        "privacy": notice_in_force(language),
        "disclosure": {"version": published.disclosure(language).version},
        "purposes": {"version": published.purposes.version, "sha256": published.purposes.sha256},
    }


def _kept(language: str) -> list[dict[str, Json]]:
    return [
        {"category": name, "title": spoken(entry["title"], language), "days": days_of(name)}
        for name, entry in processing().kept.items()
    ]
