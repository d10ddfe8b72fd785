"""Consent: asked for at the moment of need, on record, and the only way to a Grant (rules C1, C2)."""

from bot.consent.gate import Gate, Refused
from bot.consent.grant import Grant, GrantError
from bot.consent.presentation import card, choices, history, to_merge
from bot.consent.prompt import Asked, asked
from bot.consent.repository import latest_end
from bot.consent.service import Choice, Consents
from bot.consent.states import Scope, State
from bot.consent.status import ConsentStatus, status_of, statuses
from bot.consent.subject import Subject, customer_of, seal_subject, subject_id, subject_of, subjects_of

__all__ = [
    "Asked",
    "Choice",
    "ConsentStatus",
    "Consents",
    "Gate",
    "Grant",
    "GrantError",
    "Refused",
    "Scope",
    "State",
    "Subject",
    "asked",
    "card",
    "choices",
    "customer_of",
    "history",
    "subject_id",
    "latest_end",
    "seal_subject",
    "status_of",
    "statuses",
    "subject_of",
    "subjects_of",
    "to_merge",
]
