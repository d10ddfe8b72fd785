"""The question for consent: for one purpose, what for, for how long, and two answers of equal weight."""

from __future__ import annotations

import json

from bot.consent.service import Consents
from bot.consent.states import USUAL, Scope
from bot.core.i18n import copy
from bot.core.i18n.dates import day
from bot.core.ids import Json
from bot.core.messages import Button, Said
from bot.policies import purpose_named


def card(consents: Consents, purpose: str, language: str) -> Said:
    """The card that asks for `purpose`. Whoever shows it records the request (`Consents.request`)."""
    declared = purpose_named(purpose)
    why = declared.why(language)
    shown = {
        "purpose": purpose,
        "title": declared.title(language),
        "why": why,
        "scope": USUAL.value,
        "scopes": [_scope(consents, scope, language) for scope in Scope],
        "until": consents.ends(USUAL).isoformat(),
    }
    text = copy("actions.ask_consent", language, short=declared.short(language), why=why)
    return Said(text, _choices(purpose, language), custom={"consent_request": shown})


def _scope(consents: Consents, scope: Scope, language: str) -> dict[str, Json]:
    ends = consents.ends(scope)
    title = copy(f"actions.scope_{scope}", language, until=day(ends, language))
    return {"scope": scope.value, "title": title, "until": ends.isoformat()}


def _choices(purpose: str, language: str) -> tuple[Button, ...]:
    yes, no = json.dumps({"purpose": purpose, "scope": USUAL.value}), json.dumps({"purpose": purpose})
    return (
        Button(copy("actions.allow", language), f"/allow_consent{yes}"),
        Button(copy("actions.refuse", language), f"/refuse_consent{no}"),
    )
