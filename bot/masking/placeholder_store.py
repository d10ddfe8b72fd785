"""Keeps what placeholders stand for, sealed under the visitor's key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy.orm import Session

from bot.core.messages import PLACEHOLDER
from bot.db import Keyring, encryption_context
from bot.db.models import ConversationRow
from bot.masking import repository
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
        return self.keep_all(session, conversation.id, conversation.visitor_id, [value_], purpose)[value_]

    def keep_all(
        self,
        session: Session,
        conversation_id: str,
        visitor_id: str,
        values: Sequence[Found],
        purpose: str | None = None,
    ) -> dict[Found, str]:
        """What stands for each of `values`, which are kept where they are not yet; as `placeholder`.

        However many there are, it takes the same few statements. The numbers of a kind go on where they ended.
        """
        keys = {
            value: (value.kind, self._keyring.digest_of(session, visitor_id, _hashed(conversation_id, value)))
            for value in values
        }
        names = self._known(session, conversation_id, {digest for _, digest in keys.values()}, purpose)
        new: dict[tuple[str, str], Found] = {}
        for value, key in keys.items():
            if key not in names:
                new.setdefault(key, value)
        if not new:
            return {value: f"[{names[key]}]" for value, key in keys.items()}
        last = Counter(repository.counts(session, conversation_id, {kind for kind, _ in new}))
        rows = []
        for (kind, digest), value in new.items():
            last[kind] += 1
            name = names[kind, digest] = f"{kind}_{last[kind]}"
            about = encryption_context.placeholder(conversation_id, name)
            rows.append(
                {
                    "conversation_id": conversation_id,
                    "name": name,
                    "kind": kind,
                    "value_hash": digest,
                    "value_sealed": self._keyring.seal(session, visitor_id, about, value.value),
                    "purpose": purpose,
                }
            )
        repository.add(session, rows)
        return {value: f"[{names[key]}]" for value, key in keys.items()}

    def resolve(self, session: Session, conversation_id: str, placeholder: str) -> str | None:
        """The value behind `[ORDER_1]` in this conversation; None when there is none or it was forgotten."""
        return self._values(session, conversation_id, [placeholder]).get(placeholder)

    def fill(self, session: Session, conversation_id: str, text: str) -> str:
        """`text` as the visitor is to read it: every known placeholder replaced, in one pass; unknown ones stay."""
        values = self._values(session, conversation_id, PLACEHOLDER.findall(text))
        return PLACEHOLDER.sub(lambda match: values.get(match.group(), match.group()), text)

    def forget(self, session: Session, conversation_id: str, purposes: Collection[str]) -> None:
        """Erase every value that was read under `purposes`. The names stay taken, so that none is ever used again."""
        repository.forget(session, conversation_id, purposes)

    def _known(
        self, session: Session, conversation_id: str, digests: Collection[str], purpose: str | None
    ) -> dict[tuple[str, str], str]:
        """The names of those that are kept already. What the visitor typed is no longer bound to a purpose."""
        known = repository.known_names(session, conversation_id, digests)
        bound = [name for _, _, name, bound_to in known if bound_to is not None]
        if bound and purpose is None:
            repository.unbind(session, conversation_id, bound)
        return {(kind, digest): name for kind, digest, name, _ in known}

    def _values(self, session: Session, conversation_id: str, placeholders: Iterable[str]) -> dict[str, str]:
        """What these placeholders stand for; those without a value are left out."""
        names = {placeholder.strip("[]") for placeholder in placeholders}
        if not names:
            return {}
        return {
            f"[{name}]": self._keyring.open(
                session, visitor_id, encryption_context.placeholder(conversation_id, name), sealed
            )
            for name, (visitor_id, sealed) in repository.sealed_values(session, conversation_id, names).items()
        }


def _hashed(conversation_id: str, value: Found) -> str:
    return f"{conversation_id}:{value.kind}:{canonical(value.kind, value.value)}"
