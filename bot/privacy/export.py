"""Everything that is kept of the caller, in one document (docs/reference/spec/export.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.consent import choices
from bot.consent.receipts import Publisher
from bot.core.ids import Json, now
from bot.core.settings import Settings
from bot.db.models import ConversationRow, DecisionRow, DeliveryRow, DisclosureRow, HoldRow, IdentityUseRow
from bot.policies import in_force, notice_in_force, processing, spoken
from bot.privacy.access_report import looks
from bot.privacy.categories import (
    addresses,
    contests,
    decisions,
    engine_memory,
    handoffs,
    identifiers,
    identity,
    messages,
    training,
)
from bot.privacy.categories.addresses import Address
from bot.privacy.categories.base import Reader, iso
from bot.privacy.categories.engine_memory import Memory
from bot.privacy.categories.registry import days_of
from bot.privacy.consent_choices import all_choices, all_records
from bot.privacy.legal_holds import held
from bot.privacy.overview import controller, hold_json, necessary

FORMAT = "candor/export/1"


def export(reader: Reader, settings: Settings, memory: Memory) -> dict[str, Json]:
    """The whole document, oldest first throughout."""
    mine, language = reader.mine, reader.language
    parts = _Parts(
        reader, memory, held(reader.session, mine.conversation_ids), addresses.addresses(reader.session, mine)
    )
    return {
        "format": FORMAT,
        "generated_at": now().isoformat(),
        "language": language,
        "company": settings.company,
        "controller": controller(settings.company),
        "customer": mine.customer,
        "visitors": [identity.exported(reader, visitor) for visitor in mine.visitors],
        "conversations": [parts.conversation(one) for one in mine.conversations],
        "records": decisions.exported(reader, DecisionRow.conversation_id == ""),
        "training": training.exported(reader),
        "looks": [look.as_json() for look in looks(reader, settings.assistant_name)],
        "consent": {
            "purposes": choices(reader.session, mine.here, language),
            "history": all_choices(reader),
            "records": all_records(reader, Publisher.of(settings)),
        },
        "necessary": necessary(language),
        "policies": _policies(language),
        "kept": _kept(language),
        "rights": reader.words("rights", **controller(settings.company)),
    }


@dataclass(frozen=True)
class _Parts:
    """Puts conversations together; what they share was asked for once."""

    reader: Reader
    memory: Memory
    holds: Mapping[str, HoldRow]
    found: Sequence[Address]

    def conversation(self, row: ConversationRow) -> dict[str, Json]:
        """One conversation with all that belongs to it."""
        reader = self.reader
        return {
            **_conversation(row),
            "hold": hold_json(self.holds.get(row.id)),
            "disclosures": [_disclosure(one) for one in self._rows(DisclosureRow, row)],
            "messages": messages.exported(reader, row),
            "events": messages.exported_events(reader, row),
            "records": decisions.exported(reader, DecisionRow.conversation_id == row.id),
            "contests": contests.exported(reader, row),
            "handoffs": handoffs.exported(reader, row),
            "addresses": addresses.exported(reader, row, self.found),
            "identifiers": identifiers.exported(reader, row),
            "engine": engine_memory.exported(reader, row, self.memory),
            "sign_ins": [{"token_expires_at": iso(one.expires_at)} for one in self._rows(IdentityUseRow, row)],
            "deliveries": [{"client": one.client, "seq": one.seq} for one in self._rows(DeliveryRow, row)],
        }

    def _rows(self, table: Json, row: ConversationRow) -> Sequence[Json]:
        return self.reader.session.scalars(select(table).where(table.conversation_id == row.id)).all()


def _conversation(row: ConversationRow) -> dict[str, Json]:
    return {
        "id": row.id,
        "visitor_id": row.visitor_id,
        "door": row.door,
        "language": row.language,
        "begun": row.created_at.isoformat(),
        "signed_in": row.signed_in,
        "gpc": row.gpc,
        "owner": row.owner,
        "human_name": row.human_name,
        "policy_version": row.policy_version,
        "choices_before_signing_in": row.choices,
    }


def _disclosure(row: DisclosureRow) -> dict[str, Json]:
    return {
        "id": row.id,
        "version": row.version,
        "language": row.language,
        "sha256": row.sha256,
        "how": row.how,
        "shown_at": row.shown_at.isoformat(),
    }


def _policies(language: str) -> dict[str, Json]:
    """What is in force now; which was told or shown stands with each conversation."""
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
