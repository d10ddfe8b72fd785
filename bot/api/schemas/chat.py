"""Models of the chat: opening a conversation, its state, messages, handoff, identity."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from bot.api.schemas.base import Body, ClientMessageId, Language, Moment, Schema
from bot.api.schemas.consent import MergeableChoice, PurposeConsent
from bot.api.schemas.policies import PolicyInForce
from bot.consent import Scope
from bot.core.messages import Author, Owner
from bot.core.text import MAX_TEXT

HandoffState = TypeAliasType(
    "HandoffState", Literal["queued", "accepted", "expired", "withdrawn", "returned", "closed"]
)
"""`bot.handoff.states.State`; the schema of an enum would share its name with another."""
ContestState = TypeAliasType("ContestState", Literal["open", "upheld", "overturned"])


class Disclosure(Schema):
    """The AI disclosure as it is shown."""

    version: str = Field(examples=["2026-11-02"])
    language: Language
    title: str
    text: str = Field(description="Paragraphs are separated by an empty line.")


class WidgetCopy(Schema):
    """Words of the widget that the gateway knows."""

    talk_to_a_human: str


class Widget(Schema):
    """What the widget shows before a conversation exists."""

    company: str
    assistant_name: str
    languages: list[str]
    language: Language
    disclosure: Disclosure
    copy_: WidgetCopy = Field(alias="copy")


class Handoff(Schema):
    """A request for a human."""

    id: str
    state: HandoffState
    position: int | None = Field(description="In the queue, from 1; null when nobody waits any more.")
    queued_at: Moment
    expires_at: Moment
    agent_name: str | None
    contact_left: bool = Field(description="The visitor left an address.")


class ContestedReply(Schema):
    """A reply that a human checks. Upheld: the reply stands. Overturned: it was wrong."""

    message_id: str
    state: ContestState


class ConversationState(Schema):
    """Everything that a visitor's screen needs besides the messages."""

    conversation_id: str
    language: Language
    owner: Owner = Field(description="Who answers.")
    human_name: str | None
    signed_in: bool
    customer_name: str | None
    disclosure_shown: bool
    handoff: Handoff | None = Field(description="The newest one, whatever its state.")
    consents: list[PurposeConsent]
    merge: list[MergeableChoice] | None = Field(description="Null when there is nothing to ask about.")
    gpc: bool = Field(description="Global Privacy Control is on.")
    policy: PolicyInForce
    contests: list[ContestedReply]
    last_event_id: int


class OpenedConversation(Schema):
    """A new conversation."""

    conversation_id: str
    token: str = Field(description="Opens the conversation. Given once, here.")
    language: Language
    disclosure: Disclosure
    state: ConversationState


class Button(Schema):
    """A choice offered with a message. Posting its payload as a message's text presses it."""

    title: str
    payload: str = Field(examples=["/request_human"])


class ConsentScope(Schema):
    """For how long a yes may hold."""

    scope: Scope
    title: str
    until: Moment


class ConsentRequest(Schema):
    """The card that asks for consent to one purpose."""

    purpose: str
    title: str
    why: str
    scope: Scope = Field(description="The one that is chosen at first.")
    scopes: list[ConsentScope]
    until: Moment


class Message(Schema):
    """One message on the screen."""

    id: str
    author: Author
    author_name: str | None
    text: str
    buttons: list[Button]
    consent_request: ConsentRequest | None
    created_at: Moment
    client_message_id: str | None
    reply_to: str | None = Field(description="The visitor's message that this one answers.")


class AcceptedMessage(Schema):
    """The message is stored; the reply comes as an event."""

    message_id: str
    event_id: int = Field(description="Of the message's own event.")
    created_at: Moment
    duplicate: bool = Field(description="The same `client_message_id` was sent before.")


class Explanation(Schema):
    """Why the assistant said something, from the record."""

    text: str
    decision_ids: list[str]


class OpenedContest(Schema):
    """A human was asked to check a reply."""

    id: str
    state: ContestState
    at: Moment


class Opening(Body):
    """How a conversation begins."""

    language: str = Field("en", max_length=64, description="A BCP 47 tag, or several: the page's language.")
    identity_token: str | None = Field(None, max_length=4096, description="Signed by the site.")
    gpc: bool = Field(False, description="navigator.globalPrivacyControl; the header `Sec-GPC: 1` says the same.")


class ShownDisclosure(Body):
    """The disclosure that is on the screen."""

    version: str = Field(max_length=32)
    language: Language


class NewMessage(Body):
    """What the visitor says."""

    client_message_id: ClientMessageId
    text: str = Field(description=f"At most {MAX_TEXT:,} characters.", examples=["Where is my order 4021?"])


class Contact(Body):
    """Where the company can reach the visitor."""

    address: str = Field(min_length=1, max_length=400, description="An e-mail address or a phone number.")


class Objection(Body):
    """Why a reply is contested, and where the outcome may be written to as well."""

    reason: str | None = Field(None, max_length=1000)
    contact: str | None = Field(None, max_length=400)


class IdentityToken(Body):
    """A token signed by the site, or null to sign out."""

    identity_token: str | None = Field(max_length=4096)
