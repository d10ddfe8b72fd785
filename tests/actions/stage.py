"""A conversation that takes its turns as bot/chat/pipeline.py does, over a real database, with a scripted engine.

Standing requests are obeyed by the gateway, as they are; actions are called as the engine calls them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.consent import Scope
from bot.core.messages import NOT_UNDERSTOOD, Author
from bot.db.models import ConversationRow
from bot.messaging import Event, read_events
from bot.messaging.repository import remember
from tests import transactions
from tests.actions.acting import ActingEngine, Meaning
from tests.actions.gateway import Gateway

SECRETS = ("FH-", "JD0146", "Kettle", "GLS4")
"""Parts of what stands in the orders: the engine must not hold them (rule P1)."""


class Stage:
    """Plays a visitor and shows what they would read.

    Args:
        secrets: what the engine must never be given, in any answer.

    Attributes:
        shown: the messages of the last turn, as they reached the screen.
        screen_on: whether a client of the conversation is sent what is said.
    """

    def __init__(
        self, gateway: Gateway, conversation: str, language: str = "en", secrets: tuple[str, ...] = SECRETS
    ) -> None:
        self.gateway, self.conversation, self.language, self.secrets = gateway, conversation, language, secrets
        self.engine = ActingEngine(gateway.open_door(), {"language": language})
        self.shown: list[dict[str, Any]] = []
        self.screen_on = True
        self.deliver()

    @property
    def slots(self) -> dict[str, Any]:
        """What the engine holds."""
        return self.engine.slots

    def visitor(self, text: str, intent: str, action: str, scores: Mapping[str, float] | None = None) -> str:
        """One turn with a message that means `intent`, for which a rule runs `action`; what the visitor reads.

        Args:
            scores: how sure the detectors of standing requests are that the message holds one; 0.5 is enough.
        """
        return self._play([text], Meaning(intent, action, scores or {}))

    def burst(self, *texts: str) -> str:
        """Messages sent one after the other, before anything was answered; what is said to all of them.

        What each of them means is told before (`means`).
        """
        return self._play(texts)

    def _play(self, texts: Sequence[str], now: Meaning | None = None) -> str:
        self.engine.now = now
        self.engine.answers.clear()
        before = len(self._events())
        asyncio.run(self._turns(texts))
        messages = [event.data for event in self._events()[before:] if event.kind == "message"]
        self.shown = [each for each in messages if each["author"] != Author.VISITOR]
        self._check_answers()
        if self.screen_on:
            self.deliver()
        return "\n".join(each["text"] for each in self.shown)

    def says(self, text: str, **scores: float) -> str:
        """A turn with words that are about no topic: `says("enough of that", withdraw=0.9)`."""
        return self.visitor(text, NOT_UNDERSTOOD, "action_not_understood", scores)

    def presses(self, payload: str) -> str:
        """A turn by a button: its payload names the intent, and the action has the same name."""
        intent = payload.lstrip("/").partition("{")[0]
        return self.visitor(payload, intent, f"action_{intent}")

    def where_is_it(self, text: str = "where is my order?") -> str:
        """A turn that asks for an order."""
        return self.visitor(text, "order_status", "action_order_status")

    def refund(self, text: str = "where is my refund?") -> str:
        """A turn that asks for a refund."""
        return self.visitor(text, "refund_status", "action_refund_status")

    def yes_or_no(self, text: str) -> str:
        """A turn with a text that the engine takes for a yes or no, if the gateway hands it one."""
        affirms = not text.lower().startswith(("no", "不"))
        return self.visitor(text, *(("affirm", "action_affirm") if affirms else ("deny", "action_deny")))

    def means(self, text: str, intent: str, action: str) -> None:
        """What a part of a message means, by itself."""
        self.engine.meanings[text] = Meaning(intent, action)

    def deliver(self) -> None:
        """A client of the conversation is sent everything up to here."""
        self.gateway.write(self.conversation, lambda s, c: remember(s, c.id, "widget", c.last_event))

    def allow(self, purpose: str, scope: Scope = Scope.CONVERSATION) -> None:
        """The visitor said yes before, by the switch."""
        consents, evidence = self.gateway.consents, {"how": "switch"}
        self.gateway.write(self.conversation, lambda s, c: consents.give(s, c, purpose, evidence, scope))

    def choose(self, purpose: str, choice: str) -> None:
        """The visitor moved the switch."""
        consents = self.gateway.consents
        self.gateway.write(self.conversation, lambda s, c: consents.choose(s, c, purpose, choice, {"how": "switch"}))

    def begin_turn(self) -> None:
        """What the gateway does at the start of each turn."""
        self.gateway.write(self.conversation, lambda s, c: self.gateway.consents.clear_revoked(s, c))

    def send_gpc(self, on: bool = True) -> None:
        """The browser sends Global Privacy Control, or no longer does."""
        self.gateway.write(self.conversation, lambda s, c: self.gateway.consents.apply_gpc(s, c, on))

    def is_owned_by(self, name: str | None) -> None:
        """A human has taken the conversation, or handed it back."""

        def work(_session: Any, row: ConversationRow) -> None:
            row.owner, row.human_name = ("human" if name else "assistant"), name

        self.gateway.write(self.conversation, work)

    @property
    def consents(self) -> list[str]:
        """The consent events of this conversation, in order."""
        return self.gateway.consent_states(self.conversation)

    def state(self, purpose: str = "order_history") -> str:
        """Where the visitor stands with it."""
        found: str = self.gateway.state(self.conversation, purpose)
        return found

    def records(self, kind: str) -> list[dict[str, Any]]:
        """The decision records of one kind, whole and in order."""
        return self.gateway.records(self.conversation, kind)

    @property
    def card(self) -> Any:
        """The question for consent, if this turn asked it."""
        return next((each["consent_request"] for each in self.shown if each["consent_request"]), None)

    @property
    def buttons(self) -> list[dict[str, str]]:
        """The buttons under what was said in this turn."""
        return [button for each in self.shown for button in each["buttons"]]

    @property
    def payloads(self) -> list[str]:
        """What they send."""
        return [button["payload"] for button in self.buttons]

    async def _turns(self, texts: Sequence[str]) -> None:
        turns = self.gateway.turns(self.engine)
        accepted = [await turns.accept(self.conversation, text, None) for text in texts]
        for one in accepted:
            await turns.finished(one.message_id)

    def _events(self) -> list[Event]:
        return transactions.read(
            self.gateway.database, lambda s: read_events(s, self.gateway.keyring, self.conversation, 0, limit=10_000)
        )

    def _check_answers(self) -> None:
        """No action failed, and what the engine holds is free of anything personal (rule P1)."""
        for slots, answer in self.engine.answers:
            assert "error" not in answer, answer
            for secret in self.secrets:
                assert secret not in json.dumps([slots, answer], ensure_ascii=False)
