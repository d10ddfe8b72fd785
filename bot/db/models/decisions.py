"""Decision records and their daily counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Float, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.models.base import Base, partial_index


class DecisionRow(Base):
    """A record's header: what lists are filtered by, and the commitment to all the rest. Append-only.

    `commitment` is SHA-256(salt ‖ payload), hex; the header as a whole is the record's leaf in the sealed log, at
    `leaf_index`, which is null until it is sealed (docs/reference/spec/decision-record.md).
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
        partial_index("decision_unsealed", "at", "id", where="leaf_index IS NULL"),
        # The queue of unsure understandings (bot/oversight/sampling.py).
        partial_index("decision_unsure", "at", "kind", where="confidence < 0.5"),
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

    Absent values are "". `band` is the confidence in tenths, 0 to 9, or -1 without one. Written by the sequencer alone.
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
