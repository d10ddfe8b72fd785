"""What a record says, as the key of a text and its values: the same for reviewers, the privacy centre and 'why'."""

from __future__ import annotations

from typing import TypeAlias

from bot.core.ids import Json
from bot.core.messages import NOT_UNDERSTOOD
from bot.decisions import vocabulary
from bot.decisions.vocabulary import text

Record: TypeAlias = dict[str, Json]
Sentence: TypeAlias = tuple[str, dict[str, str]]
"""The key of a text without its voice (`refused` for `refused_text` and `why_refused`), and the values it takes."""
RESUMED = "resumed"
"""The source of an understanding of an earlier question."""
FOLLOW_UP = "followup_action"
"""Rasa's name for the policy when an action named the next one itself."""
QUOTED = 120
"""Characters of a visitor's words that are repeated."""


def understood(record: Record, language: str) -> Sentence:
    """How an understanding came about: from a button, from a guess, or not at all."""
    if record["intent"] == NOT_UNDERSTOOD:
        return _not_understood(record, language)
    intent = vocabulary.intent_title(record["intent"], language)
    if is_pressed(record):
        return "button", {"intent": intent}
    key = "understood" if record["threshold"] is not None else "understood_no_threshold"
    return key, {"intent": intent, **_sureness(record, language)}


def gate(record: Record, language: str, reasons: str) -> Sentence:
    """What the consent gate allowed, or why it refused; `reasons` is the family of texts for refusals."""
    result = record["result"]
    if not result.get("allowed"):
        return "refused", {"reason": vocabulary.named(reasons, result.get("reason"), language)}
    return "allowed", {
        "categories": vocabulary.categories(record, language),
        "purpose": vocabulary.purpose(record, language),
    }


def chosen(record: Record) -> Sentence | None:
    """By which rule or policy an action or answer was chosen; None where the record names neither."""
    path, policy = record.get("path"), record.get("policy")
    if policy == FOLLOW_UP:
        return "followup", {}
    if rule_of(record) is not None:
        return "rule", {"rule": str(path)}
    return ("policy", {"policy": str(policy)}) if policy else None


def request(record: Record, language: str) -> str:
    """By which means a standing request was recognised, and what followed from it."""
    gap = "" if language.startswith("zh") else " "
    return gap.join((_recognised(record, language), _followed(record, language)))


def is_pressed(record: Record) -> bool:
    """Whether the message of an understanding was a button's payload, or the earlier question was."""
    given = record["input"]
    return given.get("source") == "payload" or (is_resumed(record) and str(given.get("text")).startswith("/"))


def is_resumed(record: Record) -> bool:
    """Whether an understanding is about an earlier question, resumed after the visitor's consent."""
    return bool(record["input"].get("source") == RESUMED)


def best_guess(record: Record) -> dict[str, Json] | None:
    """The most likely real intent in a record's ranking."""
    return next((one for one in record.get("alternatives") or () if one["name"] != NOT_UNDERSTOOD), None)


def rule_of(record: Record) -> str | None:
    """The rule of a record: its `path`, unless that repeats the policy."""
    path = record.get("path")
    return path if path and path != record.get("policy") else None


def purposes(record: Record, language: str) -> str:
    """The purposes that a standing request was about, each in quotation marks."""
    titles = (vocabulary.purpose_title(str(name), language) for name in record["result"].get("purposes") or ())
    return vocabulary.listed((text("quoted", language, words=title) for title in titles), language)


def _not_understood(record: Record, language: str) -> Sentence:
    """With the best guess and the threshold it stayed below, where both are on record."""
    guess = best_guess(record)
    if guess is None or record["threshold"] is None:
        return "not_understood_plain", {}
    return "not_understood", {
        "guess": vocabulary.intent_title(guess["name"], language),
        "guess_confidence": vocabulary.percent(guess["confidence"], language),
        "threshold": vocabulary.percent(record["threshold"], language),
    }


def _sureness(record: Record, language: str) -> dict[str, str]:
    return {key: vocabulary.percent(record[key], language) for key in ("confidence", "threshold")}


def _recognised(record: Record, language: str) -> str:
    given = record["input"]
    values = {
        "request": vocabulary.named("requested", given.get("request"), language),
        "words": _quoted(given.get("text") or ""),
        "list": (record.get("path") or "").partition(":")[0],  # `en/withdraw` of `en/withdraw: stop (it|that)`
        **_sureness(record, language),
    }
    return text(f"recognised_{_means(record)}", language, **values)


def _means(record: Record) -> str:
    """How a request was recognised; a detector's doubt counts as a means of its own."""
    source, score, threshold = str(record["input"].get("source")), record["confidence"], record["threshold"]
    if source in ("button", "phrase"):
        return source
    if source != "classifier" or score is None or threshold is None:
        return "somehow"
    if score < threshold:
        return "nearly"
    return "asked_about" if record["result"].get("unsure") else "classifier"


def _followed(record: Record, language: str) -> str:
    outcome = str(record["result"].get("outcome"))
    try:
        return text(f"followed_{outcome}_text", language, purposes=purposes(record, language))
    except KeyError:
        return text("other_text", language, outcome=vocabulary.readable(outcome))


def _quoted(said: str) -> str:
    """A visitor's words in one line, cut after `QUOTED` characters."""
    line = " ".join(said.split())
    return line if len(line) <= QUOTED else f"{line[: QUOTED - 1].rstrip()}…"
