"""A conversation whose actions are called as the engine calls them, through the webhook, over a real database."""

from __future__ import annotations

import json
from typing import Any

from bot.consent import Scope
from bot.masking import mask
from bot.messages import RawMessage
from bot.storage.tables import ConversationRow
from tests.actions.calls import call, said
from tests.actions.gateway import Gateway

SECRETS = ("FH-", "JD0146", "Kettle", "GLS4")
"""Parts of what stands in the orders: the engine must not hold them (rule P1)."""


class Stage:
    """Calls actions as the engine does and shows what the visitor would read.

    Args:
        secrets: what the engine must never be given, in any answer.
    """

    def __init__(
        self, gateway: Gateway, conversation: str, language: str = "en", secrets: tuple[str, ...] = SECRETS
    ) -> None:
        self.gateway, self.conversation, self.language, self.secrets = gateway, conversation, language, secrets
        self.slots: dict[str, Any] = {"language": language}
        self.heard: list[dict[str, Any]] = []
        self.turn = 0
        self.door = gateway.open_door()
        self.answer: dict[str, Any] = {}

    def visitor(self, text: str, intent: str, action: str) -> str:
        """One turn: mask, run the action and its follow-ups, store what is said, give what the visitor reads."""
        self.turn += 1
        message_id = f"msg_{self.turn}"
        masked = self.gateway.write(self.conversation, lambda s, c: self._mask(s, c, message_id, text))
        event = said(masked, intent, message_id, details(text))
        texts, todo = [], [action]
        while todo:
            texts += self._run(todo.pop(), masked, intent, message_id, todo)
        self.heard.append(event)
        filled = [self.gateway.fill(self.conversation, each) for each in texts]
        for each in filled:
            self.gateway.says(self.conversation, each, message_id)
        return "\n".join(filled)

    def presses(self, payload: str) -> str:
        """A turn by a button: its payload names the intent, and the action has the same name."""
        intent = payload.lstrip("/").partition("{")[0]
        return self.visitor(payload, intent, f"action_{intent}")

    def where_is_it(self, text: str = "where is my order?") -> str:
        """A turn that asks for an order."""
        return self.visitor(text, "order_status", "action_order_status")

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
        self.gateway.write(self.conversation, lambda s, c: self.gateway.consents.tidy(s, c))

    def send_gpc(self, on: bool = True) -> None:
        """The browser sends Global Privacy Control, or no longer does."""
        self.gateway.write(self.conversation, lambda s, c: self.gateway.consents.heed_gpc(s, c, on))

    def _run(self, action: str, masked: str, intent: str, message_id: str, todo: list[str]) -> list[str]:
        body = call(
            action, self.conversation, masked, intent, before=self.heard, slots=self.slots, message_id=message_id
        )
        body["tracker"]["latest_message"]["entities"] = details(masked)
        response = self.door.post("/webhook", json=body)
        assert response.status_code == 200, response.text
        self.answer = response.json()
        # What the engine holds must be free of anything personal (rule P1).
        for secret in self.secrets:
            assert secret not in json.dumps([body["tracker"]["slots"], self.answer], ensure_ascii=False)
        for event in self.answer["events"]:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            if event["event"] == "followup":
                todo.append(event["name"])
        return [each["text"] for each in self.answer["responses"]]

    def _mask(self, session: Any, row: ConversationRow, message_id: str, text: str) -> str:
        raw = RawMessage(message_id, row.id, row.visitor_id, text, self.language)
        return mask(session, self.gateway.vault, raw).text

    @property
    def card(self) -> Any:
        """The question for consent, if this turn asked it."""
        return self.answer["responses"][0]["custom"].get("consent_request")

    @property
    def payloads(self) -> list[str]:
        """What the buttons under the answer send."""
        return [button["payload"] for button in self.answer["responses"][0]["buttons"]]


def details(text: str) -> list[dict[str, Any]]:
    """The entities of a payload such as `/allow_consent{"purpose": "order_history"}`, as Rasa reads them."""
    _, brace, rest = text.partition("{") if text.startswith("/") else ("", "", "")
    return [{"entity": name, "value": value} for name, value in json.loads(brace + rest or "{}").items()]
