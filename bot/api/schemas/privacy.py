"""Models of the privacy centre: overview, export, rectification, erasure."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from bot.api.schemas.base import Body, Moment, Schema
from bot.api.schemas.consent import PastChoice, PurposeConsent
from bot.api.schemas.policies import PolicyInForce
from bot.core.messages import Author
from bot.privacy.erasure.receipt import State as StoreState
from bot.privacy.erasure.requests import What


class Controller(Schema):
    """Who answers for the data."""

    name: str
    address: str
    contact: str
    data_protection_officer: str
    jurisdiction: str
    authority: str


class LegalHold(Schema):
    """Why a conversation can be neither erased nor changed."""

    reason: str
    since: Moment


class OwnConversation(Schema):
    """One of the caller's conversations."""

    id: str
    begun: Moment
    last: Moment
    messages: int
    this: bool = Field(description="The one whose token was sent.")
    hold: LegalHold | None


class StoredItem(Schema):
    """One value that is kept."""

    id: str
    label: str
    value: str
    at: Moment
    conversation_id: str = Field(description="Empty when it belongs to none.")
    author: Author | None
    correctable: bool


class StoredCategory(Schema):
    """A category of personal data with the newest 50 of its items; the export has all."""

    category: str
    title: str
    what: str
    days: int
    kept: str = Field(description="For how long, in a sentence.")
    total: int
    items: list[StoredItem]
    note: str | None


class AccessReportEntry(Schema):
    """Somebody looked at the caller's data."""

    at: Moment
    who: str
    role: Literal["agent", "reviewer", "system"]
    what: str
    why: str
    conversation_id: str = Field(description="Empty where many visitors' records were looked at.")


class NecessaryProcessing(Schema):
    """What is done without asking."""

    name: str
    title: str
    why: str
    lawful_basis: str


class RetentionRun(Schema):
    """When outdated data were removed last."""

    last_run: Moment | None


class PrivacyOverview(Schema):
    """What is kept of the caller, who looked at it, and what it may be used for."""

    company: str
    controller: Controller
    signed_in: bool
    customer_name: str | None
    gpc: bool
    language: str
    policy: PolicyInForce
    conversations: list[OwnConversation]
    stored: list[StoredCategory]
    looks: list[AccessReportEntry] = Field(description="The newest 200.")
    purposes: list[PurposeConsent]
    necessary: list[NecessaryProcessing]
    history: list[PastChoice]
    retention: RetentionRun
    rights: str


class CorrectedValue(Schema):
    """The item after it was corrected."""

    item: StoredItem


class KeptConversation(Schema):
    """A conversation that a legal hold keeps."""

    conversation_id: str
    reason: str


class ErasedStore(Schema):
    """What an erasure did in one store."""

    store: Literal["database", "outbox", "desk", "review", "engine", "files", "backups"]
    title: str
    text: str
    state: StoreState
    removed: dict[str, int] = Field(description="How much of each sort; what was not there is left out.")


class ErasureReceipt(Schema):
    """An erasure as it stands now."""

    request_id: str
    what: What
    asked_at: Moment
    done_at: Moment | None = Field(description="Null until every store is cleared.")
    conversations: list[str] = Field(description="The ids of the conversations that were erased.")
    kept: list[KeptConversation]
    stores: list[ErasedStore]
    sentence: str


class NewErasureReceipt(ErasureReceipt):
    """The receipt with the token that opens it later."""

    receipt_token: str = Field(description="Given once, here.")


class ExportedConsent(Schema):
    """Purposes and choices, and the consent records as JSON-LD."""

    purposes: list[PurposeConsent]
    history: list[PastChoice]
    records: dict[str, Any]


class ExportedConversation(Schema):
    """One conversation with all that belongs to it (docs/reference/spec/export.md)."""

    id: str
    visitor_id: str
    door: str
    language: str
    begun: Moment
    signed_in: bool
    gpc: bool
    owner: str
    human_name: str | None
    policy_version: str | None
    choices_before_signing_in: str | None
    hold: LegalHold | None
    disclosures: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    events: list[dict[str, Any]]
    records: list[dict[str, Any]]
    contests: list[dict[str, Any]]
    handoffs: list[dict[str, Any]]
    addresses: list[dict[str, Any]]
    identifiers: list[dict[str, Any]]
    engine: dict[str, Any]
    sign_ins: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]


class KeptCategory(Schema):
    """For how many days after a conversation's last message a category is kept."""

    category: str
    title: str
    days: int


class Export(Schema):
    """Everything that is kept of the caller (docs/reference/spec/export.md)."""

    format: Literal["candor/export/1"]
    generated_at: Moment
    language: str
    company: str
    controller: Controller
    customer: str | None
    visitors: list[dict[str, Any]]
    conversations: list[ExportedConversation]
    records: list[dict[str, Any]]
    training: list[dict[str, Any]]
    looks: list[AccessReportEntry]
    consent: ExportedConsent
    necessary: list[NecessaryProcessing]
    policies: dict[str, Any]
    kept: list[KeptCategory]
    rights: str


class GlobalPrivacyControl(Schema):
    """The site's statement about Global Privacy Control."""

    gpc: bool
    last_update: str = Field(alias="lastUpdate", examples=["2026-11-02"])


class NewValue(Body):
    """The value to put in the place of the old one."""

    value: str = Field(min_length=1, max_length=400)


class ErasureRequest(Body):
    """What is to be erased: one of the caller's conversations, or everything."""

    what: What
    conversation_id: str | None = Field(
        None, min_length=1, max_length=64, description="The one whose token was sent when left out."
    )
