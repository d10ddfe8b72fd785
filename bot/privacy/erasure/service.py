"""Erasing a visitor: the record first, then the key is destroyed and what it sealed is cleared. One transaction.

External stores (the engine's, the database's files, backups) are cleared afterwards: see external_stores.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from bot.core.errors import Conflict, NotFound
from bot.core.ids import Json, new_id, now
from bot.db import Keyring, touch
from bot.db.database import after_commit
from bot.db.locks import lock_visitors
from bot.db.models import ErasureRow
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.handoff import Handoffs
from bot.messaging.pubsub import QUEUE, conversation_topic
from bot.privacy.erasure import ledger
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.repository import (
    add_end,
    add_erasure,
    clear,
    erasure_of,
    is_known,
    open_turns,
)
from bot.privacy.repository import conversations_of, held

ERASURE = "erasure"
"""The topic of transactions that leave external stores to be cleared."""
RULE = "erasure"
HELD = "A legal hold is on a conversation of this visitor: 'candor hold list' tells which. End it first."
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Eraser:
    """Erases visitors.

    Attributes:
        handoffs: ends what is open between a conversation and the desk.
        folder: the data folder, which holds the ledger of erasures (ledger.py).
    """

    keyring: Keyring
    recorder: Recorder
    handoffs: Handoffs
    folder: Path

    def erase(self, session: Session, visitor_id: str, reason: Reason, by: str) -> ErasureRow:
        """Erase the visitor; `by` is who did it, for the record. Repeating it is harmless: the first erasure counts.

        Raises:
            NotFound: there is no such visitor.
            Conflict: `on_hold`, a legal hold is on one of their conversations.
        """
        # Whoever puts a hold on it waits, and finds the erasure; a hold that was there before is found below.
        lock_visitors(session, [visitor_id])
        if not is_known(session, visitor_id):
            raise NotFound("There is no such visitor. Ids begin with 'vis_'; a conversation's is found in the console.")
        known = erasure_of(session, visitor_id)
        if known is not None:
            return known
        conversations = conversations_of(session, [visitor_id], locked=True)
        if held(session, [conversation.id for conversation in conversations]):
            raise Conflict(HELD, code="on_hold")
        row = self._begin(session, visitor_id, reason, by)
        requests = sum(self.handoffs.end_for_erasure(session, conversation) for conversation in conversations)
        self.keyring.destroy(session, visitor_id)
        row.receipt = {"database": {"key": "destroyed", "conversations": len(conversations)}}
        if requests:
            row.receipt["database"]["requests_ended"] = requests
        self.clear(session, row)
        for conversation in conversations:
            add_end(session, conversation)
            touch(session, conversation_topic(conversation.id))
        touch(session, QUEUE)
        touch(session, ERASURE)
        after_commit(session, partial(self._note, row))
        return row

    def note(self, rows: Iterable[ErasureRow]) -> None:
        """Add to the ledger those of these erasures that a crash kept out of it.

        Raises:
            OSError: the ledger cannot be read or written.
        """
        noted = {entry.erasure_id for entry in ledger.read(self.folder)}
        for entry in map(ledger.Entry.of, rows):
            if entry.erasure_id not in noted:
                ledger.append(self.folder, entry)

    def clear(self, session: Session, row: ErasureRow) -> dict[str, int]:
        """Clear the visitor's content, also what another process was writing meanwhile; adds it to the receipt."""
        counts = clear(session, row.visitor_id) | self._end_turns(session, row.visitor_id)
        if counts:
            before: dict[str, Json] = row.receipt["database"]
            added = {name: before.get(name, 0) + count for name, count in counts.items()}
            row.receipt = {**row.receipt, "database": {**before, **added}}
        return counts

    def _note(self, row: ErasureRow) -> None:
        """After the commit, when the number of the request is in the row too."""
        try:
            ledger.append(self.folder, ledger.Entry.of(row))
        except OSError as error:
            # The erasure is committed; `note` tries again before it counts as done.
            log.error("erasure:note:failed", error=type(error).__name__)

    def _begin(self, session: Session, visitor_id: str, reason: Reason, by: str) -> ErasureRow:
        done = {"visitor_id": visitor_id, "reason": reason.value, "by": by}
        decision = Decision.by_person(Kind.ERASURE, "", visitor_id, f"erased:{reason}", input=done, rule=RULE)
        row = ErasureRow(
            id=new_id("era"),
            visitor_id=visitor_id,
            record_id=self.recorder.record(session, decision),
            reason=reason.value,
            begun_at=now(),
            done_at=None,
            receipt={},
        )
        add_erasure(session, row)
        return row

    def _end_turns(self, session: Session, visitor_id: str) -> dict[str, int]:
        """A message that waits for its answer gets none: its turn ends here, on record."""
        messages = open_turns(session, visitor_id)
        for message in messages:
            self.recorder.record(session, turn_ended(message.conversation_id, visitor_id, message.id))
            message.turn = "done"
        return {"open_turns": len(messages)} if messages else {}


def turn_ended(conversation_id: str, visitor_id: str, turn_id: str) -> Decision:
    """The record that a message was not answered because its visitor was erased. It holds nothing of theirs."""
    return Decision(
        kind=Kind.FAILURE,
        conversation_id=conversation_id,
        visitor_id=visitor_id,
        turn_id=turn_id,
        outcome="erased",
        rule=RULE,
        outlives_erasure=True,
    )
