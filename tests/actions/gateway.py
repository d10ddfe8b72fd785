"""A gateway's parts over a real SQLite file, and conversations in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import select
from starlette.applications import Starlette

from bot.api.action_webhook import create_actions_app
from bot.chat.pipeline import TurnPipeline
from bot.chat.steps.think import Thinker
from bot.chat.turn_queue import TurnQueue
from bot.cli.serve import action_services
from bot.consent import Choice, Scope, Subject, seal_subject, status_of
from bot.core.ids import new_id, now
from bot.core.messages import Author
from bot.core.settings import Settings
from bot.db.models import ConsentRow, ConversationRow, DecisionRow, DisclosureRow, OutboxRow, VisitorRow
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.policies import purpose_named
from bot.rasa import Engine
from bot.rasa.action_context import ActionServices
from bot.services import build
from bot.shop.demo import seed
from tests import transactions
from tests.databases import fresh_database
from tests.http import serve
from tests.scripted import ScriptedEngine


class Door:
    """The actions door over real HTTP."""

    def __init__(self, app: Starlette, address: str) -> None:
        self.app, self._address, self._session = app, address, requests.Session()

    def get(self, path: str) -> requests.Response:
        """A GET."""
        return self._session.get(self._address + path, timeout=20)

    def post(self, path: str, **options: Any) -> requests.Response:
        """A POST; `options` as `requests.post` takes them."""
        return self._session.post(self._address + path, timeout=20, **options)

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()


class Gateway:
    """Everything the actions use, real, over one database file."""

    def __init__(self, folder: Path) -> None:
        self.database = fresh_database(folder / "candor.db")
        self._open = ExitStack()
        self._doors: dict[str | None, Door] = {}
        self._services = services = build(Settings(data_dir=folder), self.database, ScriptedEngine())
        self.keyring, self.outbox, self.recorder = services.keyring, services.outbox, services.recorder
        self.placeholders, self.handoffs, self.shop = services.placeholders, services.handoffs, services.shop
        self.consents, self.gate = services.consents, services.gate
        transactions.write(self.database, seed)

    def open_door(self, token: str | None = None) -> Door:
        """Serve the actions until the gateway is closed; asked for again it is the same door."""
        if token not in self._doors:
            app = create_actions_app(self.services(), token)
            self._doors[token] = Door(app, self._open.enter_context(serve(lambda: app)))
            self._open.callback(self._doors[token].close)
        return self._doors[token]

    def services(self) -> ActionServices:
        """What the actions door gets; a test may have put another shop in place."""
        return replace(action_services(self._services), shop=self.shop)

    def turns(self, engine: Engine) -> TurnPipeline:
        """What takes a message through its turn, with this engine."""
        whole = self._services
        return replace(whole.turns, thinker=Thinker(engine, whole.pubsub), queue=TurnQueue())

    def converse(self, customer: str | None = None, language: str = "en") -> str:
        """A new conversation with its disclosure shown, signed in as `customer` if given. Gives its id."""
        visitor = VisitorRow(id=new_id("vis"), identity_sealed=None, created_at=now())
        conversation = ConversationRow(
            id=new_id("con"), visitor_id=visitor.id, door="widget", language=language, created_at=now(), signed_in=False
        )
        shown = DisclosureRow(
            id=new_id("dis"), conversation_id=conversation.id, version="1", language=language, sha256="0" * 64,
            how="rendered", shown_at=now(),
        )  # fmt: skip

        def work(session: Any) -> None:
            session.add(visitor)
            session.flush()
            session.add(conversation)
            session.flush()
            session.add(shown)
            if customer is not None:
                seal_subject(session, self.keyring, visitor, Subject(customer, "Test Customer"))
                conversation.signed_in = True

        transactions.write(self.database, work)
        return conversation.id

    def consent(self, conversation_id: str, *choices: str) -> None:
        """Append consent events: `request`, `give`, `refuse`, `withdraw`."""
        for choice in choices:
            append = getattr(self.consents, choice)
            self.write(conversation_id, lambda s, c, append=append: append(s, c, "order_history", {"how": "test"}))

    def state(self, conversation_id: str, purpose: str = "order_history") -> Any:
        """The state in force."""
        return self.write(conversation_id, lambda s, c: status_of(s, c, purpose_named(purpose)).state)

    def sign_in(self, conversation_id: str, customer: str) -> None:
        """The site says who the visitor is."""

        def work(session: Any, conversation: ConversationRow) -> None:
            visitor = session.get_one(VisitorRow, conversation.visitor_id)
            seal_subject(session, self.keyring, visitor, Subject(customer, "Test Customer"))
            conversation.signed_in = True

        self.write(conversation_id, work)

    def choose(self, conversation_id: str, purpose: str, choice: Choice, scope: Scope = Scope.UNTIL_WITHDRAWN) -> Any:
        """What a switch does; gives the standing after it."""
        return self.write(
            conversation_id, lambda s, c: self.consents.choose(s, c, purpose, choice, {"how": "switch"}, scope)
        )

    def says(self, conversation_id: str, text: str, turn_id: str | None, author: Author = Author.ASSISTANT) -> None:
        """Put a message into the conversation, as the turn does after the engine has answered."""
        self.write(conversation_id, lambda s, c: self.outbox.say(s, c, author, text, reply_to=turn_id))

    def explained_turn(self, conversation_id: str, turn_id: str) -> None:
        """A turn with a record and an answer, for 'why did you say that'."""

        def work(session: Any, conversation: ConversationRow) -> None:
            decision = Decision(
                Kind.UNDERSTANDING, conversation.id, conversation.visitor_id, turn_id, "delivery_time",
                input={"text": "how long", "source": "classifier"}, result={"intent": "delivery_time"},
                intent="delivery_time", confidence=0.9, threshold=0.4,
            )  # fmt: skip
            self.recorder.record(session, decision)
            self.outbox.say(session, conversation, Author.ASSISTANT, "Three days.", reply_to=turn_id)

        self.write(conversation_id, work)

    def write(self, conversation_id: str, work: Callable[[Any, ConversationRow], Any]) -> Any:
        """Run `work(session, conversation)` in a transaction."""
        return transactions.write(self.database, lambda s: work(s, s.get_one(ConversationRow, conversation_id)))

    def fill(self, conversation_id: str, text: str) -> str:
        """What the visitor reads."""
        return transactions.read(self.database, lambda s: self.placeholders.fill(s, conversation_id, text))

    def consent_states(self, conversation_id: str) -> list[str]:
        """The consent events of a conversation, in order."""
        query = select(ConsentRow).where(ConsentRow.conversation_id == conversation_id).order_by(ConsentRow.at)
        return [row.state for row in transactions.read(self.database, lambda s: list(s.scalars(query)))]

    def records(self, conversation_id: str, kind: str) -> list[dict[str, Any]]:
        """The decision records of one kind, whole and in order."""
        query = select(DecisionRow).where(DecisionRow.conversation_id == conversation_id, DecisionRow.kind == kind)

        def work(session: Any) -> list[dict[str, Any]]:
            rows = session.scalars(query.order_by(DecisionRow.at, DecisionRow.id))
            return [record for row in rows if (record := self.recorder.read_record(session, row))]

        return transactions.read(self.database, work)

    def gate_outcomes(self, conversation_id: str) -> list[str]:
        """The outcomes of the gate's records, in order."""
        query = select(DecisionRow).where(DecisionRow.conversation_id == conversation_id, DecisionRow.kind == "gate")
        rows = transactions.read(self.database, lambda s: list(s.scalars(query.order_by(DecisionRow.at))))
        return [row.outcome for row in rows]

    def events(self, conversation_id: str, kind: str) -> list[Any]:
        """The data of the outbox events of one kind."""

        def work(session: Any) -> list[Any]:
            conversation = session.get_one(ConversationRow, conversation_id)
            rows = session.scalars(
                select(OutboxRow)
                .where(OutboxRow.conversation_id == conversation_id, OutboxRow.kind == kind)
                .order_by(OutboxRow.seq)
            )
            return [self.keyring.open(session, conversation.visitor_id, conversation_id, r.data_sealed) for r in rows]

        return transactions.read(self.database, work)

    def ask(self, conversation_id: str, purpose: str = "order_history") -> Any:
        """Ask the gate."""
        return run(self.gate.ask(self.database, conversation_id, purpose, "msg_1"))

    def close(self) -> None:
        """Let go of the database."""
        self._open.close()
        self.database.close()


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end."""
    return asyncio.run(work)
