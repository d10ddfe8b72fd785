"""Queries about staff accounts and their sessions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.db.models import StaffRow, StaffSessionRow


def find_by_login(session: Session, login: str) -> StaffRow | None:
    return session.scalar(select(StaffRow).where(StaffRow.login == login))


def logins(session: Session) -> set[str]:
    """Everybody's."""
    return set(session.scalars(select(StaffRow.login)))


def names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    query = select(StaffRow.id, StaffRow.name).where(StaffRow.id.in_(set(ids)))
    return {row.id: row.name for row in session.execute(query)}


def find_by_session(session: Session, token_hash: str, moment: datetime) -> StaffRow | None:
    """The account of a session that is still valid at `moment`."""
    return session.scalar(
        select(StaffRow)
        .join(StaffSessionRow, StaffSessionRow.staff_id == StaffRow.id)
        .where(StaffSessionRow.token_hash == token_hash, StaffSessionRow.expires_at > moment)
    )


def delete_session(session: Session, token_hash: str) -> None:
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.token_hash == token_hash))


def delete_sessions_of(session: Session, staff_id: str) -> None:
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == staff_id))


def delete_expired_sessions(session: Session, moment: datetime) -> None:
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.expires_at <= moment))
