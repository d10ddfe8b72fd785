"""What reviewers and operators do: reviews, contests, corrections, stops."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.models.base import Base, partial_index


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
    __table_args__ = (partial_index("stop_active", "at", where="ended_at IS NULL"),)
