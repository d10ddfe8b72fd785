"""Who talks here: customers, visitors, and the keys that their data is encrypted with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.models.base import Base


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
