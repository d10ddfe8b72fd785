"""The kinds of decision record, one a line: everything that depends on the kind of a record reads it here.

A kind is for ever: old records keep it. The sentences that explain a record of a kind are in bot/core/i18n/explain.yml.
"""

from __future__ import annotations

from enum import StrEnum

BY_A_PERSON, LASTING = True, True


class Kind(StrEnum):
    """What a record is about: a decision of the software, or what a person did about one.

    Attributes:
        by_person: it is an act of a person; the others are decisions of the software.
        lasting: its content must stay readable when the visitor it is about is erased.
    """

    by_person: bool
    lasting: bool

    def __new__(cls, name: str, by_person: bool = False, lasting: bool = False) -> Kind:
        kind = str.__new__(cls, name)
        kind._value_, kind.by_person, kind.lasting = name, by_person, lasting
        return kind

    REQUEST = "request"
    UNDERSTANDING = "understanding"
    ROUTE = "route"
    GATE = "gate"
    ACTION = "action"
    ANSWER = "answer"
    FALLBACK = "fallback"
    HANDOFF = "handoff"
    FAILURE = "failure"
    CONTEST = "contest", BY_A_PERSON
    REVIEW = "review", BY_A_PERSON
    CORRECTION = "correction", BY_A_PERSON
    ACCESS = "access", BY_A_PERSON, LASTING
    STOP = "stop", BY_A_PERSON, LASTING
    ERASURE = "erasure", BY_A_PERSON, LASTING
    HOLD = "hold", BY_A_PERSON, LASTING
    RECTIFICATION = "rectification", BY_A_PERSON


DECISIONS = tuple(kind for kind in Kind if not kind.by_person)
"""The kinds of record that are decisions of the software."""
