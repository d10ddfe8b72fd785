"""The caller's choices about purposes, on all their devices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.consent import history
from bot.consent.receipts import records
from bot.core.html import render
from bot.core.ids import Json
from bot.db.models import ConversationRow
from bot.policies import purposes
from bot.privacy.categories.base import Reader


def all_choices(reader: Reader) -> list[dict[str, Json]]:
    """Every choice that was made, the newest first; also those made elsewhere before signing in there."""
    events = {
        event["record_id"]: event
        for conversation in _one_a_visitor(reader)
        for event in history(reader.session, conversation, reader.language)
    }
    return sorted(events.values(), key=lambda event: (event["at"], event["record_id"]), reverse=True)


def all_records(reader: Reader, company: str) -> dict[str, Any]:
    """Their consent records, as one JSON-LD document."""
    documents = [records(reader.session, one, company) for one in _one_a_visitor(reader)]
    graph = {record["@id"]: record for document in documents for record in document["@graph"]}
    return {**documents[0], "@graph": list(graph.values())}


def _one_a_visitor(reader: Reader) -> Iterator[ConversationRow]:
    """One conversation for each of the caller's visitors; for its own the conversation of the request."""
    here = reader.subject.here
    yield here
    seen = {here.visitor_id}
    for conversation in reader.subject.conversations:
        if conversation.visitor_id not in seen:
            seen.add(conversation.visitor_id)
            yield conversation


def consent_page(receipt: Mapping[str, Json], language: str) -> str:
    """The receipt of one choice (`bot.consent.receipts.receipt`) as HTML, to read and to keep."""
    name = receipt["dpv:hasRecordOfActivity"]["dpv:hasProcess"]["dct:identifier"]
    return render("privacy/templates/consent.html", language, receipt=receipt, declared=purposes().get(name))
