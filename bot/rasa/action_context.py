"""What actions/ may use of the gateway, and the visit they are in. bot/api/action_webhook.py sets `services` for each.

Actions never see a database session: a Visit does what they need, one short transaction at a time.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from bot.consent import Asked, Consents, Gate, Grant, Refused, asked, card
from bot.core.errors import BadRequest
from bot.core.messages import PLACEHOLDER, Said
from bot.db import Database
from bot.db.models import ConversationRow
from bot.db.rows import exists, load
from bot.decisions import Recorder
from bot.decisions.explain import why
from bot.handoff import Handoffs
from bot.masking import PlaceholderStore
from bot.policies import ACCOUNT_DETAILS, CONTACT_BY_EMAIL, ORDER_HISTORY, RECOMMENDATIONS, purpose_named
from bot.shop.answers import describe_account, describe_order, describe_product, describe_refund, order_name, priced
from bot.shop.shop import Account, Order, Product, Shop, Suggestion, has_number, speaks_of

__all__ = [
    "ACCOUNT_DETAILS",
    "CONTACT_BY_EMAIL",
    "ORDER_HISTORY",
    "RECOMMENDATIONS",
    "Account",
    "ActionServices",
    "Grant",
    "Order",
    "Product",
    "Refused",
    "Suggestion",
    "Visit",
    "describe_account",
    "describe_order",
    "describe_product",
    "describe_refund",
    "has_number",
    "order_name",
    "priced",
    "purpose_named",
    "services",
    "speaks_of",
]


@dataclass(frozen=True)
class ActionServices:
    """The gateway's services, put together once in bot/cli/serve.py."""

    database: Database
    recorder: Recorder
    placeholders: PlaceholderStore
    consents: Consents
    gate: Gate
    shop: Shop
    handoffs: Handoffs

    async def visit(self, conversation_id: str, turn_id: str | None, language: str) -> Visit | None:
        """The visit behind the engine's sender; None for one we do not know, such as a developer's `rasa shell`."""
        known = await self.database.run(self._knows, conversation_id)
        return Visit(self, conversation_id, turn_id, language) if known else None

    def _knows(self, conversation_id: str) -> bool:
        with self.database.snapshot() as session:
            return exists(session, ConversationRow, conversation_id)


services: ContextVar[ActionServices] = ContextVar("candor_action_services")
"""Set by bot/api/action_webhook.py around each action."""


@dataclass(frozen=True)
class Visit:
    """One turn of one conversation, as an action sees it."""

    services: ActionServices
    conversation_id: str
    turn_id: str | None
    language: str

    async def ask_gate(self, purpose: str) -> Grant | Refused:
        """May personal data be read for `purpose` now? The answer is on record before it is given (rule C1)."""
        return await self.services.gate.ask(self.services.database, self.conversation_id, purpose, self.turn_id)

    async def keep_answer(self, text: str, purpose: str | None = None) -> str:
        """`[ANSWER_1]`, which becomes `text` when the gateway speaks: the engine never sees it.

        With a `purpose`, what was read for it stands in `text`, and goes when that is taken back.
        """

        def keep() -> str:
            with self.services.database.transaction() as session:
                return self.services.placeholders.placeholder(
                    session, load(session, ConversationRow, self.conversation_id), "ANSWER", text, purpose
                )

        return await self.services.database.run(keep)

    async def keep_order_answer(self, text: str, number: str | None) -> tuple[str, str | None]:
        """`[ANSWER_1]` and `[ORDER_1]` for an answer about an order that was read under a grant; one transaction."""

        def keep() -> tuple[str, str | None]:
            with self.services.database.transaction() as session:
                row, placeholder = (
                    load(session, ConversationRow, self.conversation_id),
                    self.services.placeholders.placeholder,
                )
                order = placeholder(session, row, "ORDER", number, ORDER_HISTORY) if number is not None else None
                return placeholder(session, row, "ANSWER", text, ORDER_HISTORY), order

        return await self.services.database.run(keep)

    async def resolve(self, kinds: tuple[str, ...], text: str) -> list[str]:
        """What the placeholders of these kinds in `text` stand for, in order."""
        names = [m.group() for m in PLACEHOLDER.finditer(text) if m.group()[1:].startswith(kinds)]

        def values() -> list[str | None]:
            with self.services.database.snapshot() as session:
                return [self.services.placeholders.resolve(session, self.conversation_id, name) for name in names]

        found = await self.services.database.run(values) if names else []
        return [value for value in found if value is not None]

    async def asked(self) -> Asked | None:
        """The newest asking in this conversation, for whichever purpose."""

        def newest() -> Asked | None:
            with self.services.database.snapshot() as session:
                return asked(session, load(session, ConversationRow, self.conversation_id))

        return await self.services.database.run(newest)

    async def ask_consent(self, purpose: str) -> Said:
        """The question for `purpose`, on record as asked in this turn; what the assistant is to say now."""
        consents, evidence = self.services.consents, {"how": "question", "turn_id": self.turn_id, "screen": "card"}

        def request() -> None:
            with self.services.database.transaction() as session:
                consents.request(session, load(session, ConversationRow, self.conversation_id), purpose, evidence)

        await self.services.database.run(request)
        return card(consents, purpose, self.language)

    async def ask_for_mail(self, address: str, trigger: str, reason: str, purpose: str | None) -> bool:
        """Ask for a person who is to write to `address`. False when that is no address, and then nobody is asked.

        `purpose`: whose consent it was read under; None when the visitor gave it themselves.
        """
        handoffs = self.services.handoffs

        def request() -> None:
            with self.services.database.transaction() as session:
                row = load(session, ConversationRow, self.conversation_id)
                handoffs.request(session, row, trigger, reason, self.turn_id)
                handoffs.leave_contact(session, row, address, turn_id=self.turn_id, purpose=purpose)

        try:
            await self.services.database.run(request)
        except BadRequest:
            return False
        return True

    async def why(self) -> str:
        """Why the assistant said what it said last, from the decision records."""

        def explained() -> str:
            with self.services.database.snapshot() as session:
                return why(session, self.services.recorder, self.conversation_id, None, self.language)[0]

        return await self.services.database.run(explained)
