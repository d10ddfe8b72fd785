"""Consent: asked for at the moment of need, on record, and the only way to a Grant (rules C1, C2)."""

from bot.consent.card import card
from bot.consent.gate import Gate, Refused
from bot.consent.grant import Grant, GrantError
from bot.consent.presentation import choices, history, to_merge
from bot.consent.prompt import Asked, asked, latest_end
from bot.consent.service import Choice, Consents
from bot.consent.states import Scope, State
from bot.consent.status import Standing, standing, standings
from bot.consent.subject import Subject, customer_of, in_whose_name, seal_subject, subject_of

__all__ = [
    "Asked",
    "Choice",
    "Consents",
    "Gate",
    "Grant",
    "GrantError",
    "Refused",
    "Scope",
    "Standing",
    "State",
    "Subject",
    "asked",
    "card",
    "choices",
    "customer_of",
    "history",
    "in_whose_name",
    "latest_end",
    "seal_subject",
    "standing",
    "standings",
    "subject_of",
    "to_merge",
]
