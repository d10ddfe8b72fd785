"""Conversations, what is said in them, and how far it was delivered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.models.base import Base, partial_index


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
        partial_index("message_open", "turn", where="turn = 'accepted'"),
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
