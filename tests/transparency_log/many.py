"""Fills a database with plausible records, quickly: as a gateway would have left them after some months of visitors."""

from __future__ import annotations

import hashlib
import random
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bot.core.ids import now
from bot.core.messages import Ranked
from bot.db import Database, Keyring
from bot.db.models import (
    Base,
    ConversationRow,
    DecisionPayloadRow,
    DecisionRow,
    DisclosureRow,
    MessageRow,
    VisitorKeyRow,
    VisitorRow,
)
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.decisions.recorder import OPERATOR, SALT, _row, canonical_json
from bot.transparency_log import Sequencer
from tests import transactions

CHUNK = 4096
"""Records inserted in one transaction."""
ACTIVE = 24
"""Conversations that go on at once."""
TURNS = 3
"""Turns in a conversation, on average."""
MODELS = ("5f1d9c0e4b7a2836", "9a02e7c41d3f5b68", "c3b8f60a7e91d245")
"""Fingerprints, each in use for a third of the time."""
ORDERED = (VisitorRow, VisitorKeyRow, ConversationRow, DisclosureRow, MessageRow, DecisionRow, DecisionPayloadRow)
"""So that every foreign key finds its row."""
THRESHOLD = 0.43

SAID = {
    "en": {
        "order_status": ("Where is my order [ORDER_1]?", "action_order_status", "It left our warehouse yesterday."),
        "refund_policy": ("How long can I return things?", "utter_refund_policy", "You can return it for 30 days."),
        "delivery_time": ("How long does delivery take?", "utter_delivery_time", "Two to four working days."),
        "reset_password": ("I forgot my password", "utter_reset_password", "Use the link on the sign-in page."),
        "stock": ("Is the walnut desk in stock?", "action_product_answer", "There are 12 in stock."),
        "are_you_a_robot": ("Am I talking to a robot?", "utter_are_you_a_robot", "Yes, I am an AI assistant."),
        "thanks": ("thanks a lot", "utter_welcome", "You are welcome."),
    },
    "zh": {
        "order_status": ("我的订单[ORDER_1]到哪里了？", "action_order_status", "昨天已从仓库发出。"),
        "refund_policy": ("多久以内可以退货？", "utter_refund_policy", "30天内可以退货。"),
        "delivery_time": ("送货要多长时间？", "utter_delivery_time", "两到四个工作日。"),
        "reset_password": ("我忘记密码了", "utter_reset_password", "请用登录页上的链接。"),
        "stock": ("胡桃木书桌有货吗？", "action_product_answer", "还有12件。"),
        "are_you_a_robot": ("你是机器人吗？", "utter_are_you_a_robot", "是的，我是AI助手。"),
        "thanks": ("谢谢", "utter_welcome", "不客气。"),
    },
}
UNCLEAR = {"en": "the blue thing from before", "zh": "之前那个蓝色的"}
HANDOFF = {"trigger": "button", "reason": "Asked for a human"}


def fill(
    database: Database,
    keyring: Keyring,
    sequencer: Sequencer,
    count: int,
    seed: int = 0,
    *,
    days: float = 90,
    until: datetime | None = None,
    visitors: int | None = None,
    messages: bool = True,
    seal: bool = True,
    progress: Callable[[int], None] = lambda done: None,
) -> None:
    """Add exactly `count` records of the last `days`, with their visitors, conversations and messages, and seal them.

    Args:
        seed: the same seed gives the same texts, sorts and ids; a second fill of a database needs another one.
        until: the newest record's moment; now when left out.
        visitors: how many there are at most; one for each conversation when left out.
        messages: whether visitors' and assistant's messages are written as well (the log's completeness needs both).
        seal: whether the real sequencer seals them; else they stay unsealed.
        progress: is told the records written so far, about every 4,096.
    """
    span = timedelta(days=days)
    writer = _Writer(keyring, random.Random(seed), (until or now()) - span, span, count, visitors, messages)
    for rows in writer.chunks():
        transactions.write(database, lambda session, rows=rows: _insert(session, keyring, rows))
        while seal and (note := transactions.write(database, sequencer.seal)) is not None:
            sequencer.keep(note)
        progress(writer.written)


def write_at(database: Database, keyring: Keyring, at: datetime, decision: Decision) -> str:
    """Write one record as of another moment; its id. It is not sealed here."""
    writer = _Writer(keyring, random.Random(secrets.token_bytes(8)), at, timedelta(), 1, None, messages=False)
    decision_id = writer.record(at, decision)
    transactions.write(database, lambda session: _insert(session, keyring, writer.rows))
    return decision_id


@dataclass(frozen=True)
class _Conversation:
    id: str
    visitor_id: str
    language: str


@dataclass
class _Rows:
    """What one transaction inserts. Sealed columns hold the plain bytes, until a session can seal them."""

    of: dict[type[Base], list[dict[str, Any]]] = field(default_factory=lambda: {table: [] for table in ORDERED})

    @property
    def records(self) -> int:
        return len(self.of[DecisionRow])


@dataclass
class _Writer:
    keyring: Keyring
    random: random.Random
    start: datetime
    span: timedelta
    count: int
    visitors: int | None
    messages: bool
    written: int = 0
    active: list[_Conversation] = field(default_factory=list)
    known: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.recorder = Recorder(self.keyring, "gateway-1")
        self.rows = _Rows()

    def chunks(self) -> Iterator[_Rows]:
        while self.written < self.count:
            self._turn()
            if self.rows.records >= CHUNK or self.written >= self.count:
                yield self.rows
                self.rows = _Rows()

    def _turn(self) -> None:
        """One turn: its records and what was said. The last few records are somebody's looks at the log."""
        share = self.written / self.count
        at = self.start + self.span * share
        if self.count - self.written < 5 or self.random.random() < 0.02:
            self.record(at, self._access())
            return
        conversation = self._conversation(at)
        turn_id = self._id("msg", at)
        decisions, text, answer = self._decisions(conversation, turn_id, MODELS[min(2, int(share * 3))])
        for number, decision in enumerate(decisions):
            self.record(at + timedelta(milliseconds=20 + 3 * number), decision)
        if self.messages:
            self._message(conversation, turn_id, at, "visitor", text, None)
            author = "assistant" if decisions[-1].kind == Kind.ANSWER else "system"
            answered = at + timedelta(milliseconds=40)
            self._message(conversation, self._id("msg", answered), answered, author, answer, turn_id)

    def _decisions(self, conversation: _Conversation, turn_id: str, model: str) -> tuple[list[Decision], str, str]:
        """The turn's decisions, the visitor's text and the reply."""
        language, dice = conversation.language, self.random.random()
        ids = {"conversation_id": conversation.id, "visitor_id": conversation.visitor_id, "turn_id": turn_id}
        if dice < 0.01:
            failed = Decision(
                Kind.FAILURE, outcome="engine_unavailable", language=language, input={"text": UNCLEAR[language]}, **ids
            )
            return [failed], UNCLEAR[language], "No answer can be given now."
        if dice < 0.03:
            asked = Decision(
                Kind.HANDOFF,
                outcome="handoff:queued",
                language=language,
                input=HANDOFF,
                rule="handoff",
                human_involvement="a person was asked for",
                **ids,
            )
            return [asked], "Talk to a person", "A person will be with you within 2 minutes."
        return self._understood(ids, language, model, clear=dice > 0.12)

    def _understood(
        self, ids: dict[str, str], language: str, model: str, *, clear: bool
    ) -> tuple[list[Decision], str, str]:
        names = list(SAID[language])
        intent = self.random.choice(names)
        text, action, answer = SAID[language][intent]
        confidence = self.random.uniform(THRESHOLD, 1) if clear else self.random.uniform(0.1, THRESHOLD)
        if not clear:
            text, action, answer = UNCLEAR[language], "action_not_understood", "Could you say that another way?"
        common: dict[str, Any] = {
            **ids,
            "language": language,
            "input": {"text": text, "source": "classifier"},
            "intent": intent if clear else "nlu_fallback",
            "confidence": confidence,
            "alternatives": [Ranked(name, confidence / (n + 1)) for n, name in enumerate([intent, *names[:4]])],
            "threshold": THRESHOLD,
            "model": f"candor-{model[:6]}",
            "fingerprint": model,
        }
        decisions = [
            Decision(Kind.UNDERSTANDING, outcome=common["intent"], result={"intent": common["intent"]}, **common)
        ]
        if not clear:
            decisions.append(Decision(Kind.FALLBACK, outcome="asked_again", **common))
        if intent == "order_status" and clear:
            allowed = self.random.random() < 0.7
            decisions.append(
                Decision(
                    Kind.GATE,
                    outcome="allowed" if allowed else "refused",
                    language=language,
                    result={"purpose": "order_history"},
                    categories=("order",) if allowed else (),
                    rule="consent",
                    **ids,
                )
            )
        decisions.append(
            Decision(Kind.ACTION, outcome=action, result={"action": action}, policy="RulePolicy", rule=intent, **common)
        )
        decisions.append(
            Decision(
                Kind.ANSWER,
                outcome=action,
                result={"responses": [action], "texts": [answer], "slots": {}},
                policy="RulePolicy",
                rule=intent,
                timing={"accept": [0.0, 2.1], "mask": [2.1, 0.8], "think": [2.9, 14.0], "record": [16.9, 3.2]},
                **common,
            )
        )
        return decisions, text, answer

    def _access(self) -> Decision:
        return Decision(
            Kind.ACCESS,
            conversation_id="",
            visitor_id="",
            turn_id=None,
            outcome="access:decision",
            input={"what": "decision", "why": "review"},
            result={"who": "ruth"},
            rule="access",
            human_involvement="decided by a person",
        )

    def _conversation(self, at: datetime) -> _Conversation:
        """A conversation that goes on, or now and then a new one."""
        if len(self.active) < min(ACTIVE, 1 + self.count // 40) or self.random.random() < 1 / TURNS:
            self._begin(at)
        return self.random.choice(self.active)

    def _begin(self, at: datetime) -> None:
        language = "zh" if self.random.random() < 0.3 else "en"
        conversation = _Conversation(self._id("con", at), self._visitor(at), language)
        if len(self.active) >= ACTIVE:
            self.active.pop(0)
        self.active.append(conversation)
        self.rows.of[ConversationRow].append(
            {
                "id": conversation.id,
                "visitor_id": conversation.visitor_id,
                "door": "widget",
                "language": language,
                "owner": "assistant",
                "last_event": 0,
                "created_at": at,
            }
        )
        self.rows.of[DisclosureRow].append(
            {
                "id": self._id("dis", at),
                "conversation_id": conversation.id,
                "version": "1",
                "language": language,
                "sha256": "0" * 64,
                "how": "rendered",
                "shown_at": at,
            }
        )

    def _visitor(self, at: datetime) -> str:
        if self.visitors is not None and len(self.known) >= self.visitors:
            return self.random.choice(self.known)
        visitor_id = self._id("vis", at)
        if self.visitors is not None:
            self.known.append(visitor_id)
        self.rows.of[VisitorRow].append({"id": visitor_id, "created_at": at})
        self.rows.of[VisitorKeyRow].append(
            {
                "visitor_id": visitor_id,
                "wrapped": self.keyring.wrap(visitor_id, secrets.token_bytes(32)),
                "created_at": at,
                "destroyed_at": None,
            }
        )
        return visitor_id

    def _message(
        self, conversation: _Conversation, message_id: str, at: datetime, author: str, text: str, reply_to: str | None
    ) -> None:
        self.rows.of[MessageRow].append(
            {
                "id": message_id,
                "conversation_id": conversation.id,
                "author": author,
                "author_name": "AI assistant" if author == "assistant" else None,
                "reply_to": reply_to,
                "body_sealed": (conversation.visitor_id, message_id, _body(text)),
                "turn": "done" if author == "visitor" else None,
                "created_at": at,
            }
        )

    def record(self, at: datetime, decision: Decision) -> str:
        """As `Recorder._rows` does, at a moment of its own."""
        decision_id = self._id("dec", at)
        payload = self.recorder._payload(decision_id, at, decision, "1" if decision.conversation_id else None)
        salted = self.random.randbytes(SALT) + canonical_json(payload)
        holder = OPERATOR if decision.outlives_erasure or not decision.visitor_id else decision.visitor_id
        self.rows.of[DecisionRow].append(_row(decision_id, at, decision, hashlib.sha256(salted).hexdigest()))
        self.rows.of[DecisionPayloadRow].append(
            {"decision_id": decision_id, "visitor_id": holder, "payload_sealed": (holder, decision_id, salted)}
        )
        self.written += 1
        return decision_id

    def _id(self, prefix: str, at: datetime) -> str:
        """As `bot.core.messages.new_id`, at another moment."""
        return f"{prefix}_{int(at.timestamp() * 1000):012x}{self.random.getrandbits(80):020x}"


def _body(text: str) -> bytes:
    return canonical_json({"text": text, "buttons": [], "payload": None})


def _insert(session: Any, keyring: Keyring, rows: _Rows) -> None:
    for table in ORDERED:
        values = rows.of[table]
        for column in ("body_sealed", "payload_sealed"):
            for row in values:
                if column in row:
                    row[column] = keyring.seal_bytes(session, *row[column])
        if values:
            session.execute(insert(table), values)
