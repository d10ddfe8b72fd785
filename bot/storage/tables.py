"""Every table. Personal text is in `…_sealed` columns: AES-256-GCM under the visitor's own key (see keyring.py)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite has no time zones, so they are taken off on the way in and put on on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables."""

    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, list[str]: JSON, bytes: LargeBinary}


class VisitorRow(Base):
    """A visitor: a pseudonym and, when signed in, a keyed hash of the customer id plus the sealed id itself."""

    __tablename__ = "visitor"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    customer_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    identity_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]


class VisitorKeyRow(Base):
    """A visitor's data key, wrapped by the operator's master key. Destroying it erases what it sealed."""

    __tablename__ = "visitor_key"
    visitor_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    wrapped: Mapped[bytes | None]
    created_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


class ConversationRow(Base):
    """One conversation, on one door. `last_event` numbers its outbox."""

    __tablename__ = "conversation"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    visitor_id: Mapped[str] = mapped_column(ForeignKey("visitor.id"), index=True)
    door: Mapped[str] = mapped_column(String(16))
    external_hash: Mapped[str | None] = mapped_column(String(64))
    token_hash: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    owner: Mapped[str] = mapped_column(String(16), default="assistant")
    human_name: Mapped[str | None] = mapped_column(String(80))
    signed_in: Mapped[bool] = mapped_column(default=False)
    gpc: Mapped[bool] = mapped_column(default=False)
    last_event: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("door", "external_hash"),)


class DisclosureRow(Base):
    """The AI disclosure was shown: which text, in which language, when, and how that is known."""

    __tablename__ = "disclosure"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    version: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(8))
    sha256: Mapped[str] = mapped_column(String(64))
    how: Mapped[str] = mapped_column(String(32))  # rendered | first_message
    shown_at: Mapped[datetime]


class MessageRow(Base):
    """One message. `turn` is `accepted` from the moment it is stored until its turn has ended (`done`)."""

    __tablename__ = "message"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    client_message_id: Mapped[str | None] = mapped_column(String(80))
    author: Mapped[str] = mapped_column(String(16))
    author_name: Mapped[str | None] = mapped_column(String(80))
    reply_to: Mapped[str | None] = mapped_column(String(64))
    body_sealed: Mapped[bytes]
    turn: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_message_id"),
        Index(
            "message_open", "turn", sqlite_where=text("turn = 'accepted'"), postgresql_where=text("turn = 'accepted'")
        ),
        Index("message_conversation", "conversation_id", "created_at"),
    )


class OutboxRow(Base):
    """One event for the visitor's (and the agent's) screen, numbered within its conversation, kept for replay."""

    __tablename__ = "outbox"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))  # message | handoff | speaker | consent
    message_id: Mapped[str | None] = mapped_column(String(64))
    data_sealed: Mapped[bytes]
    created_at: Mapped[datetime]


class DeliveryRow(Base):
    """How far a client that keeps no cursor itself (Socket.IO) has been served."""

    __tablename__ = "delivery"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    client: Mapped[str] = mapped_column(String(32), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)


class PlaceholderRow(Base):
    """What a placeholder stands for. The same value gets the same placeholder throughout a conversation."""

    __tablename__ = "placeholder"
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    value_hash: Mapped[str] = mapped_column(String(64))
    value_sealed: Mapped[bytes]
    purpose: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = (Index("placeholder_value", "conversation_id", "kind", "value_hash"),)


class ConsentRow(Base):
    """One consent event. Append-only: the newest event of a visitor and purpose is the state in force."""

    __tablename__ = "consent_event"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    visitor_id: Mapped[str] = mapped_column(ForeignKey("visitor.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    purpose: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(32))  # DPV: ConsentRequested | ConsentGiven | ConsentRefused | …
    at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    notice: Mapped[str] = mapped_column(String(128))
    language: Mapped[str] = mapped_column(String(8))
    evidence: Mapped[dict[str, Any]]
    __table_args__ = (Index("consent_state", "visitor_id", "purpose", "at"),)


class DecisionRow(Base):
    """The part of a decision record that lists are filtered by, and its commitment. Append-only.

    `commitment` is SHA-256(salt ‖ canonical payload), hex; `leaf_index` is given when the record is sealed.
    """

    __tablename__ = "decision"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64))
    visitor_id: Mapped[str] = mapped_column(String(64))
    turn_id: Mapped[str | None] = mapped_column(String(64), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(24))
    intent: Mapped[str | None] = mapped_column(String(64))
    confidence: Mapped[float | None] = mapped_column(Float)
    outcome: Mapped[str] = mapped_column(String(96))
    language: Mapped[str] = mapped_column(String(8))
    commitment: Mapped[str] = mapped_column(String(64))
    leaf_index: Mapped[int | None] = mapped_column(Integer)
    __table_args__ = (
        Index("decision_at", "at", "id"),
        Index("decision_kind", "kind", "at"),
        Index("decision_intent", "intent", "at"),
        Index("decision_conversation", "conversation_id", "at"),
    )


class DecisionPayloadRow(Base):
    """The whole record and its salt, sealed under the visitor's key: erasable while the commitment stays."""

    __tablename__ = "decision_payload"
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    visitor_id: Mapped[str] = mapped_column(String(64), index=True)
    payload_sealed: Mapped[bytes | None]


class HandoffRow(Base):
    """A request for a human, from requested to its end (rule H1)."""

    __tablename__ = "handoff"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    state: Mapped[str] = mapped_column(String(16))  # queued | accepted | expired | withdrawn | returned | closed
    trigger: Mapped[str] = mapped_column(String(16))  # button | text | assistant
    reason: Mapped[str] = mapped_column(String(160))
    language: Mapped[str] = mapped_column(String(8))
    requested_at: Mapped[datetime]
    queued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    agent_name: Mapped[str | None] = mapped_column(String(80))
    contact_sealed: Mapped[bytes | None]
    __table_args__ = (
        Index("handoff_state", "state", "queued_at"),
        # One open handoff a conversation, whoever asks how often.
        Index(
            "handoff_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("state IN ('queued', 'accepted')"),
            postgresql_where=text("state IN ('queued', 'accepted')"),
        ),
    )


class StaffRow(Base):
    """Someone who signs in: agent, reviewer or both."""

    __tablename__ = "staff"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    roles: Mapped[list[str]]
    password_hash: Mapped[str] = mapped_column(String(256))
    created_at: Mapped[datetime]


class StaffSessionRow(Base):
    """A staff member's signed-in browser. The cookie's token is kept as a hash only."""

    __tablename__ = "staff_session"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    expires_at: Mapped[datetime]


class ShopCustomerRow(Base):
    """Demo shop: a customer."""

    __tablename__ = "shop_customer"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(200))


class ShopProductRow(Base):
    """Demo shop: a product. Price in euro cents."""

    __tablename__ = "shop_product"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    names: Mapped[dict[str, Any]]  # {"en": ..., "zh": ...}
    descriptions: Mapped[dict[str, Any]]
    price_cents: Mapped[int]
    stock: Mapped[int]


class ShopOrderRow(Base):
    """Demo shop: an order of one customer. `number` is what the customer sees, such as FH-204817."""

    __tablename__ = "shop_order"
    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("shop_customer.id"), index=True)
    status: Mapped[str] = mapped_column(
        String(24)
    )  # paid | packed | shipped | delivered | cancelled | returned | refunded
    placed_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expected_at: Mapped[datetime | None]
    carrier: Mapped[str | None] = mapped_column(String(40))
    tracking: Mapped[str | None] = mapped_column(String(40))
    total_cents: Mapped[int]
    refund_cents: Mapped[int | None]
    refunded_at: Mapped[datetime | None]
    items: Mapped[dict[str, Any]]  # {"product id": quantity}
