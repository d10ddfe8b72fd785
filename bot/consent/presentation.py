"""Consent as a visitor sees it: the card that asks, what may be chosen, what was chosen, what could be taken along."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from bot.consent import repository
from bot.consent.service import Consents, mergeable
from bot.consent.states import DEFAULT_SCOPE, STATES, YES, Scope
from bot.consent.status import ConsentStatus, statuses
from bot.core.i18n import copy
from bot.core.i18n.dates import day
from bot.core.ids import Json
from bot.core.messages import Button, Said
from bot.db.models import ConsentRow, ConversationRow
from bot.policies import Purpose, data_words, processing, purpose_named, purposes, spoken


def card(consents: Consents, purpose: str, language: str) -> Said:
    """The card that asks for `purpose`. Whoever shows it records the request (`Consents.request`)."""
    declared = purpose_named(purpose)
    why = declared.why(language)
    shown = {
        "purpose": purpose,
        "title": declared.title(language),
        "why": why,
        "scope": DEFAULT_SCOPE.value,
        "scopes": [_scope(consents, scope, language) for scope in Scope],
        "until": consents.ends(DEFAULT_SCOPE).isoformat(),
    }
    text = copy("actions.ask_consent", language, short=declared.short(language), why=why)
    return Said(text, _answers(purpose, language), custom={"consent_request": shown})


def choices(session: Session, conversation: ConversationRow, language: str) -> list[dict[str, Json]]:
    """Every purpose with its words and where the visitor stands with it (docs/explanation/architecture.md)."""
    found = statuses(session, conversation)
    return [_choice(purpose, found[name], language) for name, purpose in purposes().items()]


def history(session: Session, subjects: Collection[str], language: str) -> list[dict[str, Json]]:
    """Every consent event of these subjects, the newest first."""
    return [_past(event, language) for event in reversed(repository.events_of(session, subjects))]


def to_merge(session: Session, conversation: ConversationRow, language: str) -> list[dict[str, str]] | None:
    """Choices made before signing in, to be asked about: `[{purpose, title, state}]`; None when there are none."""
    found = mergeable(session, conversation)
    return [
        {"purpose": name, "title": purposes()[name].title(language), "state": STATES[event.state]}
        for name, event in found.items()
    ] or None


def _scope(consents: Consents, scope: Scope, language: str) -> dict[str, Json]:
    ends = consents.ends(scope)
    title = copy(f"actions.scope_{scope}", language, until=day(ends, language))
    return {"scope": scope.value, "title": title, "until": ends.isoformat()}


def _answers(purpose: str, language: str) -> tuple[Button, ...]:
    yes, no = json.dumps({"purpose": purpose, "scope": DEFAULT_SCOPE.value}), json.dumps({"purpose": purpose})
    return (
        Button(copy("actions.allow", language), f"/allow_consent{yes}"),
        Button(copy("actions.refuse", language), f"/refuse_consent{no}"),
    )


def _choice(purpose: Purpose, status: ConsentStatus, language: str) -> dict[str, Json]:
    event = status.event
    holds = status.state == "given"
    return {
        "purpose": purpose.name,
        "title": purpose.title(language),
        "why": purpose.why(language),
        "short": purpose.short(language),
        "state": status.state,
        "scope": event.scope if event is not None else None,
        "since": _iso(event.at) if event is not None and holds else None,
        "until": _iso(event.valid_until) if event is not None and holds else None,
        "data": data_words(purpose.categories, language),
        "lawful_basis": spoken(processing().bases[purpose.lawful_basis], language),
        "recipients": list(purpose.recipients),
        "retention": purpose.retention(language),
        "sign_in": purpose.sign_in,
        "gpc": status.gpc,
        "objected": status.objected,
        "record_id": event.id if event is not None else None,
    }


def _past(event: ConsentRow, language: str) -> dict[str, Json]:
    purpose, how = purposes().get(event.purpose), event.evidence.get("how")
    yes = event.state in YES
    return {
        "at": _iso(event.at),
        "purpose": event.purpose,
        "title": purpose.title(language) if purpose is not None else event.purpose,
        "state": STATES[event.state],
        "state_title": copy(f"consent.{event.state}", language),
        "scope": event.scope if yes else None,
        "until": _iso(event.valid_until) if yes else None,
        "how": copy(f"consent.how_{how}", language) if how else "",
        "language": event.language,
        "conversation_id": event.conversation_id,
        "record_id": event.id,
        "notice": event.notice,
        "gpc": bool(event.evidence.get("gpc")),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
