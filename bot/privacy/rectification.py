"""Right to rectification: corrects an address that the visitor left, on record; the desk shows the new one."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from bot.core.errors import Conflict, NotFound
from bot.core.i18n import copy
from bot.db import Keyring, touch
from bot.db.locks import lock_visitors
from bot.db.models import ConversationRow, HandoffRow
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.messaging.pubsub import QUEUE
from bot.privacy.categories.addresses import Address, addresses, lock_address
from bot.privacy.data_subject import DataSubject
from bot.privacy.repository import held

RULE = "right to rectification"
NOTHING = "There is no such value that can be corrected."


def correct(
    session: Session,
    keyring: Keyring,
    recorder: Recorder,
    subject: DataSubject,
    item_id: str,
    address: str,
    language: str,
) -> Address:
    """Put `address`, which has been checked, in the place of the one that the item holds.

    Raises:
        NotFound: the caller has no such address.
        Conflict: `on_hold`, a legal hold keeps it as it is.
    """
    lock_visitors(session, subject.visitor_ids)
    found = next((one for one in addresses(session, subject.conversation_ids) if one.id == item_id), None)
    if found is None:
        raise NotFound(NOTHING)
    hold = held(session, [found.row.conversation_id]).get(found.row.conversation_id)
    if hold is not None:
        raise Conflict(copy("privacy.on_hold", language, reason=hold.reason), code="on_hold")
    # It may have been cleared meanwhile, as when the visitor no longer waits for a person.
    if not lock_address(session, found):
        raise NotFound(NOTHING)
    conversation = subject.conversation(found.row.conversation_id)
    recorder.record(session, _decision(conversation, found))
    found.row.contact_sealed = keyring.seal(session, conversation.visitor_id, found.context, address)
    if isinstance(found.row, HandoffRow):
        # From here on it is one that the visitor gave, not one that was read under a consent.
        found.row.contact_purpose = None
    touch(session, QUEUE)
    return replace(found, sealed=found.row.contact_sealed, purpose=None)


def _decision(conversation: ConversationRow, address: Address) -> Decision:
    return Decision.by_person(
        Kind.RECTIFICATION,
        conversation.id,
        conversation.visitor_id,
        "rectified:address",
        input={"item_id": address.id, "left_with": address.left_with},
        rule=RULE,
        language=conversation.language,
        gpc=conversation.gpc,
    )
