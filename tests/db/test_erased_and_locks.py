"""Whether a visitor was erased, and the lock on a conversation."""

from __future__ import annotations

import threading

from sqlalchemy import select

from bot.core.ids import now
from bot.db import Database
from bot.db.erased import erased_at, is_erased, of_erased_visitor
from bot.db.keyring import Keyring
from bot.db.locks import lock_conversation
from bot.db.models import ConversationRow, MessageRow
from tests.oversight.rows import add_conversation


def test_a_visitor_is_erased_once_their_key_is_destroyed(any_database: Database) -> None:
    keyring, begun = Keyring.of(b"k" * 32), now()
    with any_database.transaction() as session:
        ids = [add_conversation(session) for _ in range(3)]
        visitors = [session.get_one(ConversationRow, one).visitor_id for one in ids]
        keyring.seal(session, visitors[0], "something", "kept")
        for visitor in visitors[1:]:  # one with a key, one without
            keyring.destroy(session, visitor)
    with any_database.snapshot() as session:
        assert [is_erased(session, visitor) for visitor in visitors] == [False, True, True]
        moment = erased_at(session, visitors[1])
        assert moment is not None and moment >= begun and erased_at(session, "vis_unknown") is None
        erased = select(ConversationRow.id).where(of_erased_visitor(ConversationRow.id))
        assert set(session.scalars(erased)) == set(ids[1:])
        assert session.scalars(select(MessageRow.id).where(of_erased_visitor(MessageRow.conversation_id))).all() == []


def test_a_locked_conversation_is_read_as_the_first_transaction_left_it(any_database: Database) -> None:
    """Fails when the row is not locked, or is taken from what the session had read before."""
    with any_database.transaction() as session:
        conversation_id = add_conversation(session)
    locked, seen = threading.Event(), list[str | None]()

    def second() -> None:
        with any_database.transaction() as session:
            locked.wait(10)
            row = lock_conversation(session, conversation_id)
            seen.append(row.human_name if row is not None else "gone")

    thread = threading.Thread(target=second)
    thread.start()
    with any_database.transaction() as session:
        row = lock_conversation(session, conversation_id)
        assert row is not None and lock_conversation(session, "con_unknown") is None
        locked.set()
        row.human_name = "Mina"
        session.flush()
        thread.join(0.3)
        assert seen == []
    thread.join(10)
    assert seen == ["Mina"]
