"""Keeps what placeholders stand for, sealed under the visitor's key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session, load_only

from bot.core.messages import PLACEHOLDER
from bot.db import Keyring, encryption_context
from bot.db.models import ConversationRow, PlaceholderRow
from bot.masking.finder import DEFAULT_FINDER, Finder
from bot.masking.placeholders import canonical
from bot.masking.spans import Found


class PlaceholderStore:
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
        value_ = Found(kind, value)
        return self.keep_all(session, conversation, [value_], purpose)[value_]

    def keep_all(
        self, session: Session, conversation: ConversationRow, values: Sequence[Found], purpose: str | None = None
    ) -> dict[Found, str]:
        """What stands for each of `values`, which are kept where they are not yet; as `placeholder`.

        However many there are, it takes the same few statements.
        """
        digests = {value: self._digest(session, conversation, value) for value in dict.fromkeys(values)}
        names = self._known(session, conversation, digests.values(), purpose)
        new: dict[tuple[str, str], Found] = {}
        for value, digest in digests.items():
            if (value.kind, digest) not in names:
                new.setdefault((value.kind, digest), value)
        if new:
            names |= self._keep(session, conversation, new, purpose)
        return {value: f"[{names[value.kind, digest]}]" for value, digest in digests.items()}

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

    def _digest(self, session: Session, conversation: ConversationRow, value: Found) -> str:
        hashed = f"{conversation.id}:{value.kind}:{canonical(value.kind, value.value)}"
        return self._keyring.digest_of(session, conversation.visitor_id, hashed)

    def _known(
        self, session: Session, conversation: ConversationRow, digests: Iterable[str], purpose: str | None
    ) -> dict[tuple[str, str], str]:
        """The names of those that are kept already. What the visitor typed is no longer bound to a purpose."""
        row = PlaceholderRow
        query = select(row.kind, row.value_hash, row.name, row.purpose).where(
            row.conversation_id == conversation.id, row.value_hash.in_(digests)
        )
        known = session.execute(query).all()
        bound = [name for _, _, name, bound_to in known if bound_to is not None]
        if bound and purpose is None:
            mine = update(row).where(row.conversation_id == conversation.id, row.name.in_(bound))
            session.execute(mine.values(purpose=None).execution_options(synchronize_session=False))
        return {(kind, digest): name for kind, digest, name, _ in known}

    def _keep(
        self,
        session: Session,
        conversation: ConversationRow,
        new: Mapping[tuple[str, str], Found],
        purpose: str | None,
    ) -> dict[tuple[str, str], str]:
        """Insert a row for each; the numbers of a kind go on where they ended."""
        row = PlaceholderRow
        count = select(row.kind, func.count()).where(
            row.conversation_id == conversation.id, row.kind.in_({kind for kind, _ in new})
        )
        last = Counter[str]()
        for kind, number in session.execute(count.group_by(row.kind)):
            last[kind] = number
        names: dict[tuple[str, str], str] = {}
        for kind, digest in new:
            last[kind] += 1
            names[kind, digest] = f"{kind}_{last[kind]}"
        rows = [
            {
                "conversation_id": conversation.id,
                "name": names[key],
                "kind": key[0],
                "value_hash": key[1],
                "value_sealed": self._keyring.seal(
                    session,
                    conversation.visitor_id,
                    encryption_context.placeholder(conversation.id, names[key]),
                    value.value,
                ),
                "purpose": purpose,
            }
            for key, value in new.items()
        ]
        session.execute(insert(row), rows)
        return names


def _about(row: PlaceholderRow) -> str:
    return encryption_context.placeholder(row.conversation_id, row.name)
