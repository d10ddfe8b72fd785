"""The visitor behind a request: the conversation's token, Global Privacy Control, the limit on messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from bot.api.deps import GatewayServices
from bot.api.schemas.base import Language
from bot.chat.sessions import find_by_token
from bot.core.errors import NotSignedIn
from bot.db.models import ConversationRow
from bot.services import Services

conversation_bearer = HTTPBearer(
    scheme_name="conversation", description="The token that `POST /api/conversations` gave.", auto_error=False
)
receipt_bearer = HTTPBearer(
    scheme_name="receipt", description="The `receipt_token` that the erasure gave.", auto_error=False
)
Credentials = HTTPAuthorizationCredentials | None
ConversationId = Annotated[str, Path(min_length=1, max_length=64)]
Spoken = Annotated[Language | None, Query(description="The conversation's own when left out.")]


@dataclass(frozen=True)
class Caller:
    """The holder of a conversation's token. `conversation` checks it, in the transaction of whoever calls it.

    Attributes:
        gpc: the request carries the signal of Global Privacy Control.
    """

    services: Services
    conversation_id: str
    token: str = field(repr=False)
    gpc: bool

    def conversation(self, session: Session) -> ConversationRow:
        """The conversation.

        Raises:
            NotFound: `conversation_unknown`, there is none, or the token is another's.
            KeyDestroyed: the visitor was erased.
        """
        return find_by_token(session, self.services.keyring, self.conversation_id, self.token)

    def check(self) -> None:
        """Check the token in a snapshot of its own; raises as `conversation` does."""
        with self.services.database.snapshot() as session:
            self.conversation(session)

    def count(self) -> None:
        """Count a call against the limit on the conversation's messages.

        Raises:
            TooMany: there were too many in the last minute.
        """
        self.services.message_limit.count(self.conversation_id)


async def get_caller(
    services: GatewayServices,
    conversation_id: ConversationId,
    credentials: Annotated[Credentials, Security(conversation_bearer)],
    sec_gpc: Annotated[str | None, Header(description="`1`: Global Privacy Control is on.")] = None,
    gpc: Annotated[bool, Query(description="The same, from navigator.globalPrivacyControl.")] = False,
) -> Caller:
    """The caller; Global Privacy Control, where it is on, holds from here on.

    A signal that is missing changes nothing: browsers without the header send it only when a page is loaded.

    Raises:
        NotSignedIn: there is no token.
    """
    if credentials is None:
        raise NotSignedIn("Send the conversation's token in the header 'Authorization: Bearer …'.")
    caller = Caller(services, conversation_id, credentials.credentials, sec_gpc == "1" or gpc)
    if caller.gpc:
        await services.database.run(_turn_on_gpc, caller)
    return caller


Visitor = Annotated[Caller, Depends(get_caller)]


async def get_receipt_token(credentials: Annotated[Credentials, Security(receipt_bearer)]) -> str:
    """The token of an erasure's receipt.

    Raises:
        NotSignedIn: there is none.
    """
    if credentials is None:
        raise NotSignedIn("Send the receipt's token in the header 'Authorization: Bearer …'.")
    return credentials.credentials


ReceiptToken = Annotated[str, Depends(get_receipt_token)]


def _turn_on_gpc(caller: Caller) -> None:
    database = caller.services.database
    with database.snapshot() as session:
        if caller.conversation(session).gpc:
            return
    with database.transaction() as session:
        caller.services.consents.apply_gpc(session, caller.conversation(session), True)
