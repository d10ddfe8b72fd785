"""Every table. Personal text is in `…_sealed` columns: AES-256-GCM under the visitor's own key (see keyring.py)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
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


class CustomerRow(Base):
    """Someone the embedding site vouched for, on whichever device: a pseudonym and a keyed hash of the customer id.

    The hash goes when everything of theirs is erased; the pseudonym then leads to nobody.
    """

    __tablename__ = "customer"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]


class VisitorRow(Base):
    """A visitor on one device: a pseudonym and, once signed in, their customer and the sealed id and name."""

    __tablename__ = "visitor"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customer.id"), index=True)
    identity_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]


class IdentityUseRow(Base):
    """An identity token that has been shown, by the hash of its `jti`: no other conversation may show it again."""

    __tablename__ = "identity_use"
    jti_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class VisitorKeyRow(Base):
    """A visitor's data key, wrapped by the operator's master key. Destroying it erases what it sealed.

    `wrapped` is key id (4 bytes) ‖ nonce (12) ‖ ciphertext: the id says which of the operator's keys wrapped it.
    """

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
    policy_version: Mapped[str | None] = mapped_column(String(32))  # the privacy notice the visitor was told of last
    choices: Mapped[str | None] = mapped_column(String(8))  # made before signing in: kept | left, once that was asked
    last_event: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime]
    engine_forgot_at: Mapped[datetime | None]  # when retention had the engine forget it
    __table_args__ = (
        UniqueConstraint("door", "external_hash"),
        Index("conversation_created", "created_at", "id"),  # retention walks along it
    )


class PolicyRow(Base):
    """One published text: immutable, known by its hash. The newest of its kind and language is in force."""

    __tablename__ = "policy"
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)  # disclosure | privacy | purposes
    version: Mapped[str] = mapped_column(String(32), primary_key=True)  # its date, and .2 for the second of a day
    language: Mapped[str] = mapped_column(String(8), primary_key=True)  # "" for the purposes, which hold all of them
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    change: Mapped[str] = mapped_column(Text)  # one sentence for returning visitors; "" for the first version
    published_at: Mapped[datetime]


class HoldRow(Base):
    """A legal hold: until `ended_at` the conversation is neither erased nor cleared by retention."""

    __tablename__ = "hold"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    reason: Mapped[str] = mapped_column(String(400))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(80))


class RetentionRunRow(Base):
    """One round of the retention job, and how much of each category it removed."""

    __tablename__ = "retention_run"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    removed: Mapped[dict[str, Any]]  # {category: count}


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
    """How far a client has been sent the conversation; of the widget, which keeps a cursor itself, only cards count."""

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
    """One consent event. Append-only: the newest event of a subject and purpose is the state in force.

    `subject` is the customer's pseudonym when it was made signed in, else the visitor's: a choice made before signing
    in is not the customer's. `visitor_id` and `conversation_id` say where it was made.
    """

    __tablename__ = "consent_event"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    visitor_id: Mapped[str] = mapped_column(ForeignKey("visitor.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(32))  # DPV: ConsentRequested | ConsentGiven | ConsentRefused | …
    scope: Mapped[str | None] = mapped_column(String(16))  # of a yes: once | conversation | until_withdrawn
    at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    notice: Mapped[str] = mapped_column(String(128))  # the purpose's exact words: name/version#sha256:…
    terms: Mapped[str] = mapped_column(String(64))  # hash of purpose, method and data: another one voids the consent
    language: Mapped[str] = mapped_column(String(8))
    evidence: Mapped[dict[str, Any]]
    __table_args__ = (
        Index("consent_state", "subject", "purpose", "at"),
        Index("consent_ends", "state", "valid_until"),
    )


class DecisionRow(Base):
    """A record's header: what lists are filtered by, and the commitment to all the rest. Append-only.

    `commitment` is SHA-256(salt ‖ payload), hex; the header as a whole is the record's leaf in the sealed log, at
    `leaf_index`, which is null until it is sealed (docs/spec/decision-record.md).
    """

    __tablename__ = "decision"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64))  # "" when it is about none
    visitor_id: Mapped[str] = mapped_column(String(64))  # "" when it is about none
    turn_id: Mapped[str | None] = mapped_column(String(64), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(24))
    intent: Mapped[str | None] = mapped_column(String(64))
    confidence: Mapped[float | None] = mapped_column(Float)
    outcome: Mapped[str] = mapped_column(String(96))
    language: Mapped[str] = mapped_column(String(8))
    model: Mapped[str | None] = mapped_column(String(64))  # the model's fingerprint
    commitment: Mapped[str] = mapped_column(String(64))
    leaf_index: Mapped[int | None] = mapped_column(Integer)
    __table_args__ = (
        Index("decision_at", "at", "id"),
        Index("decision_kind", "kind", "at"),
        Index("decision_intent", "intent", "at"),
        Index("decision_outcome", "outcome", "at"),
        Index("decision_language", "language", "at"),
        Index("decision_model", "model", "at"),
        Index("decision_conversation", "conversation_id", "at"),
        Index("decision_visitor", "visitor_id", "at"),
        Index("decision_leaf", "leaf_index", unique=True),
        Index(
            "decision_unsealed",
            "at",
            "id",
            sqlite_where=text("leaf_index IS NULL"),
            postgresql_where=text("leaf_index IS NULL"),
        ),
        # The queue of unsure understandings (bot/oversight/sampling.py).
        Index(
            "decision_unsure",
            "at",
            "kind",
            sqlite_where=text("confidence < 0.5"),
            postgresql_where=text("confidence < 0.5"),
        ),
    )


class DecisionPayloadRow(Base):
    """The whole record: salt ‖ payload, sealed under `visitor_id`'s key: erasable while the commitment stays.

    `visitor_id` names the key: the visitor's, or the operator's own for records that outlive a visitor's erasure.
    """

    __tablename__ = "decision_payload"
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    visitor_id: Mapped[str] = mapped_column(String(64), index=True)
    payload_sealed: Mapped[bytes | None]


class DecisionDayRow(Base):
    """How many sealed records there are of each sort, by day (UTC): what the charts and filter lists are made from.

    Absent values are "". `band` is the confidence in tenths, 0 to 9, or -1 without one. Written by the sealer alone.
    """

    __tablename__ = "decision_day"
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    intent: Mapped[str] = mapped_column(String(64), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(96), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    model: Mapped[str] = mapped_column(String(64), primary_key=True)
    band: Mapped[int] = mapped_column(Integer, primary_key=True)
    records: Mapped[int] = mapped_column(Integer)
    confidence_sum: Mapped[int] = mapped_column(BigInteger, default=0)  # in ten-thousandths, so that means are exact
    # Kept in the key's order, so that the days of one kind are read in one go.
    __table_args__ = ({"sqlite_with_rowid": False},)


class LogTileRow(Base):
    """Up to 256 hashes (32 bytes each) of the log's tree: tile `number` of tile level `level` (C2SP tlog-tiles)."""

    __tablename__ = "log_tile"
    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hashes: Mapped[bytes]


class LogCheckpointRow(Base):
    """A signed checkpoint: the log's size and root at a moment. Append-only, but for `anchored_at`."""

    __tablename__ = "log_checkpoint"
    size: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))  # hex
    note: Mapped[str] = mapped_column(Text)  # the signed note, whole
    at: Mapped[datetime]
    anchored_at: Mapped[datetime | None]


class ReviewRow(Base):
    """A reviewer's verdict on a decision. Append-only; the same reviewer's newest counts. The note is in the record."""

    __tablename__ = "review"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("decision.id"))
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"))
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    verdict: Mapped[str] = mapped_column(String(16))  # right | wrong | unsure
    reason: Mapped[str] = mapped_column(String(32))  # a reason code (bot/oversight/reviews.py)
    correct_intent: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]
    __table_args__ = (
        Index("review_at", "at"),
        Index("review_decision", "decision_id", "reviewer_id"),
        Index("review_reviewer", "reviewer_id", "at"),
    )


class ContestRow(Base):
    """A visitor asked a human to check a reply. Its reason and address are sealed under the visitor's key."""

    __tablename__ = "contest"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), unique=True)
    decision_id: Mapped[str | None] = mapped_column(ForeignKey("decision.id"), index=True)
    state: Mapped[str] = mapped_column(String(16))  # open | upheld | overturned
    reason_sealed: Mapped[bytes | None]
    contact_sealed: Mapped[bytes | None]
    language: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    reviewer_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    answer_sealed: Mapped[bytes | None]  # the reviewer's words to the visitor
    __table_args__ = (Index("contest_state", "state", "at"),)


class CorrectionRow(Base):
    """A training example proposed by a review, accepted or refused by a maintainer.

    While it is proposed its text, if it has one, is sealed: the reviewer's wording, or the visitor's (masked) under the
    consent that `consent_record_id` names. Accepted, `text` is the maintainer's wording.
    """

    __tablename__ = "correction"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    review_id: Mapped[str] = mapped_column(ForeignKey("review.id"), unique=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"), index=True)
    visitor_id: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(16))  # proposed | accepted | refused
    language: Mapped[str] = mapped_column(String(8))
    wrong_intent: Mapped[str | None] = mapped_column(String(64))
    intent: Mapped[str] = mapped_column(String(64))  # the right one
    text_sealed: Mapped[bytes | None]
    consent_record_id: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str | None] = mapped_column(Text)
    model: Mapped[str | None] = mapped_column(String(64))  # fingerprint of the model that got it wrong
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[str | None] = mapped_column(String(400))
    tried_model: Mapped[str | None] = mapped_column(String(64))
    right_model: Mapped[str | None] = mapped_column(String(64))  # the first later model that gets it right
    right_at: Mapped[datetime | None]
    __table_args__ = (Index("correction_state", "state", "proposed_at"),)


class StopRow(Base):
    """The assistant was stopped, wholly (`topic` null) or for one topic, until `ended_at`."""

    __tablename__ = "stop"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    topic: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime]
    by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    __table_args__ = (
        Index(
            "stop_active",
            "at",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class ErasureRow(Base):
    """A visitor's erasure: begun when the key is destroyed, done when every store has been cleared."""

    __tablename__ = "erasure"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    visitor_id: Mapped[str] = mapped_column(String(64), unique=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("decision.id"))
    reason: Mapped[str] = mapped_column(String(64))  # a reason code (bot/privacy/erasure/service.py)
    begun_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    receipt: Mapped[dict[str, Any]]  # {store: what was removed there}
    request_id: Mapped[str | None] = mapped_column(String(64), index=True)  # a visitor's request may erase several
    receipt_hash: Mapped[str | None] = mapped_column(String(64))  # of the token that opens the visitor's receipt


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
    contact_purpose: Mapped[str | None] = mapped_column(String(64))  # what it was read for; None: the visitor gave it
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
    phone: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(String(200))
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


class ShopViewRow(Base):
    """Demo shop: a product that a customer looked at while signed in to the shop."""

    __tablename__ = "shop_view"
    customer_id: Mapped[str] = mapped_column(ForeignKey("shop_customer.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("shop_product.id"), primary_key=True)
    at: Mapped[datetime]
