"""The export as a document to read: what was said with who said it, and all the rest in plain words.

The same as the JSON, but for the records' inner fields and the engine's inner events, which only programs need.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from bot.core.html import cell, facts, heading, moment, page, paragraph, short, table
from bot.core.i18n import copy
from bot.core.ids import Json

Exported = Mapping[str, Json]


def document(exported: Exported) -> str:
    """HTML of what `export` gave, in its language."""
    says = _Words(str(exported["language"]))
    title = says("html_title", company=exported["company"])
    return page(title, says.language, _parts(exported, says))


class _Words:
    """Texts of bot/core/i18n/privacy.yml in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        return copy(f"privacy.{key}", self.language, **values)


def _parts(exported: Exported, says: _Words) -> Iterator[str]:
    yield paragraph(says("html_intro"))
    yield facts([(says("html_made"), moment(exported["generated_at"])), *_controller(exported, says)])
    yield from _identity(exported, says)
    for conversation in exported["conversations"]:
        yield from _conversation(conversation, says)
    yield from _looks(exported, says)
    yield from _choices(exported, says)
    yield from _training(exported, says)
    yield heading(2, says("html_kept"))
    yield table(
        says("html_kept"),
        [says("html_what"), says("html_kept")],
        [(one["title"], says("kept", days=one["days"])) for one in exported["kept"]],
    )
    yield heading(2, says("html_rights"))
    yield paragraph(exported["rights"])


def _controller(exported: Exported, says: _Words) -> Iterator[tuple[str, Json]]:
    for name in ("name", "address", "contact", "data_protection_officer", "authority"):
        yield says(f"html_{name}"), exported["controller"].get(name)


def _identity(exported: Exported, says: _Words) -> Iterator[str]:
    yield heading(2, says("html_who"))
    for visitor in exported["visitors"]:
        identity = visitor["identity"] or {}
        yield facts(
            [
                (says("html_pseudonym"), visitor["id"]),
                (says("html_since"), moment(visitor["since"])),
                (says("customer_id"), identity.get("customer_id")),
                (says("name"), identity.get("name")),
                (says("html_missing"), _gone(visitor, says)),
            ]
        )


def _conversation(conversation: Exported, says: _Words) -> Iterator[str]:
    yield heading(2, says("html_conversation", begun=short(conversation["begun"])))
    hold = conversation["hold"] or {}
    yield facts(
        [
            (says("html_number"), conversation["id"]),
            (says("html_gpc"), says("html_yes") if conversation["gpc"] else None),
            (says("html_policy"), conversation["policy_version"]),
            (says("html_hold"), hold.get("reason")),
        ]
    )
    yield heading(3, says("html_messages"))
    yield _messages(conversation["messages"], says)
    yield from _left(conversation, says)
    yield from _records(says("html_decisions"), conversation["records"], says)
    yield from _engine(conversation["engine"], says)
    yield table(
        says("html_disclosures"),
        [says("html_when"), says("html_version"), says("html_language")],
        [(moment(one["shown_at"]), one["version"], one["language"]) for one in conversation["disclosures"]],
    )


def _messages(messages: list[Exported], says: _Words) -> str:
    return f'<ol class="messages">{"".join(_message(one, says) for one in messages)}</ol>'


def _message(message: Exported, says: _Words) -> str:
    text = message["text"] if message["text"] is not None else _gone(message, says)
    offered = " · ".join(button["title"] for button in message.get("buttons") or ())
    pressed = message.get("payload")
    lines = [
        f'<p class="by">{escape(message["label"])} · {moment(message["at"])}</p>',
        f'<p class="text">{cell(text)}</p>',
        paragraph(says("html_offered", buttons=offered)) if offered else "",
        paragraph(says("html_pressed", payload=pressed)) if pressed else "",
    ]
    return f'<li class="{escape(message["author"])}">{"".join(lines)}</li>'


def _left(conversation: Exported, says: _Words) -> Iterator[str]:
    """What was left and kept apart: addresses, identifiers, requests for a person and for a check."""
    when, what, value = says("html_when"), says("html_what"), says("html_value")
    yield table(
        says("html_addresses"),
        [when, what, value],
        [
            (
                moment(one["at"]),
                says("address_read" if one["purpose"] else f"address_{one['left_with']}"),
                _value(one, says),
            )
            for one in conversation["addresses"]
        ],
    )
    yield table(
        says("html_identifiers"),
        [says("html_placeholder"), what, value],
        [(f"[{one['name']}]", one["title"], _value(one, says)) for one in conversation["identifiers"]],
    )
    yield table(
        says("html_handoffs"),
        [when, what, says("html_outcome")],
        [
            (moment(one["requested_at"]), says(f"asked_by_{one['trigger']}"), one["state_title"])
            for one in conversation["handoffs"]
        ],
    )
    yield table(
        says("html_contests"),
        [when, says("html_outcome"), says("html_reason"), says("html_answer")],
        [
            (moment(one["at"]), one["state_title"], _value(one["reason"], says), _value(one["answer"], says))
            for one in conversation["contests"]
        ],
    )


def _records(title: str, records: list[Exported], says: _Words) -> Iterator[str]:
    if records:
        yield heading(3, title)
    for record in records:
        told = record["explanation"]
        pairs = [(fact["label"], fact["value"]) for fact in told["facts"]]
        yield f"<details><summary>{escape(told['title'])} · {moment(record['at'])}</summary>"
        yield f'<p class="text">{escape(told["text"])}</p>'
        yield facts([(says("html_record"), record["id"]), *pairs]) + "</details>"


def _engine(remembered: Exported, says: _Words) -> Iterator[str]:
    yield heading(3, says("html_engine"))
    if "unavailable" in remembered:
        yield paragraph(remembered["unavailable"])
        return
    said = [one for one in remembered["events"] if one["event"] in ("user", "bot")]
    authors = {"user": says("author_visitor"), "bot": says("author_assistant")}
    yield table(says("html_notes"), [says("html_what"), says("html_value")], list(remembered["slots"].items()))
    yield table(
        says("html_heard"),
        [says("html_by"), says("html_value")],
        [(authors[one["event"]], one.get("text")) for one in said],
    )


def _looks(exported: Exported, says: _Words) -> Iterator[str]:
    yield heading(2, says("html_looks"))
    if not exported["looks"]:
        yield paragraph(says("html_no_looks"))
    yield table(
        says("html_looks"),
        [says("html_when"), says("html_looker"), says("html_what"), says("html_why")],
        [(moment(one["at"]), one["who"], one["what"], one["why"]) for one in exported["looks"]],
    )
    yield from _records(says("html_other_records"), exported["records"], says)


def _choices(exported: Exported, says: _Words) -> Iterator[str]:
    yield heading(2, says("html_choices"))
    consent = exported["consent"]
    yield table(
        says("html_history"),
        [says("html_when"), says("html_purpose"), says("html_outcome"), says("html_how")],
        [(moment(one["at"]), one["title"], one["state_title"], one["how"]) for one in consent["history"]],
    )
    yield table(
        says("html_purposes"),
        [says("html_purpose"), says("html_why"), says("html_basis")],
        [(one["title"], one["why"], one["lawful_basis"]) for one in (*consent["purposes"], *exported["necessary"])],
    )


def _training(exported: Exported, says: _Words) -> Iterator[str]:
    if exported["training"]:
        yield heading(2, says("html_training"))
    yield table(
        says("html_training"),
        [says("html_when"), says("html_value")],
        [(moment(one["proposed_at"]), _value(one, says)) for one in exported["training"]],
    )


def _value(opened: Exported | None, says: _Words) -> Json:
    """An opened value, or why there is none."""
    if opened is None:
        return None
    return opened["value"] if opened["value"] is not None else _gone(opened, says)


def _gone(holder: Exported, says: _Words) -> str | None:
    return says(holder["gone"]) if holder.get("gone") else None
