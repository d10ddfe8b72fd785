"""Payloads: what our own buttons send, to the letter. Whatever else begins with a slash was typed, and is text."""

from __future__ import annotations

import json
import re

from bot.consent import Scope
from bot.core.intents import intents
from bot.oversight.stops import ASK_FOR_HUMAN
from bot.policies import purposes
from bot.standing_requests.requests import Heard, Request

_PAYLOAD = re.compile(r"/(?P<name>[a-z_]+)(?P<details>\{.*\})?")
_CONSENT = {
    "allow_consent": Request.ALLOW,
    "refuse_consent": Request.REFUSE,
    "withdraw_consent": Request.WITHDRAW,
    "resume_consent": Request.RESUME,
}
_WITH_DETAILS = frozenset({'/recommend{"suggestions": "general"}'})
_RASAS = frozenset({"restart"})
"""Commands of Rasa's own that keep their meaning."""


def pressed(text: str) -> Heard | None:
    """The standing request that this payload is; None when it is none of ours or names no purpose of ours."""
    match = _PAYLOAD.fullmatch(text.strip())
    if match is None:
        return None
    name, details = match["name"], match["details"]
    if text.strip() == ASK_FOR_HUMAN:
        return Heard(Request.HUMAN, text, "button", name)
    request = _CONSENT.get(name)
    if request is None:
        return None
    given = _details(details)
    if given is None or not _fits(request, given):
        return None
    purpose, scope = given.get("purpose"), given.get("scope")
    named = (str(purpose),) if purpose is not None else ()
    return Heard(request, text, "button", name, purposes=named, scope=Scope(str(scope)) if scope is not None else None)


def is_command(text: str) -> bool:
    """Whether the engine may read this as a payload: a button for one of our topics, as we send it."""
    text = text.strip()
    return text in _WITH_DETAILS or (text.startswith("/") and (text[1:] in _RASAS or text[1:] in intents()))


def _details(text: str | None) -> dict[str, object] | None:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _fits(request: Request, given: dict[str, object]) -> bool:
    """Only a withdrawal may name no purpose: then it is about all of them."""
    purpose, scope = given.get("purpose"), given.get("scope")
    known = purpose in purposes() if purpose is not None else request in (Request.WITHDRAW, Request.RESUME)
    lasting = scope is None or (request is Request.ALLOW and scope in set(Scope))
    return known and lasting and given.keys() <= {"purpose", "scope"}
