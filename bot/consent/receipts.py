"""Consent records after ISO/IEC TS 27560, as JSON-LD with DPV's terms (docs/reference/spec/consent-record.md).

A record tells one subject's events about one purpose, each with the words that were in force then; a receipt is the
subject's copy of it as it stood after one choice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from bot.consent.repository import events_of
from bot.consent.states import PAUSED, YES
from bot.core.errors import NotFound
from bot.core.ids import Json
from bot.db.models import ConsentRow
from bot.policies import Kind, Processing, in_force, spoken
from bot.policies.purposes import processing_of
from bot.policies.repository import published

SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#"
CONTEXT = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "schema": "https://schema.org/",
    "candor": "urn:candor:consent:",
}
RIGHTS = ("dpv:RightOfAccess", "dpv:RightToErasure", "dpv:RightToRectification", "dpv:RightToWithdrawConsent")


def records(session: Session, subjects: Collection[str], company: str) -> dict[str, Json]:
    """Every consent record of these subjects, as one JSON-LD document."""
    grouped: dict[tuple[str, str], list[ConsentRow]] = {}
    for event in events_of(session, subjects):
        grouped.setdefault((event.subject, event.purpose), []).append(event)
    return {"@context": CONTEXT, "@graph": [_record(session, events, company) for events in grouped.values()]}


def receipt(session: Session, subjects: Collection[str], record_id: str, company: str) -> dict[str, Json]:
    """The receipt of one choice: the record as that choice left it.

    Raises:
        NotFound: there is no such event, or it is another's.
    """
    events = events_of(session, subjects)
    chosen = next((event for event in events if event.id == record_id), None)
    if chosen is None:
        raise NotFound("There is no such consent record.")
    mine = [e for e in events if (e.subject, e.purpose) == (chosen.subject, chosen.purpose)]
    return {
        "@context": CONTEXT,
        "@id": f"candor:receipt:{chosen.id}",
        "@type": "dpv:ConsentReceipt",
        "dct:identifier": chosen.id,
        "dct:conformsTo": f"{SCHEMA}receipt",
        "dct:created": chosen.at.isoformat(),
        "dct:publisher": company,
        "schema:recipient": "dpv:DataSubject",
        "dpv:hasRecordOfActivity": _record(session, mine[: mine.index(chosen) + 1], company),
    }


def _record(session: Session, events: Sequence[ConsentRow], company: str) -> dict[str, Json]:
    first, last = events[0], events[-1]
    declared = _declared(session, last)
    return {
        "@id": f"candor:{first.id}",
        "@type": "dpv:ConsentRecord",
        "dct:identifier": first.id,
        "dct:conformsTo": f"{SCHEMA}record",
        "dct:created": first.at.isoformat(),
        "dct:modified": last.at.isoformat(),
        "dpv:hasDataSubject": {"@id": f"candor:{last.subject}", "@type": "dpv:DataSubject"},
        "dpv:hasDataController": _controller(declared, company),
        "dpv:hasJurisdiction": declared.controller["jurisdiction"],
        "dpv:hasNotice": _notice(last),
        "dpv:hasProcess": _process(last, declared),
        "dpv:hasRight": [{"@type": right} for right in RIGHTS],
        "dpv:hasAuthority": {"@type": "dpv:DataProtectionAuthority", "schema:name": declared.controller["authority"]},
        "dpv:hasConsentStatus": [_event(event) for event in events],
    }


def _controller(declared: Processing, company: str) -> dict[str, Json]:
    controller = declared.controller
    return {
        "@type": "dpv:DataController",
        "schema:name": controller["name"].format(company=company),
        "schema:address": controller["address"],
        "dpv:hasContact": controller["contact"],
        "dpv:hasDataProtectionOfficer": controller["data_protection_officer"],
    }


def _notice(event: ConsentRow) -> dict[str, Json]:
    version = _version(event)
    return {
        "@id": f"/policies/purposes/{version}",
        "@type": "dpv:ConsentNotice",
        "dct:hasVersion": version,
        "dct:language": event.language,
        "dct:identifier": event.notice,
    }


def _process(event: ConsentRow, declared: Processing) -> dict[str, Json]:
    purpose = declared.purposes.get(event.purpose)
    if purpose is None:
        return {"@type": "dpv:Process", "dct:identifier": event.purpose}
    return {
        "@type": "dpv:Process",
        "dct:identifier": purpose.name,
        "dct:title": purpose.title(event.language),
        "dct:description": purpose.why(event.language),
        "dpv:hasPurpose": purpose.dpv["purpose"],
        "dpv:hasLegalBasis": declared.bases[purpose.lawful_basis]["dpv"],
        "dpv:hasProcessing": list(purpose.dpv["processing"]),
        "dpv:hasPersonalData": [
            {"@id": declared.data[name]["dpv"], "dct:title": spoken(declared.data[name], event.language)}
            for name in purpose.categories
        ],
        "dpv:hasSensitivePersonalData": False,
        "dpv:hasRecipient": list(purpose.recipients) or ["dpv:DataController"],
        "dpv:hasStorageCondition": {
            "@type": "dpv:StorageDuration",
            "dct:description": purpose.retention(event.language),
        },
        "dpv:hasConsentControl": {
            "@type": "dpv:WithdrawConsent",
            "dct:description": spoken(WITHDRAWAL, event.language),
        },
    }


def _event(event: ConsentRow) -> dict[str, Json]:
    yes = event.state in YES
    return {
        "@id": f"candor:{event.id}",
        "@type": f"candor:{PAUSED}" if event.state == PAUSED else f"dpv:{event.state}",
        "dct:date": event.at.isoformat(),
        "dct:valid": event.valid_until.isoformat() if yes and event.valid_until else None,
        "candor:scope": event.scope if yes else None,
        "dpv:hasIndicationMethod": event.evidence.get("how"),
        "dpv:hasNotice": event.notice,
        "candor:evidence": event.evidence,
        "candor:conversation": event.conversation_id,
    }


def _declared(session: Session, event: ConsentRow) -> Processing:
    """What was declared when the event happened: the version that its notice names."""
    return processing_of(published(session, Kind.PURPOSES, _version(event), "") or in_force().purposes)


def _version(event: ConsentRow) -> str:
    return event.notice.partition("/")[2].partition("#")[0]


WITHDRAWAL = {
    "en": "With one press in the chat or in “Your privacy”, or in your own words, at any time.",
    "zh": "随时可以在聊天中或“我的隐私”中点一下收回，也可以直接说出来。",
}
"""How a yes is taken back."""
