"""Records of standing requests in plain words: what was taken as which request, by which means, and the result."""

from __future__ import annotations

from bot.core.ids import Json
from bot.decisions import vocabulary
from bot.decisions.vocabulary import text

Record = dict[str, Json]
POLICY = "standing requests"
"""The policy of these records, and of the answers to standing requests."""


def explain_request(record: Record, language: str) -> tuple[str, str]:
    """Title and sentences."""
    request, outcome = (vocabulary.named(*pair, language) for pair in _parts(record["outcome"]))
    return text("request_title", language, request=request, outcome=outcome), reasons(record, language)


def reasons(record: Record, language: str) -> str:
    """By which means the request was recognised, and what followed from it."""
    gap = "" if language.startswith("zh") else " "
    return gap.join((_recognised(record, language), _followed(record, language)))


def line(outcome: str, language: str) -> str:
    """A request and its result, from the open columns alone."""
    return text("list_mark", language).join(vocabulary.named(*pair, language) for pair in _parts(outcome))


def facts_of_request(record: Record, language: str) -> list[tuple[str, Json]]:
    """What else the record holds: label's key and value."""
    source = record["input"].get("source")
    return [
        ("recognised_by", vocabulary.named("recognised_by", source, language) if source else None),
        ("purpose", _purposes(record, language)),
    ]


def _parts(outcome: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """`withdraw:ended` as the names of two texts."""
    request, _, result = outcome.partition(":")
    return ("requested", request), ("followed", result)


def _recognised(record: Record, language: str) -> str:
    given = record["input"]
    values = {
        "request": vocabulary.named("requested", given.get("request"), language),
        "words": vocabulary.quoted(given.get("text") or ""),
        "list": _list(record.get("path") or ""),
        "confidence": vocabulary.percent(record["confidence"], language),
        "threshold": vocabulary.percent(record["threshold"], language),
    }
    return text(f"recognised_{_means(record)}", language, **values)


def _means(record: Record) -> str:
    """How the request was recognised; a detector's doubt counts as a means of its own."""
    source = str(record["input"].get("source"))
    if source != "classifier":
        return source if source in ("button", "phrase") else "somehow"
    score, threshold = record["confidence"], record["threshold"]
    if score is None or threshold is None:
        return "somehow"
    if score < threshold:
        return "nearly"
    return "asked_about" if record["result"].get("unsure") else "classifier"


def _followed(record: Record, language: str) -> str:
    outcome = str(record["result"].get("outcome"))
    purposes = _purposes(record, language)
    try:
        return text(f"followed_{outcome}_text", language, purposes=purposes)
    except KeyError:
        return text("other_text", language, outcome=vocabulary.readable(outcome))


def _purposes(record: Record, language: str) -> str:
    titles = (vocabulary.purpose_title(str(name), language) for name in record["result"].get("purposes") or ())
    return vocabulary.listed((text("quoted", language, words=title) for title in titles), language)


def _list(path: str) -> str:
    """`en/withdraw` of `en/withdraw: stop (it|that)`."""
    return path.partition(":")[0]
