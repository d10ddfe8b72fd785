"""Erasures, legal holds, rounds of retention."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.models.base import Base


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
