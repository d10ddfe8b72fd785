"""Decision records in plain words, made from the record alone: nothing is asked of the model a second time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, TypedDict

from bot.core.i18n import entries
from bot.core.ids import Json
from bot.core.messages import NOT_UNDERSTOOD
from bot.db.models import DecisionRow
from bot.decisions import sentences, vocabulary
from bot.decisions.kinds import Kind
from bot.decisions.models import REQUEST_POLICY
from bot.decisions.sentences import Record, Sentence
from bot.decisions.vocabulary import text
from bot.decisions.why import why

__all__ = ["EXPLAINERS", "Explained", "explain", "explain_damaged", "explain_erased", "summary", "why"]


class LabelledFact(TypedDict):
    """One fact about a record, with its label."""

    label: str
    value: str


class Explained(TypedDict):
    """A record in words: a title, a sentence or two, and what else it holds."""

    title: str
    text: str
    facts: list[LabelledFact]


Explainer: TypeAlias = Callable[[Record, str], tuple[str, str]]
"""`(record, language)` to a title and a sentence or two."""
Fact: TypeAlias = tuple[str, Json]
"""The key of a label, and a value; facts without a value are left out."""


def explain(record: Record, language: str) -> Explained:
    """A record for people, by the explainer of its kind; `en_you` and `zh_you` address the visitor."""
    explainer = EXPLAINERS.get(record["kind"])
    title, sentence = (explainer or _by_outcome)(record, language)
    facts = _facts_of_act(record, language) if explainer is None else _facts_of_decision(record, language)
    facts += _circumstances(record, language)
    labelled = [LabelledFact(label=text(f"fact_{key}", language), value=str(value)) for key, value in facts if value]
    return {"title": title, "text": sentence, "facts": labelled}


def explain_erased(language: str) -> Explained:
    """What is said of a record whose content was erased."""
    return {"title": text("erased_title", language), "text": text("erased_text", language), "facts": []}


def explain_damaged(language: str) -> Explained:
    """What is said of a record whose content differs from what was sealed."""
    return {"title": text("damaged_title", language), "text": text("damaged_text", language), "facts": []}


def summary(row: DecisionRow, language: str) -> str:
    """One line about a record, from its open columns only."""
    return f"{vocabulary.named('kind', row.kind, language)}: {_line(row, language)}"


def _line(row: DecisionRow, language: str) -> str:
    if row.kind == Kind.UNDERSTANDING:
        intent = vocabulary.intent_title(row.intent, language)
        return intent if row.confidence is None else f"{intent} ({vocabulary.percent(row.confidence, language)})"
    if row.kind == Kind.REQUEST:
        return text("list_mark", language).join(_request_and_result(row.outcome, language))
    head, tail = vocabulary.outcome_parts(row.kind, row.outcome)
    family = f"line_{row.kind}"
    said = [vocabulary.named(family, head, language)]
    if tail:
        said.append(vocabulary.named(f"{family}_{head}", tail.replace(":", ", "), language))
    return ", ".join(said)


def _request(record: Record, language: str) -> tuple[str, str]:
    asked, result = _request_and_result(record["outcome"], language)
    return text("request_title", language, request=asked, outcome=result), sentences.request(record, language)


def _understanding(record: Record, language: str) -> tuple[str, str]:
    sentence = _in_words(sentences.understood(record, language), language)
    if sentences.is_resumed(record):
        gap = "" if language.startswith("zh") else " "
        sentence = gap.join((text("resumed_text", language), sentence))
    if record["intent"] == NOT_UNDERSTOOD:
        return text("not_understood_title", language), sentence
    intent = vocabulary.intent_title(record["intent"], language)
    return text("understanding_title", language, intent=intent), sentence


def _gate(record: Record, language: str) -> tuple[str, str]:
    key, values = sentences.gate(record, language, "reason")
    return text(f"{key}_title", language, **values), _in_words((key, values), language)


def _action(record: Record, language: str) -> tuple[str, str]:
    action = vocabulary.readable(record["outcome"])
    intent = vocabulary.intent_title(record["intent"], language)
    sentence = text("action_text", language, intent=intent, action=action, by=_by(record, language))
    return text("action_title", language, action=action), sentence


def _answer(record: Record, language: str) -> tuple[str, str]:
    answer = vocabulary.readable(record["outcome"])
    title = text("answer_title", language, answer=answer)
    if record["outcome"] == "who_answers":
        return title, text("who_answers_text", language)
    return title, text("answer_text", language, answer=answer, by=_by(record, language))


def _handoff(record: Record, language: str) -> tuple[str, str]:
    key = f"handoff_{record['result'].get('state')}"
    if f"{key}_title" not in entries("explain"):
        return _other(record, language)
    agent = record["result"].get("agent") or text("why_person", language)
    return text(f"{key}_title", language, agent=agent), text(f"{key}_text", language, agent=agent)


def _of_kind(record: Record, language: str) -> tuple[str, str]:
    kind, outcome = record["kind"], vocabulary.readable(record["outcome"])
    return text(f"{kind}_title", language), text(f"{kind}_text", language, outcome=outcome)


def _in_words(sentence: Sentence, language: str) -> str:
    key, values = sentence
    return text(f"{key}_text", language, **values)


def _by(record: Record, language: str) -> str:
    if record.get("policy") == REQUEST_POLICY and sentences.rule_of(record) is None:
        return text("by_request", language)
    chosen = sentences.chosen(record)
    return "" if chosen is None else text(f"by_{chosen[0]}", language, **chosen[1])


def _request_and_result(outcome: str, language: str) -> tuple[str, str]:
    """`withdraw:ended` as what was asked for and what followed."""
    asked, _, result = outcome.partition(":")
    return vocabulary.named("requested", asked, language), vocabulary.named("followed", result, language)


def _by_outcome(record: Record, language: str) -> tuple[str, str]:
    """Title and sentence of the kind and outcome; general ones where the outcome has no texts of its own."""
    known = entries("explain")
    head, tail = vocabulary.outcome_parts(record["kind"], record["outcome"])
    key = f"{record['kind']}_{head}"
    if f"{key}_title" not in known:
        return _other(record, language)
    topical = f"{key}_topic_text"
    values = _values(record, tail, language)
    sentence = topical if tail and topical in known else f"{key}_text"
    return text(f"{key}_title", language, **values), text(sentence, language, **values)


def _other(record: Record, language: str) -> tuple[str, str]:
    kind, outcome = vocabulary.named("kind", record["kind"], language), vocabulary.readable(record["outcome"])
    return text("other_title", language, kind=kind, outcome=outcome), text("other_text", language, outcome=outcome)


def _values(record: Record, tail: str, language: str) -> dict[str, str]:
    given, result = record["input"], record["result"]
    return {
        "person": _person(record) or text("somebody", language),
        "intent": vocabulary.intent_title(result.get("intent"), language),
        "what": vocabulary.named("looked_at", tail, language) if record["kind"] == Kind.ACCESS else tail,
        "why": vocabulary.named("purpose_of", given.get("why"), language),
        "topic": vocabulary.readable(tail),
        "reason": vocabulary.named("erased", tail, language),
    }


def _person(record: Record) -> str | None:
    """Who acted, as far as the record says: their name, else their login."""
    given, result = record["input"], record["result"]
    for who in (result.get("staff"), given.get("reviewer"), given.get("maintainer")):
        if isinstance(who, Mapping):
            name = who.get("name") or who.get("login")
            return None if name is None else str(name)
    return str(given["by"]) if given.get("by") else None


def _facts_of_decision(record: Record, language: str) -> list[Fact]:
    given, result, asked = record["input"], record["result"], record["kind"] == Kind.REQUEST
    means = given.get("source") if asked else None
    sure, needed = record["confidence"], record["threshold"]
    used = result.get("allowed", True)
    return [
        ("text", given.get("text")),
        ("intent", vocabulary.intent_title(record["intent"], language) if record["intent"] else None),
        ("confidence", vocabulary.percent(sure, language) if sure is not None else None),
        ("threshold", vocabulary.percent(needed, language) if needed is not None else None),
        ("said", "\n".join(result.get("texts") or ())),
        ("agent", result.get("agent")),
        ("trigger", given.get("trigger")),
        ("reason", given.get("reason") or result.get("reason")),
        ("recognised_by", vocabulary.named("recognised_by", means, language) if means else None),
        ("purpose", sentences.purposes(record, language) if asked else None),
        ("rule", sentences.rule_of(record)),
        ("policy", record.get("policy")),
        ("purpose", vocabulary.purpose(record, language) if given.get("purpose") else None),
        ("categories", (vocabulary.categories(record, language) if used else "") or text("none", language)),
        ("consent", record.get("consent_record_id")),
        ("basis", record.get("lawful_basis")),
    ]


def _facts_of_act(record: Record, language: str) -> list[Fact]:
    """The facts of what a person did. The reason of a stop or a hold is in somebody's own words, others are codes."""
    given, result = record["input"], record["result"]
    own_words = record["kind"] in (Kind.STOP, Kind.HOLD)
    because = (given if own_words or record["kind"] == Kind.ERASURE else result).get("reason")
    intent, filters = result.get("correct_intent"), given.get("filters")
    return [
        ("person", _person(record)),
        ("reason", given.get("text")),
        ("because", because if own_words else vocabulary.readable(because or "")),
        ("words", result.get("words")),
        ("correct_intent", vocabulary.intent_title(intent, language) if intent else None),
        ("correct_answer", result.get("correct_answer")),
        ("example", result.get("example")),
        ("note", result.get("note")),
        ("why", vocabulary.named("purpose_of", given["why"], language) if given.get("why") else None),
        ("filters", _filters(filters, language) if filters is not None else None),
        ("about", given.get("decision_id")),
    ]


def _filters(filters: Mapping[str, Json], language: str) -> str:
    return "\n".join(f"{name}: {value}" for name, value in filters.items()) or text("none", language)


def _circumstances(record: Record, language: str) -> list[Fact]:
    version, spoken = record.get("disclosure_version"), record.get("language")
    return [
        ("human", record.get("human_involvement")),
        ("model", record.get("gen_ai.request.model")),
        ("language", vocabulary.named("language", spoken, language) if spoken else None),
        ("disclosure", text("disclosure_version", language, version=version) if version else None),
        ("gpc", text("gpc_on", language) if record.get("gpc") else None),
        ("outcome", record["outcome"]),
    ]


EXPLAINERS: Mapping[str, Explainer] = {
    Kind.REQUEST: _request,
    Kind.UNDERSTANDING: _understanding,
    Kind.ROUTE: _by_outcome,
    Kind.GATE: _gate,
    Kind.ACTION: _action,
    Kind.ANSWER: _answer,
    Kind.FALLBACK: _of_kind,
    Kind.HANDOFF: _handoff,
    Kind.FAILURE: _of_kind,
}
"""One explainer for each kind of decision. What people did is explained by its outcome."""
