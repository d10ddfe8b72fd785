"""The privacy centre's overview: stored data, accesses, purposes and retention periods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from sqlalchemy.orm import Session

from bot.consent import choices, history
from bot.core.ids import Json
from bot.core.settings import Settings
from bot.db.models import HoldRow
from bot.policies import notice_in_force, processing, spoken
from bot.privacy.access_report import accesses
from bot.privacy.categories.base import Memory, Reader
from bot.privacy.categories.registry import CATEGORIES, days_of
from bot.privacy.data_subject import DataSubject
from bot.privacy.decryption import Gone, open_value
from bot.privacy.repository import held, runs, sizes

MAX_ACCESSES = 200
"""Accesses in the overview; the export has all."""
MAX_ITEMS = 50
"""Items of a category in the overview; the export has all."""


def overview(reader: Reader, settings: Settings, memory: Memory) -> dict[str, Json]:
    """The API's `Overview` (docs/explanation/architecture.md)."""
    here, last_run = reader.subject.here, runs(reader.session, 1)
    return {
        "company": settings.company,
        "controller": controller(settings.company),
        "signed_in": reader.subject.customer is not None,
        "customer_name": customer_name(reader),
        "gpc": here.gpc,
        "language": reader.language,
        "policy": notice_in_force(reader.language),
        "conversations": conversations(reader.session, reader.subject),
        "stored": [_category(replace(reader, memory=memory), *one) for one in processing().kept.items()],
        "looks": accesses(reader, settings.assistant_name, MAX_ACCESSES),
        "purposes": choices(reader.session, here, reader.language),
        "necessary": necessary(reader.language),
        "history": history(reader.session, reader.subject.pseudonyms, reader.language),
        "retention": {"last_run": last_run[0].at.isoformat() if last_run else None},
        "rights": reader.words("rights", **controller(settings.company)),
    }


def controller(company: str) -> dict[str, str]:
    """Who answers for the data, and how to reach them."""
    return {name: value.format(company=company) for name, value in processing().controller.items()}


def customer_name(reader: Reader) -> str | None:
    """The name of the customer who is signed in."""
    visitor = next(one for one in reader.subject.visitors if one.id == reader.subject.here.visitor_id)
    if reader.subject.customer is None or visitor.identity_sealed is None:
        return None
    identity = open_value(reader.session, reader.keyring, visitor.id, visitor.id, visitor.identity_sealed)
    return None if isinstance(identity, Gone) else str(identity["name"])


def conversations(session: Session, subject: DataSubject) -> list[dict[str, Json]]:
    """The caller's conversations with their size and legal hold, the newest first."""
    holds, counted = held(session, subject.conversation_ids), sizes(session, subject.conversation_ids)
    found = []
    for row in subject.conversations:
        messages, last = counted.get(row.id, (0, row.created_at))
        found.append(
            {
                "id": row.id,
                "begun": row.created_at.isoformat(),
                "last": last.isoformat(),
                "messages": messages,
                "this": row.id == subject.here.id,
                "hold": hold_json(holds.get(row.id)),
            }
        )
    return found


def necessary(language: str) -> list[dict[str, str]]:
    """What is done without asking, because the chat cannot be without it."""
    declared = processing()
    return [
        {
            "name": name,
            "title": spoken(entry["title"], language),
            "why": spoken(entry["why"], language),
            "lawful_basis": spoken(declared.bases[entry["lawful_basis"]], language),
        }
        for name, entry in declared.necessary.items()
    ]


def hold_json(hold: HoldRow | None) -> dict[str, Json] | None:
    """`{reason, since}` of a legal hold."""
    return {"reason": hold.reason, "since": hold.at.isoformat()} if hold is not None else None


def _category(reader: Reader, name: str, entry: Mapping[str, Json]) -> dict[str, Json]:
    page, days = CATEGORIES[name].page(reader, MAX_ITEMS), days_of(name)
    return {
        "category": name,
        "title": spoken(entry["title"], reader.language),
        "what": spoken(entry["what"], reader.language),
        "days": days,
        "kept": reader.words("kept", days=days),
        "total": page.total,
        "items": [asdict(item) for item in page.items],
        "note": page.note,
    }
