"""Published policies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.models.base import Base


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
