"""Records for tests of the log, written by the real recorder."""

from __future__ import annotations

import random
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db import Database, Keyring
from bot.db.models import DecisionRow, LogCheckpointRow
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.transparency_log.leaf import Header, header_text, leaf_data
from bot.transparency_log.merkle import leaf_hash
from tests import transactions

RECORDER = Recorder(Keyring.of(b"k" * 32), "test")


def a_decision(dice: random.Random) -> Decision:
    """A decision of some sort."""
    intent = dice.choice(["order_status", "greeting", None])
    return Decision(
        kind=dice.choice(list(Kind)),
        conversation_id=f"con_{dice.randrange(9)}",
        visitor_id=f"vis_{dice.randrange(5)}",
        turn_id=dice.choice([f"msg_{dice.randrange(99)}", None]),
        outcome=dice.choice(["allowed", "utter_greeting", "read:decision"]),
        input={"text": "Where is my order [ORDER_1]? 我的订单在哪里？"},
        intent=intent,
        confidence=None if intent is None else dice.random(),
        language=dice.choice(["en", "zh"]),
        fingerprint=dice.choice(["5f1d9c0e4b7a2836", None]),
    )


def write(database: Database, count: int, seed: int = 0) -> list[str]:
    """So many records, some in one transaction; their ids."""
    dice = random.Random(seed)
    decisions = [a_decision(dice) for _ in range(count)]
    return transactions.write(database, lambda s: [RECORDER.record(s, decision) for decision in decisions])


def sealed(database: Database) -> Sequence[DecisionRow]:
    """The records in the log, in its order."""
    query = select(DecisionRow).where(DecisionRow.leaf_index.is_not(None)).order_by(DecisionRow.leaf_index)
    return transactions.read(database, lambda s: s.scalars(query).all())


def checkpoints(database: Database) -> Sequence[LogCheckpointRow]:
    """All checkpoints, the first one first."""
    return transactions.read(
        database, lambda s: s.scalars(select(LogCheckpointRow).order_by(LogCheckpointRow.size)).all()
    )


def checkpoint_of(session: Session, leaf_index: int) -> LogCheckpointRow | None:
    """The first checkpoint that holds this leaf."""
    query = select(LogCheckpointRow).where(LogCheckpointRow.size > leaf_index).order_by(LogCheckpointRow.size).limit(1)
    return session.scalar(query)


def leaves(rows: Sequence[Header]) -> list[bytes]:
    """Their leaf hashes."""
    return [leaf_hash(leaf_data(header_text(row))) for row in rows]
