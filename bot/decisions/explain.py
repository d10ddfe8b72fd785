"""Decision records in plain words, made from the record alone: nothing is asked of the model a second time."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.ids import Json
from bot.core.messages import NOT_UNDERSTOOD
from bot.db.models import DecisionRow
from bot.decisions import vocabulary
from bot.decisions.acts import TOLD, explain_act, facts_of_act
from bot.decisions.models import DECISIONS, Kind
from bot.decisions.request_decisions import POLICY, explain_request, facts_of_request, line
from bot.decisions.vocabulary import text
from bot.decisions.why import why

__all__ = ["explain", "explain_damaged", "explain_erased", "summary", "why"]

Record = dict[str, Json]
Explained = tuple[str, str]


def explain(record: Record, language: str) -> dict[str, Json]:
    """A record for people: `{title, text, facts: [{label, value}]}`."""
    title, sentence = _EXPLAINERS.get(record["kind"], _other)(record, language)
    return {"title": title, "text": sentence, "facts": _facts(record, language)}


def explain_erased(language: str) -> dict[str, Json]:
    """What is left to say about a record whose content was erased."""
    return {"title": text("erased_title", language), "text": text("erased_text", language), "facts": []}


def explain_damaged(language: str) -> dict[str, Json]:
    """What is to be said about a record whose content is no longer the one that was sealed."""
    return {"title": text("damaged_title", language), "text": text("damaged_text", language), "facts": []}


def summary(row: DecisionRow, language: str) -> str:
    """One line about a record, from its open columns only."""
    kind = vocabulary.named("kind", row.kind, language)
    if row.kind == Kind.UNDERSTANDING:
        what = vocabulary.intent_title(row.intent, language)
        return (
            f"{kind}: {what}"
            if row.confidence is None
            else f"{kind}: {what} ({vocabulary.percent(row.confidence, language)})"
        )
    if row.kind == Kind.REQUEST:
        return f"{kind}: {line(row.outcome, language)}"
    head, tail = vocabulary.outcome_parts(row.kind, row.outcome)
    family = f"line_{row.kind}"
    said = [vocabulary.named(family, head, language)]
    if tail:
        said.append(vocabulary.named(f"{family}_{head}", tail.replace(":", ", "), language))
    return f"{kind}: {', '.join(said)}"


def _understanding(record: Record, language: str) -> Explained:
    title, sentence = _understood(record, language)
    if not vocabulary.is_resumed(record):
        return title, sentence
    gap = "" if language.startswith("zh") else " "
    return title, gap.join((text("resumed_text", language), sentence))


def _understood(record: Record, language: str) -> Explained:
    if record["intent"] == NOT_UNDERSTOOD:
        return text("not_understood_title", language), vocabulary.not_understood(
            "not_understood_text", record, language
        )
    intent = vocabulary.intent_title(record["intent"], language)
    title = text("understanding_title", language, intent=intent)
    if vocabulary.is_pressed(record):
        return title, text("button_text", language, intent=intent)
    key = "understanding_text" if record["threshold"] is not None else "understanding_text_no_threshold"
    return title, text(key, language, intent=intent, **_sureness(record, language))


def _gate(record: Record, language: str) -> Explained:
    if not record["result"].get("allowed"):
        reason = vocabulary.named("reason", record["result"].get("reason"), language)
        return text("refused_title", language), text("refused_text", language, reason=reason)
    categories, purpose = vocabulary.categories(record, language), vocabulary.purpose(record, language)
    title = text("allowed_title", language, categories=categories)
    return title, text("allowed_text", language, categories=categories, purpose=purpose)


def _action(record: Record, language: str) -> Explained:
    action = vocabulary.readable(record["outcome"])
    intent = vocabulary.intent_title(record["intent"], language)
    sentence = text("action_text", language, intent=intent, action=action, by=_by(record, language))
    return text("action_title", language, action=action), sentence


def _answer(record: Record, language: str) -> Explained:
    answer = vocabulary.readable(record["outcome"])
    title = text("answer_title", language, answer=answer)
    if record["outcome"] == "who_answers":
        return title, text("who_answers_text", language)
    return title, text("answer_text", language, answer=answer, by=_by(record, language))


def _fallback(_record: Record, language: str) -> Explained:
    return text("fallback_title", language), text("fallback_text", language)


def _handoff(record: Record, language: str) -> Explained:
    state = record["result"].get("state")
    agent = record["result"].get("agent") or text("why_person", language)
    try:
        title = text(f"handoff_{state}_title", language, agent=agent)
        return title, text(f"handoff_{state}_text", language, agent=agent)
    except KeyError:
        return _other(record, language)


def _failure(record: Record, language: str) -> Explained:
    outcome = vocabulary.readable(record["outcome"])
    return text("failure_title", language), text("failure_text", language, outcome=outcome)


def _act(record: Record, language: str) -> Explained:
    return explain_act(record, language) or _other(record, language)


def _other(record: Record, language: str) -> Explained:
    kind, outcome = vocabulary.named("kind", record["kind"], language), vocabulary.readable(record["outcome"])
    return text("other_title", language, kind=kind, outcome=outcome), text("other_text", language, outcome=outcome)


_EXPLAINERS: dict[str, Callable[[Record, str], Explained]] = {
    Kind.REQUEST: explain_request,
    Kind.UNDERSTANDING: _understanding,
    Kind.GATE: _gate,
    Kind.ACTION: _action,
    Kind.ANSWER: _answer,
    Kind.FALLBACK: _fallback,
    Kind.HANDOFF: _handoff,
    Kind.FAILURE: _failure,
    **dict.fromkeys(TOLD, _act),
}


def _by(record: Record, language: str) -> str:
    rule = _rule(record)
    if rule is not None:
        return text("by_rule", language, rule=rule)
    if record.get("policy") == vocabulary.FOLLOW_UP:
        return text("by_followup", language)
    if record.get("policy") == POLICY:
        return text("by_request", language)
    return text("by_policy", language, policy=record["policy"]) if record.get("policy") else ""


def _rule(record: Record) -> str | None:
    """The record's `path` is its rule, or else its policy."""
    path = record.get("path")
    return path if path and path != record.get("policy") else None


def _sureness(record: Record, language: str) -> dict[str, str]:
    return {
        "confidence": vocabulary.percent(record["confidence"], language),
        "threshold": vocabulary.percent(record["threshold"], language),
    }


def _facts(record: Record, language: str) -> list[dict[str, str]]:
    about = _decided(record, language) if record["kind"] in DECISIONS else facts_of_act(record, language)
    facts = [*about, *_circumstances(record, language)]
    return [{"label": text(f"fact_{key}", language), "value": str(value)} for key, value in facts if value]


def _decided(record: Record, language: str) -> list[tuple[str, Json]]:
    asked = facts_of_request(record, language) if record["kind"] == Kind.REQUEST else []
    return [*_what(record, language), *asked, *_why(record), *_data(record, language)]


def _what(record: Record, language: str) -> list[tuple[str, Json]]:
    given, result = record["input"], record["result"]
    intent = vocabulary.intent_title(record["intent"], language) if record["intent"] else None
    return [
        ("text", given.get("text")),
        ("intent", intent),
        (
            "confidence",
            vocabulary.percent(record["confidence"], language) if record["confidence"] is not None else None,
        ),
        ("threshold", vocabulary.percent(record["threshold"], language) if record["threshold"] is not None else None),
        ("said", "\n".join(result.get("texts") or ())),
        ("agent", result.get("agent")),
        ("trigger", given.get("trigger")),
        ("reason", given.get("reason") or result.get("reason")),
    ]


def _why(record: Record) -> list[tuple[str, Json]]:
    return [("rule", _rule(record)), ("policy", record.get("policy"))]


def _data(record: Record, language: str) -> list[tuple[str, Json]]:
    used = record["result"].get("allowed", True)
    purpose = vocabulary.purpose(record, language) if record["input"].get("purpose") else None
    return [
        ("purpose", purpose),
        ("categories", (vocabulary.categories(record, language) if used else "") or text("none", language)),
        ("consent", record.get("consent_record_id")),
        ("basis", record.get("lawful_basis")),
    ]


def _circumstances(record: Record, language: str) -> list[tuple[str, Json]]:
    version, spoken = record.get("disclosure_version"), record.get("language")
    return [
        ("human", record.get("human_involvement")),
        ("model", record.get("gen_ai.request.model")),
        ("language", vocabulary.named("language", spoken, language) if spoken else None),
        ("disclosure", text("disclosure_version", language, version=version) if version else None),
        ("gpc", text("gpc_on", language) if record.get("gpc") else None),
        ("outcome", record["outcome"]),
    ]
