"""Requests for a human."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.models.base import Base, partial_index


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
        partial_index("handoff_open", "conversation_id", where="state IN ('queued', 'accepted')", unique=True),
    )
