"""Hearing standing requests: by button and phrase at once, by the trained detectors once the engine has listened."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.consent import Scope
from bot.core.intents import offered
from bot.core.messages import MaskedMessage, Understanding
from bot.masking.excerpts import defused, excerpt
from bot.standing_requests import grammar, phrases
from bot.standing_requests.clauses import Span, clauses, length, without_link
from bot.standing_requests.normal import normalised
from bot.standing_requests.payloads import is_command, pressed
from bot.standing_requests.requests import Heard, Request

ALLOWING = ("allow_any_time", "allow_named", "allow_right_after")
PLAIN = (Request.WITHDRAW, Request.ERASE, Request.HUMAN, Request.ROBOT, Request.RESUME)
"""Requests with a list of plain forms, which is named as they are."""
IN_DOUBT = "in_doubt"
"""The list of what may be a withdrawal."""
DETECTED = (Request.WITHDRAW, Request.ROBOT, Request.PERSONA, Request.HUMAN)
"""Requests with a trained detector, which is named as they are."""
ASKED = (Request.HUMAN, Request.ROBOT)
"""Requests that are questions as often as not: "can I talk to a human?" is the phrase without its mark."""
MERE_WORDS = 3
"""A part of a message with fewer words is no phrase by itself: "stop it, I mean the shipping"."""
DOUBT = 0.75
"""From this share of the threshold on a withdrawal may be meant: use pauses and the visitor is asked."""
_ONCE = re.compile(r"\bonce\b|\b(?:only|just) (?:this|for this|the one|one)\b|一次|这次|这回|本次|此次|这一回")
_ALWAYS = re.compile(r"\balways\b|\buntil i\b|\bfrom now on\b|\bevery time\b|\beach time\b|一直|以后都|永久|长期|每次")


@dataclass(frozen=True)
class Parts:
    """A masked message, whole and in parts; without parts when it has only one.

    `command`: it was typed as a command of the engine's. As text it is answered, but nobody asks for anything that way.
    """

    whole: MaskedMessage
    spans: tuple[Span, ...]
    command: bool = False

    @cached_property
    def clauses(self) -> tuple[MaskedMessage, ...]:
        """Each part as a message of its own."""
        return tuple(excerpt(self.whole, [span]) for span in self.spans)

    @cached_property
    def all(self) -> tuple[MaskedMessage, ...]:
        """The whole and each part, as the engine listens to them."""
        return (self.whole, *self.clauses)

    def left(self, chosen: Collection[int]) -> MaskedMessage | None:
        """The parts with these numbers as one message; None when there is none."""
        spans = [span for number, span in enumerate(self.spans) if number in chosen]
        return excerpt(self.whole, spans) if spans else None


def parts_of(message: MaskedMessage) -> Parts:
    """The message with its parts. What a visitor typed is no command, unless it is a button of ours to the letter."""
    button = pressed(message.text) is not None or is_command(message.text)
    words = message if button else defused(message)
    spans = clauses(words.text)
    return Parts(words, tuple(spans) if len(spans) > 1 else (), command=words is not message)


def plainly(parts: Parts) -> list[Heard]:
    """What stands there as a button's payload or as a phrase of the closed lists. Needs no engine."""
    text = parts.whole.text
    if parts.command:
        return []
    button = pressed(text)
    if button is not None:
        return [button]
    found = _plain(text, *ALLOWING, *PLAIN, "refuse", IN_DOUBT)
    if found is not None:
        return [_by_phrase(text, found, None)]
    heard = list[Heard]()
    for number, clause in enumerate(parts.clauses):
        text = without_link(clause.text)
        phrase = _plain(text, *PLAIN) if length(text) >= MERE_WORDS else None
        if phrase is not None:
            heard.append(_by_phrase(text, phrase, number))
    return heard


def _plain(text: str, *lists: str) -> phrases.Phrase | None:
    """The phrase of these lists that the text is; of what may be asked as well as said, with its question mark."""
    found, unmarked = phrases.find(text, *lists), text.rstrip(" ?？")
    if found is not None or unmarked == text:
        return found
    return phrases.find(unmarked, *ASKED)


def may_answer_a_card(text: str) -> bool:
    """Could this be a yes or no to a card, or take something back? A longer text answers none by itself."""
    return len(text) <= phrases.MAX_LENGTH


def surely(parts: Parts, understood: Sequence[Understanding], known: Collection[Heard] = ()) -> list[Heard]:
    """What the detectors find, each request once, with what grammar says of it.

    Args:
        understood: what the engine made of `parts.all`, in that order; empty when it could not be asked.
        known: what had been found before; it is not found again.
    """
    if parts.command:
        return []
    named = {Request.WITHDRAW if one.request is Request.ERASE else one.request for one in known}
    found = (_detected(parts, understood, request) for request in DETECTED if request not in named)
    return [heard for heard in found if heard is not None]


def topical(parts: Parts, understood: Sequence[Understanding], heard: Sequence[Heard]) -> MaskedMessage | None:
    """What is left to be answered as a question: the parts that hold no request and are surely about a topic."""
    if any(one.clause is None for one in heard):
        return None
    taken = {one.clause for one in heard}
    human = any(one.request is Request.HUMAN for one in heard)
    left = [
        number
        for number, meaning in enumerate(understood[1:])
        if number not in taken and meaning.understood and _is_question(meaning.intent, human)
    ]
    return parts.left(left)


def _is_question(intent: str, human: bool) -> bool:
    """Whether a part of a message with this intent deserves an answer of its own."""
    return offered(intent) is not None and not (human and intent in ("complaint", "contact_details"))


def _by_phrase(text: str, phrase: phrases.Phrase, clause: int | None) -> Heard:
    by_list = {IN_DOUBT: Request.WITHDRAW, **dict.fromkeys(ALLOWING, Request.ALLOW)}
    request = by_list.get(phrase.part) or Request(phrase.part)
    return Heard(
        request,
        text,
        "phrase",
        f"{phrase.language}/{phrase.part}: {phrase.pattern}",
        purposes=phrase.purposes,
        scope=_scope(text) if request is Request.ALLOW else None,
        unsure=phrase.part == IN_DOUBT,
        part=phrase.part,
        clause=clause,
    )


def _scope(text: str) -> Scope | None:
    plain = normalised(text)
    return Scope.ONCE if _ONCE.search(plain) else Scope.UNTIL_WITHDRAWN if _ALWAYS.search(plain) else None


def _detected(parts: Parts, understood: Sequence[Understanding], request: Request) -> Heard | None:
    if request is Request.ROBOT and grammar.asks_of_others(parts.whole.text):
        return None
    scores = [one.requests.get(request) for one in understood]
    texts = [one.text for one in parts.all]
    known = [
        (score, number)
        for number, score in enumerate(scores)
        if score is not None and not _vetoed(request, texts[number])
    ]
    if not known:
        return None
    best, number = max(known, key=lambda one: (one[0].score / one[0].threshold, one[1]))
    if best.score >= best.threshold:
        unsure = request is Request.WITHDRAW and grammar.asks_how(texts[number])
    elif request is Request.WITHDRAW and best.score >= best.threshold * DOUBT:
        unsure = True
    else:
        return None
    return Heard(
        request,
        texts[number],
        "classifier",
        f"detector {request}",
        score=best.score,
        threshold=best.threshold,
        model=understood[number].model,
        fingerprint=understood[number].fingerprint,
        unsure=unsure,
        clause=number - 1 if number else None,
    )


def _vetoed(request: Request, text: str) -> bool:
    if request is Request.HUMAN:
        return grammar.wants_no_human(text)
    if request is Request.ROBOT:
        return grammar.asks_of_others(text)
    return request is Request.WITHDRAW and (grammar.keeps(text) or not grammar.says_an_end(text))
