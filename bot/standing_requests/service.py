"""Obeying standing requests: what each does, in the caller's transaction, recorded before it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.consent import Asked, Choice, Consents, Scope, asked, card, latest_end, status_of, statuses
from bot.core.i18n import copy
from bot.core.i18n.dates import day
from bot.core.ids import Json, new_id
from bot.core.intents import offered
from bot.core.messages import Author, Button, Owner, RawMessage, Said
from bot.core.settings import Settings
from bot.db.models import ConversationRow
from bot.decisions import Recorder, repository
from bot.decisions.kinds import Kind
from bot.decisions.models import REQUEST_POLICY, Decision
from bot.decisions.turn_decisions import TurnContext
from bot.handoff import Handoffs
from bot.messaging import Outbox
from bot.oversight.stops import ASK_FOR_HUMAN
from bot.policies import purpose_named, purposes
from bot.standing_requests import grammar
from bot.standing_requests.repository import latest_gate, latest_intents
from bot.standing_requests.requests import Heard, Request

HOW_TO = {
    "order_status": "order_how_to",
    "refund_status": "refund_how_to",
    "account_details": "account_how_to",
    "recommend": "recommend_how_to",
    "contact_by_email": "email_how_to",
}
"""What helps without consent, by the topic of the question that waited for it."""


@dataclass(frozen=True)
class Question:
    """A question that was answered without personal data, or not yet: its words, masked, and its topic."""

    text: str = field(repr=False)
    intent: str | None
    purpose: str
    at: datetime


@dataclass(frozen=True)
class Obeyed:
    """What came of the requests in a message.

    Attributes:
        heard: those that were acted upon; the others count as ordinary words.
        resume: the masked text of the question that waited for the visitor's yes, to be answered now.
    """

    heard: tuple[Heard, ...] = ()
    resume: str | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing but requests stands in the message."""
        return any(one.clause is None for one in self.heard)

    def after(self, earlier: Obeyed) -> Obeyed:
        """What came of the message in all."""
        return Obeyed((*earlier.heard, *self.heard), self.resume or earlier.resume)


@dataclass
class _Turn:
    """One message whose requests are being obeyed."""

    session: Session
    conversation: ConversationRow
    raw: RawMessage
    assistant_silent: bool
    said: list[Said] = field(default_factory=list)
    resume: str | None = None
    ended: bool = False

    @property
    def language(self) -> str:
        return self.raw.language

    def seen(self, purpose: str | None = None) -> Asked | None:
        """The newest asking (for `purpose`), if its card had been delivered before the message was sent."""
        question = asked(self.session, self.conversation, purpose)
        shown = question is not None and question.card_event is not None and question.card_event <= self.raw.seen
        return question if shown else None

    def open_card(self) -> Asked | None:
        """The question that the message answers: put right before it, and delivered before it was sent."""
        question = self.seen()
        return question if question is not None and question.just_now else None

    def say(self, key: str, buttons: Sequence[Button] = (), **values: object) -> None:
        """A text of bot/core/i18n/requests.yml."""
        self.said.append(Said(copy(f"requests.{key}", self.language, **values), tuple(buttons), key))

    def short(self, names: Sequence[str]) -> str:
        """Purposes within a sentence: `your orders and your account details`."""
        shorts = [purpose_named(name).short(self.language) for name in names]
        return copy("requests.and", self.language).join(shorts)


@dataclass(frozen=True)
class Outcome:
    """What came of one request, for its record: `ended`, `given`, … and the purposes it was about."""

    outcome: str
    purposes: Sequence[str] = ()


class StandingRequests:
    """Obeys what `bot.standing_requests.hearing` has found.

    Whoever calls has checked that the message's turn is still open. What is said comes from the assistant, or from the
    system while a human answers or the assistant is stopped.
    """

    def __init__(
        self, settings: Settings, outbox: Outbox, recorder: Recorder, consents: Consents, handoffs: Handoffs
    ) -> None:
        self._settings = settings
        self._outbox = outbox
        self._recorder = recorder
        self._consents = consents
        self._handoffs = handoffs
        self._acts = {
            Request.ALLOW: self._allow,
            Request.REFUSE: self._refuse,
            Request.WITHDRAW: self._withdraw,
            Request.ERASE: self._withdraw,
            Request.RESUME: self._resume,
            Request.HUMAN: self._human,
            Request.ROBOT: self._who_answers,
            Request.PERSONA: self._who_answers,
        }

    def obey(
        self, session: Session, conversation: ConversationRow, context: TurnContext, heard: Sequence[Heard],
        *, assistant_silent: bool,
    ) -> Obeyed:  # fmt: skip
        """Act upon each request that counts here, record it with its evidence, then say what came of it.

        Args:
            assistant_silent: a human answers, or the assistant is stopped.
        """
        turn = _Turn(session, conversation, context.raw, assistant_silent)
        done, order = list[tuple[Heard, Outcome]](), list(Request)
        for one in sorted(heard, key=lambda each: order.index(each.request)):
            if one.request is Request.PERSONA and any(each.request is Request.ROBOT for each, _ in done):
                continue
            outcome = self._acts[one.request](turn, one)
            if outcome is not None:
                done.append((one, outcome))
        if not done:
            return Obeyed()
        ids = [new_id("msg") for _ in turn.said]
        decisions = [_decision(context, one, outcome) for one, outcome in done]
        if turn.said:
            decisions.append(_answer(context, turn.said, ids))
        self._recorder.record_all(session, decisions)
        for message_id, said in zip(ids, turn.said, strict=True):
            self._speak(turn, message_id, said)
        return Obeyed(tuple(one for one, _ in done), None if assistant_silent else turn.resume)

    def waiting(self, session: Session, conversation: ConversationRow) -> str | None:
        """The masked text of the question put last, if it needed a consent and got none."""
        question = self._question(session, conversation, None)
        return question.text if question is not None else None

    # Allowing

    def _allow(self, turn: _Turn, heard: Heard) -> Outcome | None:
        found = self._allowed_purpose(turn, heard)
        if found is None:
            return None
        purpose, question = found
        if purpose_named(purpose).sign_in and not turn.conversation.signed_in:
            turn.say("allow_sign_in", [_human(turn.language)], short=turn.short([purpose]))
            return Outcome("sign_in_first", [purpose])
        before = status_of(turn.session, turn.conversation, purpose_named(purpose))
        if question is None and not before.allowed:
            # Nobody can agree to what they have not been told: first the question itself.
            self._show_card(turn, purpose)
            return Outcome("asked_first", [purpose])
        scope = heard.scope or Scope.CONVERSATION
        if not before.allowed or (heard.scope is not None and before.event is not None and before.event.scope != scope):
            how = {"how": "button" if heard.by == "button" else "text", "phrase": heard.rule, "screen": "card"}
            seen = question.card_event if question is not None else None
            evidence = {**how, "card_event": seen, "turn_id": turn.raw.message_id}
            self._consents.give(turn.session, turn.conversation, purpose, evidence, scope)
            waiting = self._question(turn.session, turn.conversation, purpose)
            turn.resume = waiting.text if waiting is not None else None
        self._confirm(turn, purpose)
        return Outcome("given", [purpose])

    def _allowed_purpose(self, turn: _Turn, heard: Heard) -> tuple[str, Asked | None] | None:
        """Which purpose a yes is about, and the question it answers; None for the question when it was never put.

        None at all when the yes is none: nothing was asked, or its card had not reached the visitor (rule C1).
        """
        if heard.by == "button":
            return heard.purposes[0], turn.seen(heard.purposes[0])
        just_now = turn.open_card()
        if just_now is not None and (not heard.purposes or just_now.purpose in heard.purposes):
            return just_now.purpose, just_now
        if heard.part == "allow_named":
            seen = [(name, one) for name in heard.purposes if (one := turn.seen(name)) is not None]
            return seen[0] if seen else (heard.purposes[0], None)
        if heard.part != "allow_any_time":
            return None
        waiting = self._question(turn.session, turn.conversation, None)
        ended, newest = latest_end(turn.session, turn.conversation), asked(turn.session, turn.conversation)
        if waiting is not None and ended is not None and ended.purpose != waiting.purpose and ended.at > waiting.at:
            # "allow", right after something else was ended: what that means is asked, not guessed.
            return ended.purpose, None
        purpose = waiting.purpose if waiting is not None else newest.purpose if newest is not None else None
        return (purpose, turn.seen(purpose)) if purpose is not None else None

    def _show_card(self, turn: _Turn, purpose: str) -> None:
        evidence = {"how": "question", "turn_id": turn.raw.message_id, "screen": "card"}
        self._consents.request(turn.session, turn.conversation, purpose, evidence)
        turn.said.append(replace(card(self._consents, purpose, turn.language), response="ask_consent"))

    def _confirm(self, turn: _Turn, purpose: str) -> None:
        event = status_of(turn.session, turn.conversation, purpose_named(purpose)).event
        if event is None or event.valid_until is None:
            return
        scope = copy(f"requests.for_{event.scope or Scope.CONVERSATION}", turn.language,
                     until=day(event.valid_until, turn.language))  # fmt: skip
        turn.say("allowed", short=turn.short([purpose]), scope=scope)

    # Refusing, withdrawing

    def _refuse(self, turn: _Turn, heard: Heard) -> Outcome | None:
        if heard.by == "button":
            names = list(heard.purposes)
        else:
            open_card = turn.open_card()
            if open_card is None:
                return None
            names = [open_card.purpose]
        waiting = self._question(turn.session, turn.conversation, names[0])
        self._end(turn, names, heard)
        turn.say("refused", short=turn.short(names))
        how_to = HOW_TO.get((waiting.intent or "") if waiting is not None else "")
        if how_to is not None and not turn.assistant_silent:
            text = copy(f"actions.{how_to}", turn.language)
            turn.said.append(Said(text, (_human(turn.language),), how_to))
        return Outcome("refused", names)

    def _withdraw(self, turn: _Turn, heard: Heard) -> Outcome | None:
        stands = statuses(turn.session, turn.conversation)
        live = [name for name, stand in stands.items() if stand.state in ("given", "paused")]
        named = list(heard.purposes or grammar.named_purposes(heard.text))
        targets = named or list(purposes())
        wanted = [name for name in targets if name in live]
        if heard.unsure or (live and not wanted):
            return self._pause(turn, heard, wanted or live)
        erasing = heard.request is Request.ERASE or grammar.erases(heard.text)
        open_card = turn.open_card()
        guessed = heard.by == "classifier" and not named and not grammar.means_everything(heard.text)
        refused = [open_card.purpose] if open_card and open_card.purpose in targets and not guessed else []
        if not live and not refused:
            return self._nothing_to_end(turn, heard, named, erasing)
        self._end(turn, [*wanted, *refused], heard)
        turn.ended = True
        turn.say("withdrawn" if wanted else "refused", short=turn.short(wanted or refused))
        left = [name for name in live if name not in wanted]
        if left:
            turn.say("still_allowed", [_stop(turn.language, name) for name in left], short=turn.short(left))
        if erasing:
            turn.say("erase")
        return Outcome("ended" if wanted else "refused", [*wanted, *refused])

    def _nothing_to_end(self, turn: _Turn, heard: Heard, named: Sequence[str], erasing: bool) -> Outcome | None:
        """Nothing is allowed and nothing was asked. A no that says what it is about is kept, a guess is not."""
        if turn.ended:
            return Outcome("ended")
        if erasing:
            turn.say("erase")
            return Outcome("way_to_erase")
        if heard.by == "classifier":
            if not named and not grammar.means_everything(heard.text):
                return None
            turn.say("nothing_allowed", short=turn.short(named) if named else copy("requests.your_data", turn.language))
            return Outcome("nothing_allowed", named)
        refused = list(named) or (list(purposes()) if grammar.means_everything(heard.text) else [])
        if not refused or heard.by == "button":
            turn.say("nothing_allowed", short=copy("requests.your_data", turn.language))
            return Outcome("nothing_allowed")
        self._end(turn, refused, heard)
        everything = len(refused) == len(purposes())
        turn.say("refused", short=copy("requests.your_data", turn.language) if everything else turn.short(refused))
        return Outcome("refused", refused)

    def _pause(self, turn: _Turn, heard: Heard, names: Sequence[str]) -> Outcome | None:
        """In doubt nothing is used, and one question asks what is meant."""
        found = statuses(turn.session, turn.conversation)
        live = [name for name in names if found[name].state in ("given", "paused")]
        if not live:
            return None
        for name in live:
            if found[name].state == "given":
                self._consents.pause(turn.session, turn.conversation, name, self._evidence(turn, heard))
        buttons = [_stop(turn.language, name) for name in live]
        if len(live) > 1:
            buttons.append(Button(copy("requests.stop_all", turn.language), "/withdraw_consent"))
        buttons.append(Button(copy("requests.go_on", turn.language), "/resume_consent"))
        turn.say("paused", buttons, short=turn.short(live))
        return Outcome("paused", live)

    def _resume(self, turn: _Turn, heard: Heard) -> Outcome | None:
        found = statuses(turn.session, turn.conversation)
        paused = [name for name in heard.purposes or purposes() if found[name].state == "paused"]
        for name in paused:
            self._consents.resume(turn.session, turn.conversation, name, self._evidence(turn, heard))
        if not paused and heard.by != "button":
            return None
        if not paused:
            turn.say("nothing_paused")
            return Outcome("nothing_paused")
        for name in paused:
            self._confirm(turn, name)
        waiting = self._question(turn.session, turn.conversation, None)
        if waiting is not None and waiting.purpose in paused:
            turn.resume = waiting.text
        return Outcome("resumed", paused)

    def _end(self, turn: _Turn, names: Sequence[str], heard: Heard) -> None:
        choice: Choice = "object" if heard.by != "button" and grammar.objects(heard.text) else "refuse"
        for name in names:
            self._consents.choose(turn.session, turn.conversation, name, choice, self._evidence(turn, heard))

    def _evidence(self, turn: _Turn, heard: Heard) -> dict[str, Json]:
        return {
            "how": "button" if heard.by == "button" else "text",
            "phrase": heard.rule,
            "turn_id": turn.raw.message_id,
        }

    # A human, and who answers

    def _human(self, turn: _Turn, heard: Heard) -> Outcome | None:
        session, conversation = turn.session, turn.conversation
        if conversation.owner == Owner.HUMAN:
            return Outcome("human_is_here")
        before = self._handoffs.current(session, conversation)
        trigger = "button" if heard.by == "button" else "text"
        row = self._handoffs.request(session, conversation, trigger, self._reason(turn), turn.raw.message_id)
        if before is not None and before.id == row.id:
            turn.say("human_asked_already")
            return Outcome("waiting_already")
        return Outcome("human_asked")

    def _reason(self, turn: _Turn) -> str:
        """For the agents: what was asked for, and the topic before; no words of the visitor's."""
        intents = latest_intents(turn.session, turn.conversation.id, 5)
        about = next((intent for name in intents if (intent := offered(name)) is not None), None)
        return "Asked for a human" + (f" after: {about.title('en')}" if about is not None else "")

    def _who_answers(self, turn: _Turn, heard: Heard) -> Outcome | None:
        company = self._settings.company
        if turn.conversation.owner == Owner.HUMAN:
            turn.say("human_answers", name=turn.conversation.human_name, company=company)
        else:
            turn.say(heard.request.value, [_human(turn.language)], company=company)
        return Outcome("told")

    # What they share

    def _question(self, session: Session, conversation: ConversationRow, purpose: str | None) -> Question | None:
        """The question put last that needed a consent and got none; only if it is about `purpose`, when given."""
        gate = latest_gate(session, conversation.id)
        if gate is None or not gate.outcome.startswith("refused:"):
            return None
        records = [
            record
            for row in repository.of_turn(session, conversation.id, gate.turn_id)
            if (record := self._recorder.read_record(session, row)) is not None
        ]
        asked_for = next((one["input"].get("purpose") for one in records if one["kind"] == Kind.GATE), None)
        understood = next((one for one in records if one["kind"] == Kind.UNDERSTANDING), None)
        if understood is None or asked_for is None or purpose not in (None, asked_for):
            return None
        return Question(understood["input"]["text"], understood["intent"], asked_for, gate.at)

    def _speak(self, turn: _Turn, message_id: str, said: Said) -> None:
        author = Author.SYSTEM if turn.assistant_silent else Author.ASSISTANT
        self._outbox.say(
            turn.session,
            turn.conversation,
            author,
            said.text,
            author_name=None if turn.assistant_silent else self._settings.assistant_name,
            buttons=said.buttons,
            consent_request=said.custom.get("consent_request"),
            reply_to=turn.raw.message_id,
            id=message_id,
        )


def _human(language: str) -> Button:
    return Button(copy("turn.talk_to_a_human", language), ASK_FOR_HUMAN)


def _stop(language: str, purpose: str) -> Button:
    title = copy("requests.stop_one", language, short=purpose_named(purpose).short(language))
    return Button(title, f'/withdraw_consent{{"purpose": "{purpose}"}}')


def _decision(context: TurnContext, heard: Heard, outcome: Outcome) -> Decision:
    return replace(
        context.decision(Kind.REQUEST, f"{heard.request.value}:{outcome.outcome}"),
        input={"text": heard.text, "request": heard.request.value, "source": heard.by},
        result={"outcome": outcome.outcome, "purposes": list(outcome.purposes), "unsure": heard.unsure},
        confidence=heard.score,
        threshold=heard.threshold,
        model=heard.model,
        fingerprint=heard.fingerprint,
        policy=REQUEST_POLICY,
        rule=heard.rule,
    )


def _answer(context: TurnContext, said: Sequence[Said], message_ids: Sequence[str]) -> Decision:
    return replace(
        context.decision(Kind.ANSWER, said[0].response or "request"),
        result={
            "responses": [one.response for one in said],
            "texts": [" ".join([one.text, *(f"({button.title})" for button in one.buttons)]) for one in said],
            "message_ids": list(message_ids),
        },
        policy=REQUEST_POLICY,
    )
