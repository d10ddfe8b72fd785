"""Keeps what placeholders stand for, sealed under the visitor's key."""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, load_only

from bot.masking.identifiers import DEFAULT_FINDER, Finder
from bot.messages import PLACEHOLDER
from bot.storage import Keyring, about
from bot.storage.tables import ConversationRow, PlaceholderRow

ANSWER = "ANSWER"
"""The kind of a personal answer's text, which the engine never sees."""


class Vault:
    """Placeholders of a conversation and their values. Within a conversation one value has one placeholder.

    Args:
        finder: finds what is to be kept here; one of its own when the company's order numbers look different.
    """

    def __init__(self, keyring: Keyring, finder: Finder = DEFAULT_FINDER) -> None:
        self._keyring = keyring
        self.finder = finder

    def placeholder(
        self, session: Session, conversation: ConversationRow, kind: str, value: str, purpose: str | None = None
    ) -> str:
        """Keep `value`, give what stands for it, such as `[ORDER_1]`.

        `purpose` names the consent it was read under: `forget` removes it. A value that the visitor typed has none.
        """
        hashed = f"{conversation.id}:{kind}:{_canonical(kind, value)}"
        digest = self._keyring.digest_of(session, conversation.visitor_id, hashed)
        row = session.scalar(_of_value(conversation.id, kind, digest))
        if row is None:
            row = self._keep(session, conversation, kind, value, digest, purpose)
        elif purpose is None:
            row.purpose = None
        return f"[{row.name}]"

    def resolve(self, session: Session, conversation_id: str, placeholder: str) -> str | None:
        """The value behind `[ORDER_1]` in this conversation; None when there is none or it was forgotten."""
        row = session.get(PlaceholderRow, (conversation_id, placeholder.strip("[]")))
        if row is None or not row.value_sealed:
            return None
        conversation = session.get_one(ConversationRow, conversation_id)
        value: str = self._keyring.open(session, conversation.visitor_id, _about(row), row.value_sealed)
        return value

    def fill(self, session: Session, conversation_id: str, text: str) -> str:
        """`text` as the visitor is to read it: every known placeholder replaced, in one pass; unknown ones stay."""

        def value(match: re.Match[str]) -> str:
            found = self.resolve(session, conversation_id, match.group())
            return match.group() if found is None else found

        return PLACEHOLDER.sub(value, text)

    def forget(self, session: Session, conversation_id: str, purposes: Collection[str]) -> None:
        """Erase every value that was read under `purposes`. The names stay taken, so that none is ever used again."""
        held = select(PlaceholderRow).where(
            PlaceholderRow.conversation_id == conversation_id,
            PlaceholderRow.purpose.in_(purposes),
            PlaceholderRow.value_sealed != b"",
        )
        # Their names alone are read: what is to be forgotten is not looked at.
        for row in session.scalars(held.options(load_only(PlaceholderRow.name))):
            row.value_sealed, row.value_hash = b"", ""

    def _keep(
        self, session: Session, conversation: ConversationRow, kind: str, value: str, digest: str, purpose: str | None
    ) -> PlaceholderRow:
        count = session.scalar(
            select(func.count()).where(PlaceholderRow.conversation_id == conversation.id, PlaceholderRow.kind == kind)
        )
        row = PlaceholderRow(
            conversation_id=conversation.id,
            name=f"{kind}_{(count or 0) + 1}",
            kind=kind,
            value_hash=digest,
            purpose=purpose,
        )
        row.value_sealed = self._keyring.seal(session, conversation.visitor_id, _about(row), value)
        session.add(row)
        session.flush()
        return row


def _of_value(conversation_id: str, kind: str, digest: str) -> Select[PlaceholderRow]:
    return select(PlaceholderRow).where(
        PlaceholderRow.conversation_id == conversation_id,
        PlaceholderRow.kind == kind,
        PlaceholderRow.value_hash == digest,
    )


def _about(row: PlaceholderRow) -> str:
    return about.placeholder(row.conversation_id, row.name)


def _canonical(kind: str, value: str) -> str:
    """The same number in another spelling is the same value: `+44 20 7946 0018` and `+442079460018`."""
    if kind == ANSWER:
        return value
    if kind == "EMAIL":
        return value.casefold()
    return "".join(c for c in value if c.isalnum() or c == "+").upper()
