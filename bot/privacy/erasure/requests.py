"""Requests to erase one visitor, or all visitors of a customer. What is on legal hold is kept and named."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.core.errors import Conflict, NotFound
from bot.core.i18n import copy
from bot.core.ids import Json, new_id
from bot.db import Keyring
from bot.db.locks import lock_visitors
from bot.db.models import ErasureRow
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.repository import of_request
from bot.privacy.erasure.service import Eraser
from bot.privacy.repository import conversations_of, held


class What(StrEnum):
    """What is to be erased."""

    EVERYTHING = "everything"
    CONVERSATION = "conversation"


@dataclass(frozen=True)
class Requests:
    """Erases on request. One request may erase several visitors; they share a receipt."""

    keyring: Keyring
    eraser: Eraser

    def ask(
        self,
        session: Session,
        visitor_ids: Sequence[str],
        what: What,
        reason: Reason,
        by: str,
        *,
        token: str | None = None,
        language: str = "en",
    ) -> Sequence[ErasureRow]:
        """Erase those of the visitors who are not on hold; the request's erasures. Twice is harmless.

        Args:
            token: opens the receipt later (`new_token`); only its keyed hash is kept.
            language: of the sentence when nothing can be erased.

        Raises:
            NotFound: there is no such visitor.
            Conflict: `on_hold`, a legal hold is on all that was asked for.
        """
        lock_visitors(session, visitor_ids)
        kept = _kept(session, visitor_ids)
        free = [visitor_id for visitor_id in visitor_ids if visitor_id not in {one["visitor_id"] for one in kept}]
        if not free:
            raise Conflict(copy("privacy.on_hold", language, reason=kept[0]["reason"]), code="on_hold")
        rows = [self.eraser.erase(session, visitor_id, reason, by) for visitor_id in free]
        new = [row for row in rows if row.request_id is None]
        self._sign(new, what, kept, token)
        return of_request(session, rows[0].request_id or "")

    def opened_by(self, session: Session, request_id: str, token: str) -> Sequence[ErasureRow]:
        """The erasures of a request whose receipt `token` opens, as they stand now.

        Raises:
            NotFound: no such request, or it is another's; the two look the same.
        """
        rows, given = of_request(session, request_id), self.keyring.digest(token)
        if not rows or not secrets.compare_digest(rows[0].receipt_hash or "", given):
            raise NotFound("There is no such receipt.")
        return rows

    def _sign(self, rows: Sequence[ErasureRow], what: What, kept: list[dict[str, str]], token: str | None) -> None:
        request_id = new_id("req")
        for row in rows:
            row.request_id = request_id
            row.receipt_hash = self.keyring.digest(token) if token is not None else None
            row.receipt = {**row.receipt, "request": {"what": what.value, "kept": kept}}


def new_token() -> str:
    """A secret that opens a receipt."""
    return secrets.token_urlsafe(32)


def _kept(session: Session, visitor_ids: Sequence[str]) -> list[dict[str, Json]]:
    """The conversations that stay, with visitor and reason: one that is held keeps its visitor's others."""
    rows = conversations_of(session, visitor_ids)
    holds = held(session, [row.id for row in rows])
    reasons = {row.visitor_id: holds[row.id].reason for row in rows if row.id in holds}
    return [
        {"conversation_id": row.id, "visitor_id": row.visitor_id, "reason": reasons[row.visitor_id]}
        for row in rows
        if row.visitor_id in reasons
    ]
