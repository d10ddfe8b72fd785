"""Consent events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.models.base import Base


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
    __table_args__ = (Index("consent_state", "subject", "purpose", "at"), Index("consent_ends", "state", "valid_until"))
