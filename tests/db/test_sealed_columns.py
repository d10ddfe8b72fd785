"""What a visitor says or leaves is in `…_sealed` columns alone, under their own key.

Whoever adds a column that can hold a text has to say here why nothing of a visitor's will stand in it, or seal it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import JSON, Column, LargeBinary, MetaData, String, Table, Text, select
from sqlalchemy.types import TypeEngine

from bot.db.models import Base
from tests import transactions
from tests.privacy.centre import full_life, running

IDS = "an id or a pseudonym that we made"
WORDS = "one of our own words: a state, a kind, a category, a language, a version"
HASHES = "a hash, which leads to nothing without its key"
STAFF = "of somebody who works here, or in their own words"
TEXTS = "a text that was published, or a figure over records"
SHOP = "the demo shop's own data, which is the shop's and not the chat's"
CLIENTS = "chosen by the visitor's client, any text: emptied by an erasure"

REVIEWED: dict[str, dict[str, str]] = {
    "customer": {"id": IDS, "hash": HASHES},
    "visitor": {"id": IDS, "customer_id": IDS},
    "visitor_key": {"visitor_id": IDS, "wrapped": "the visitor's key, locked with the operator's"},
    "identity_use": {"jti_hash": HASHES, "conversation_id": IDS},
    "conversation": {
        "id": IDS,
        "visitor_id": IDS,
        "door": WORDS,
        "external_hash": HASHES,
        "token_hash": HASHES,
        "language": WORDS,
        "owner": WORDS,
        "human_name": STAFF,
        "policy_version": WORDS,
        "choices": WORDS,
    },
    "policy": dict.fromkeys(("kind", "version", "language", "text", "sha256", "change"), TEXTS),
    "hold": {"id": IDS, "conversation_id": IDS, "reason": STAFF, "by": STAFF, "ended_by": STAFF},
    "retention_run": {"id": IDS, "removed": TEXTS},
    "disclosure": {
        "id": IDS,
        "conversation_id": IDS,
        "version": WORDS,
        "language": WORDS,
        "sha256": HASHES,
        "how": WORDS,
    },
    "message": {
        "id": IDS,
        "conversation_id": IDS,
        "client_message_id": CLIENTS,
        "author": WORDS,
        "author_name": STAFF,
        "reply_to": IDS,
        "turn": WORDS,
    },
    "outbox": {"conversation_id": IDS, "kind": WORDS, "message_id": IDS},
    "delivery": {"conversation_id": IDS, "client": HASHES},
    "placeholder": {"conversation_id": IDS, "name": WORDS, "kind": WORDS, "value_hash": HASHES, "purpose": WORDS},
    "consent_event": {
        "id": IDS,
        "subject": IDS,
        "visitor_id": IDS,
        "conversation_id": IDS,
        "purpose": WORDS,
        "state": WORDS,
        "scope": WORDS,
        "notice": TEXTS,
        "terms": HASHES,
        "language": WORDS,
        "evidence": "what the screen showed and how it was chosen, in our own words",
    },
    "decision": {
        "id": IDS,
        "conversation_id": IDS,
        "visitor_id": IDS,
        "turn_id": IDS,
        "kind": WORDS,
        "intent": WORDS,
        "outcome": WORDS,
        "language": WORDS,
        "model": HASHES,
        "commitment": HASHES,
    },
    "decision_payload": {"decision_id": IDS, "visitor_id": IDS},
    "decision_day": dict.fromkeys(("kind", "day", "intent", "outcome", "language", "model"), TEXTS),
    "log_tile": {"hashes": HASHES},
    "log_checkpoint": {"root": HASHES, "note": TEXTS},
    "review": {
        "id": IDS,
        "record_id": IDS,
        "decision_id": IDS,
        "reviewer_id": IDS,
        "verdict": WORDS,
        "reason": WORDS,
        "correct_intent": WORDS,
    },
    "contest": {
        "id": IDS,
        "conversation_id": IDS,
        "message_id": IDS,
        "decision_id": IDS,
        "state": WORDS,
        "language": WORDS,
        "reviewer_id": IDS,
    },
    "correction": {
        "id": IDS,
        "review_id": IDS,
        "decision_id": IDS,
        "visitor_id": IDS,
        "consent_record_id": IDS,
        "state": WORDS,
        "language": WORDS,
        "wrong_intent": WORDS,
        "intent": WORDS,
        "text": STAFF,
        "model": HASHES,
        "decided_by": IDS,
        "note": STAFF,
        "tried_model": HASHES,
        "right_model": HASHES,
    },
    "stop": {"id": IDS, "topic": WORDS, "reason": STAFF, "by_id": IDS, "ended_by": IDS},
    "erasure": {
        "id": IDS,
        "visitor_id": IDS,
        "record_id": IDS,
        "reason": WORDS,
        "receipt": TEXTS,
        "request_id": IDS,
        "receipt_hash": HASHES,
    },
    "handoff": {
        "id": IDS,
        "conversation_id": IDS,
        "state": WORDS,
        "trigger": WORDS,
        "reason": WORDS,
        "language": WORDS,
        "agent_id": IDS,
        "agent_name": STAFF,
        "contact_purpose": WORDS,
    },
    "staff": dict.fromkeys(("id", "login", "name", "roles", "password_hash"), STAFF),
    "staff_session": {"token_hash": HASHES, "staff_id": IDS},
    "shop_customer": dict.fromkeys(("id", "name", "email", "phone", "address", "note"), SHOP),
    "shop_product": dict.fromkeys(("id", "names", "descriptions"), SHOP),
    "shop_order": dict.fromkeys(("number", "customer_id", "status", "carrier", "tracking", "items"), SHOP),
    "shop_view": dict.fromkeys(("customer_id", "product_id"), SHOP),
}
"""Every column that can hold a text or bytes and is not sealed, and what stands in it instead."""


def can_hold_text(kind: TypeEngine[object]) -> bool:
    return isinstance(kind, (String, Text, JSON, LargeBinary))


def open_columns(metadata: MetaData) -> Iterator[Column[object]]:
    """The columns that can hold something of a visitor's and are not sealed."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            sealed = column.name.endswith("_sealed") and isinstance(column.type, LargeBinary)
            if can_hold_text(column.type) and not sealed:
                yield column


def test_each_column_that_can_hold_a_text_is_sealed_or_was_thought_about() -> None:
    found = {str(column) for column in open_columns(Base.metadata)}
    reviewed = {f"{table}.{column}" for table, columns in REVIEWED.items() for column in columns}
    assert found - reviewed == set(), "Seal these, or say in REVIEWED why nothing of a visitor's stands in them."
    assert reviewed - found == set(), "These are gone, or sealed by now: take them off the list."


@pytest.mark.parametrize("kind", [String(8), Text(), JSON(), LargeBinary()])
def test_a_new_column_is_noticed_whatever_its_type(kind: TypeEngine[object]) -> None:
    table = Table("new", MetaData(), Column("thing", kind), Column("thing_sealed", LargeBinary()))
    assert [column.name for column in open_columns(table.metadata)] == ["thing"]


def test_a_column_is_not_sealed_by_its_name_alone() -> None:
    table = Table("new", MetaData(), Column("thing_sealed", Text()))
    assert [column.name for column in open_columns(table.metadata)] == ["thing_sealed"]


TYPED = ("ann.lee@", "FH-204817", "+44 20 7946", "442079460018", "refund please", "请打", "Wrong, says", "Sorry about",
         "Your order of", "C-77123", "Ann Lee")  # fmt: skip
"""What the visitor of this test types, leaves, is or is answered."""


def test_nothing_that_a_visitor_typed_or_is_stands_in_an_open_column(tmp_path: Path) -> None:
    with running(tmp_path) as site:
        full_life(site.visitor(customer=("C-77123", "Ann Lee")))
        database = site.services.database
        sealed = [
            column
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if column.name.endswith("_sealed") and transactions.read(database, lambda s, c=column: s.scalar(select(c)))  # type: ignore[misc]
        ]
        assert len(sealed) >= 9, "the visitor left something of everything"
        for column in open_columns(Base.metadata):
            values = str(transactions.read(database, lambda s, c=column: list(s.scalars(select(c)))))  # type: ignore[misc]
            assert [one for one in TYPED if one in values] == [], str(column)
