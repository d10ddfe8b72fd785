"""The privacy centre's one answer: what is known, who looked, what may be done with it, and for how long."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.consent import choices
from bot.core.ids import Json
from bot.core.settings import Settings
from bot.db.models import ConversationRow, HoldRow, MessageRow, VisitorRow
from bot.policies import notice_in_force, processing, spoken
from bot.privacy.access_report import looks
from bot.privacy.categories.base import Reader
from bot.privacy.categories.engine_memory import Memory
from bot.privacy.categories.registry import stored
from bot.privacy.consent_choices import all_choices
from bot.privacy.data_subject import Mine
from bot.privacy.decryption import Gone, open_value
from bot.privacy.legal_holds import held
from bot.privacy.retention import runs

LOOKS = 200
"""Looks in the overview; the export has all."""


def overview(reader: Reader, settings: Settings, memory: Memory) -> dict[str, Json]:
    """The API's `Overview` (docs/explanation/architecture.md)."""
    here = reader.mine.here
    return {
        "company": settings.company,
        "controller": controller(settings.company),
        "signed_in": reader.mine.customer is not None,
        "customer_name": customer_name(reader),
        "gpc": here.gpc,
        "language": reader.language,
        "policy": notice_in_force(reader.language),
        "conversations": conversations(reader.session, reader.mine),
        "stored": stored(reader, memory),
        "looks": [look.as_json() for look in looks(reader, settings.assistant_name, LOOKS)],
        "purposes": choices(reader.session, here, reader.language),
        "necessary": necessary(reader.language),
        "history": all_choices(reader),
        "retention": {"last_run": _last_run(reader.session)},
        "rights": reader.words("rights", **controller(settings.company)),
    }


def controller(company: str) -> dict[str, str]:
    """Who answers for the data, and how to reach them."""
    return {name: value.format(company=company) for name, value in processing().controller.items()}


def customer_name(reader: Reader) -> str | None:
    """The name of the customer who is signed in."""
    visitor = reader.session.get_one(VisitorRow, reader.mine.here.visitor_id)
    if reader.mine.customer is None or visitor.identity_sealed is None:
        return None
    identity = open_value(reader.session, reader.keyring, visitor.id, visitor.id, visitor.identity_sealed)
    return None if isinstance(identity, Gone) else str(identity["name"])


def conversations(session: Session, mine: Mine) -> list[dict[str, Json]]:
    """The caller's conversations with their size and legal hold, the newest first."""
    holds = held(session, mine.conversation_ids)
    counted = session.execute(
        select(MessageRow.conversation_id, func.count(), func.max(MessageRow.created_at))
        .where(MessageRow.conversation_id.in_(mine.conversation_ids))
        .group_by(MessageRow.conversation_id)
    )
    sizes = {conversation_id: (count, last) for conversation_id, count, last in counted}
    return [_conversation(one, mine, sizes.get(one.id, (0, None)), holds) for one in mine.conversations]


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


def _conversation(
    row: ConversationRow, mine: Mine, size: tuple[int, Json], holds: Mapping[str, HoldRow]
) -> dict[str, Json]:
    count, last = size
    return {
        "id": row.id,
        "begun": row.created_at.isoformat(),
        "last": (last or row.created_at).isoformat(),
        "messages": count,
        "this": row.id == mine.here.id,
        "hold": hold_json(holds.get(row.id)),
    }


def _last_run(session: Session) -> str | None:
    newest = runs(session, 1)
    return newest[0].at.isoformat() if newest else None
