"""Models of consent: purposes, choices, and choices that can be kept after signing in."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from bot.api.schemas.base import Body, Moment, Schema
from bot.consent import Scope, states

ConsentState = TypeAliasType("ConsentState", states.State)
Choice = TypeAliasType("Choice", Literal["allow", "refuse", "withdraw", "object"])


class ConsentChange(Schema):
    """The state of one purpose after a choice."""

    purpose: str = Field(examples=["order_history"])
    state: ConsentState
    scope: Scope | None = Field(description="For how long a yes holds; null when there is none.")
    until: Moment | None = Field(description="When a yes ends by itself.")


class PurposeConsent(Schema):
    """One purpose, what it is for, and the visitor's consent to it."""

    purpose: str = Field(examples=["order_history"])
    title: str
    why: str = Field(description="What the data are used for, in one or two sentences.")
    short: str
    state: ConsentState
    scope: Scope | None = Field(description="The one chosen last.")
    since: Moment | None = Field(description="When a yes that holds was given.")
    until: Moment | None = Field(description="When a yes that holds ends by itself.")
    data: list[str] = Field(description="Categories of data, in words.")
    lawful_basis: str
    recipients: list[str]
    retention: str = Field(description="How long the data are kept, in words.")
    sign_in: bool = Field(description="The data are known only once a customer is signed in.")
    gpc: bool = Field(description="Global Privacy Control keeps it off now.")
    objected: bool = Field(description="The visitor objected, and is not asked again.")
    record_id: str | None = Field(description="The consent record of the newest choice.")


class PastChoice(Schema):
    """One consent event."""

    at: Moment
    purpose: str
    title: str
    state: ConsentState
    state_title: str
    scope: Scope | None
    until: Moment | None
    how: str = Field(description="How the choice was made, in words.")
    language: str
    conversation_id: str
    record_id: str
    notice: str = Field(description="Which published text was shown, as `purposes/<version>#<purpose>`.")
    gpc: bool = Field(description="Global Privacy Control was on.")


class MergeableChoice(Schema):
    """A choice made before signing in, which can be kept for the customer."""

    purpose: str
    title: str
    state: ConsentState


class ConsentChoice(Body):
    """A choice about one purpose."""

    purpose: str = Field(min_length=1, max_length=64, examples=["order_history"])
    choice: Choice
    scope: Scope = Field(Scope.UNTIL_WITHDRAWN, description="For how long a yes is to hold.")


class Merge(Body):
    """Whether choices made before signing in are the customer's as well."""

    keep: bool
