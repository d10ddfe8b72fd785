"""The sealed log: tiles and checkpoints."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.models.base import Base


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
