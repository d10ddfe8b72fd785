"""The export: nothing that is kept is missing, and nothing that people typed becomes markup."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import LargeBinary, or_, select
from sqlalchemy.orm import Session

from bot.core.messages import Author
from bot.db.encryption_context import contest_part, handoff_contact, placeholder
from bot.db.models import (
    Base,
    ContestRow,
    ConversationRow,
    CorrectionRow,
    DecisionPayloadRow,
    DecisionRow,
    DisclosureRow,
    HandoffRow,
    MessageRow,
    OutboxRow,
    PlaceholderRow,
    VisitorRow,
)
from bot.decisions.recorder import SALT
from tests.privacy.centre import Site, Visitor, full_life, running

NASTY = "<script>alert('x')</script> & \"quoted\" <img src=x onerror=alert(1)> ]]> </style> 你好"
ABOUT: dict[str, tuple[type[Base], Callable[[Any], str]]] = {
    "visitor.identity_sealed": (VisitorRow, lambda row: row.id),
    "message.body_sealed": (MessageRow, lambda row: row.id),
    "outbox.data_sealed": (OutboxRow, lambda row: row.conversation_id),
    "placeholder.value_sealed": (PlaceholderRow, lambda row: placeholder(row.conversation_id, row.name)),
    "handoff.contact_sealed": (HandoffRow, lambda row: handoff_contact(row.id)),
    "contest.reason_sealed": (ContestRow, lambda row: contest_part(row.id, "reason")),
    "contest.contact_sealed": (ContestRow, lambda row: contest_part(row.id, "contact")),
    "contest.answer_sealed": (ContestRow, lambda row: contest_part(row.id, "answer")),
    "correction.text_sealed": (CorrectionRow, lambda row: row.id),
    "decision_payload.payload_sealed": (DecisionPayloadRow, lambda row: row.decision_id),
}
"""Each column of sealed content: its table, and what its values are sealed about."""
KEYED = {
    "conversation.token_hash", "placeholder.value_hash", "identity_use.jti_hash", "consent_event.terms",
}  # fmt: skip
"""Columns of hashes, which say nothing to anybody without the value or the key."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("export")) as made:
        yield made


def leaves(value: Any) -> Iterator[Any]:
    """Every text and number within."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from leaves(one)
    elif value not in (None, "") and not isinstance(value, bool):
        yield value


def opened(site: Site, visitor: Visitor, column: str) -> list[Any]:
    """What a column holds of the visitor, opened."""
    table, about = ABOUT[column]
    name, whose, keyring = column.partition(".")[2], visitor.visitor_id, site.services.keyring

    def is_theirs(row: Any) -> bool:
        if hasattr(row, "conversation_id"):
            return bool(row.conversation_id == visitor.id)
        return bool(getattr(row, "visitor_id", row.__dict__.get("id")) == whose)

    def work(session: Session) -> list[Any]:
        rows = [row for row in session.scalars(select(table)) if is_theirs(row) and getattr(row, name)]
        plain = [keyring.open_bytes(session, whose, about(row), getattr(row, name)) for row in rows]
        return [json.loads(one[SALT:] if column.startswith("decision_payload") else one) for one in plain]

    return site.read(work)


def test_every_value_that_lies_sealed_in_the_database_is_in_the_export(site: Site) -> None:
    sealed = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.name.endswith("_sealed")
    }
    assert sealed == set(ABOUT), "a new column of sealed content has to be exported too"
    visitor = site.visitor("en", ("C-1", "Ann Lee"))
    full_life(visitor, "ann@home-example.org")
    exported = set(map(str, leaves(visitor.export().json())))
    for column in ABOUT:
        values = opened(site, visitor, column)
        missing = set(map(str, leaves(values))) - exported
        assert values and not missing, f"{column}: {missing}"


def test_every_text_that_lies_open_in_the_visitors_rows_is_in_the_export_too(site: Site) -> None:
    visitor = site.visitor("en", ("C-7", "Ann Lee"))
    full_life(visitor)
    whose = {"conversation_id": visitor.id, "visitor_id": visitor.visitor_id}
    exported = visitor.export().text
    missing: dict[str, set[str]] = {}
    with site.services.database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            mine = [table.c[name] == value for name, value in whose.items() if name in table.c]
            for row in connection.execute(select(table).where(or_(*mine))).mappings() if mine else ():
                found = {f"{table.name}.{name}": list(leaves(value)) for name, value in row.items()}
                for name, values in found.items():
                    texts = {value for value in values if isinstance(value, str)}
                    missing.setdefault(name, set()).update(text for text in texts if text not in exported)
    assert {name for name, texts in missing.items() if texts} == KEYED


def test_client_ids_and_placeholders_are_in_it_too(site: Site) -> None:
    visitor = site.visitor("en", ("C-2", "Ann Lee"))
    full_life(visitor)
    (conversation,) = visitor.export().json()["conversations"]
    ids = site.read(lambda s: s.scalars(select(MessageRow).where(MessageRow.conversation_id == visitor.id)).all())
    assert [message["id"] for message in conversation["messages"]] == [row.id for row in ids]
    assert [message["client_message_id"] for message in conversation["messages"]] == [
        row.client_message_id for row in ids
    ]
    assert f"client-{visitor.id}" in [row.client_message_id for row in ids]
    names = {one["name"]: one["value"] for one in conversation["identifiers"]}
    assert names == {
        "EMAIL_1": "ann.lee@example.org",
        "ORDER_1": "FH-204817",
        "PHONE_1": "+44 20 7946 0018",
        "ANSWER_1": f"Your order of {visitor.id}",
    }


def test_every_record_about_the_visitor_is_in_it_whole_and_explained(site: Site) -> None:
    visitor = site.visitor("en", ("C-3", "Ann Lee"))
    full_life(visitor)
    query = select(DecisionRow).where(DecisionRow.visitor_id == visitor.visitor_id)
    rows = {row.id: row.commitment for row in site.read(lambda s: s.scalars(query).all())}
    exported = visitor.export().json()
    records = [*exported["records"], *(r for one in exported["conversations"] for r in one["records"])]
    assert {record["id"]: record["commitment"] for record in records} == rows
    assert all(record["record"]["decision_id"] == record["id"] for record in records)
    assert all(record["explanation"]["title"] and record["explanation"]["text"] for record in records)
    assert {"access", "review", "contest", "gate", "handoff", "answer"} <= {record["kind"] for record in records}


def test_the_document_says_what_it_is_and_who_wrote_what(site: Site) -> None:
    visitor = site.visitor("en", ("C-4", "Ann Lee"))
    full_life(visitor)
    exported = visitor.export().json()
    assert (exported["format"], exported["language"], exported["company"]) == ("candor/export/1", "en", "Fern & Hale")
    (conversation,) = exported["conversations"]
    said = [(m["author"], m["ai"], m["label"]) for m in conversation["messages"]]
    assert set(said) == {("visitor", False, "You"), ("assistant", True, "AI assistant"), ("system", False, "Notice")}
    shown = site.read(
        lambda s: s.scalars(select(DisclosureRow).where(DisclosureRow.conversation_id == visitor.id)).one()
    )
    (disclosure,) = conversation["disclosures"]
    assert (disclosure["version"], disclosure["sha256"]) == (shown.version, shown.sha256)
    assert disclosure["shown_at"] == shown.shown_at.isoformat()
    assert conversation["engine"]["slots"]["language"] == "en" and conversation["engine"]["events"]
    assert [visitor["identity"] for visitor in exported["visitors"]] == [{"customer_id": "C-4", "name": "Ann Lee"}]
    assert exported["policies"]["purposes"]["sha256"] and exported["looks"] and exported["training"]
    records = exported["consent"]["records"]["@graph"]
    given = {record["dpv:hasProcess"]["dct:identifier"] for record in records}
    assert given == {"order_history", "improvement"} and {record["@type"] for record in records} == {
        "dpv:ConsentRecord"
    }
    assert {event["kind"] for event in conversation["events"]} >= {"handoff", "speaker", "consent", "contest"}


def test_an_agents_words_are_marked_as_a_persons(site: Site) -> None:
    visitor = site.visitor("zh")
    visitor.say("refund?")

    def answer(session: Session) -> None:
        conversation = session.get_one(ConversationRow, visitor.id)
        site.services.outbox.say(session, conversation, Author.HUMAN, "Here I am.", author_name="Mina")

    site.write(answer)
    message = visitor.export(language="zh").json()["conversations"][0]["messages"][-1]
    assert (message["author_name"], message["ai"], message["label"]) == ("Mina", False, "Mina（人工客服）")
    assert "Mina（人工客服）" in visitor.export("html", "zh").text


def test_the_file_has_a_name_and_is_kept_by_no_cache(site: Site) -> None:
    visitor = site.visitor()
    for format, kind in (("json", "application/json"), ("html", "text/html; charset=utf-8")):
        answer = visitor.export(format)
        assert answer.headers["content-type"] == kind and answer.headers["cache-control"] == "no-store"
        disposition = answer.headers["content-disposition"]
        assert disposition.startswith('attachment; filename="candor-my-data-20') and disposition.endswith(f'.{format}"')
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert visitor.call("GET", "/privacy/export", params={"format": "xml"}).status_code == 400


class Page(HTMLParser):
    """The tags, attributes and texts of a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


def nasty_life(site: Site) -> Visitor:
    """Markup wherever people may type."""
    visitor = site.visitor("en", ("C-<b>5</b>", "Ann <i>Lee</i>"))
    message = visitor.say(NASTY)
    reply = visitor.reply_to(message)
    assert visitor.call("POST", f"/messages/{reply}/contest", {"reason": NASTY}).status_code == 201
    ruth = site.person("Ruth <script>", "reviewer")

    def work(session: Session) -> None:
        conversation = session.get_one(ConversationRow, visitor.id)
        site.services.outbox.say(session, conversation, Author.HUMAN, NASTY, author_name="Mina <u>")
        contest = session.scalars(select(ContestRow).where(ContestRow.conversation_id == visitor.id)).one()
        site.services.contests.decide(session, ruth, contest.id, "upheld", NASTY, False)

    site.write(work)
    return visitor


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_that_was_typed_becomes_markup(site: Site, language: str) -> None:
    page = Page(nasty_life(site).export("html", language).text)
    assert page.open == []
    allowed = {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "dl", "dt", "dd", "time",
        "ol", "li", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary",
    }  # fmt: skip
    assert {tag for tag, _ in page.tags} <= allowed
    attributes = {name for _, found in page.tags for name in found}
    assert attributes <= {"lang", "charset", "name", "content", "class", "datetime", "scope", "id"}
    assert page.text.count(NASTY) >= 4 and "Ann <i>Lee</i>" in page.text and "Mina <u>" in page.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_readable_document_says_all_that_the_overview_says(site: Site, language: str) -> None:
    visitor = site.visitor("en", (f"C-6{language}", "Ann Lee"))
    full_life(visitor, "ann@home-example.org")
    page = Page(visitor.export("html", language).text)
    overview = visitor.overview(language)
    values = [item["value"] for one in overview["stored"] for item in one["items"]]
    missing = [value for value in values if value not in page.text]
    assert values and missing == []
    assert all(look["who"] in page.text and look["why"] in page.text for look in overview["looks"])
    assert overview["rights"] in page.text and all(one["title"] in page.text for one in overview["purposes"])


@pytest.mark.parametrize(("language", "tag", "label"), [("en", "en", "AI assistant"), ("zh", "zh-Hans", "AI 助手")])
def test_the_readable_document_stands_alone_and_is_accessible(site: Site, language: str, tag: str, label: str) -> None:
    visitor = site.visitor(language)
    visitor.say("refund?")
    html = visitor.export("html", language).text
    page = Page(html)
    tags = [name for name, _ in page.tags]
    assert page.tags[0] == ("html", {"lang": tag}) and tags.count("h1") == tags.count("main") == 1
    assert "http" not in html and "url(" not in html and "color-scheme: light dark" in html and "@media print" in html
    assert tags.count("table") == tags.count("caption") and ("th", {"scope": "col"}) in page.tags
    assert f"{label} · " in page.text
