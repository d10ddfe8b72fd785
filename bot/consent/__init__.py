"""Consent: asked for at the moment of need, on record, and the only way to a Grant (rules C1, C2)."""

from bot.consent.consents import Asked, Consents, State, asked, latest, slots_to_clear, state_of, states
from bot.consent.gate import Gate, Refused
from bot.consent.grant import Grant, GrantError
from bot.consent.purposes import ORDER_HISTORY, Purpose, purpose_named, purposes
from bot.consent.subject import Subject, seal_subject, subject_of

__all__ = [
    "ORDER_HISTORY",
    "Asked",
    "Consents",
    "Gate",
    "Grant",
    "GrantError",
    "Purpose",
    "Refused",
    "State",
    "Subject",
    "asked",
    "latest",
    "purpose_named",
    "purposes",
    "seal_subject",
    "slots_to_clear",
    "state_of",
    "states",
    "subject_of",
]
