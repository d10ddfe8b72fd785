"""A new category of personal data is a module and its published words: everything else finds it by itself."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy.orm import Session

from bot.core.errors import BadRequest
from bot.core.ids import now
from bot.core.settings import POLICY_DRAFTS, Settings
from bot.db import Database
from bot.db.models import ConversationRow
from bot.policies import Document, Kind, in_force
from bot.policies.current import SNAPSHOT
from bot.policies.validation import checked
from bot.privacy import categories
from bot.privacy.categories import registry
from bot.privacy.categories.base import Reader
from bot.privacy.data_subject import data_subject_of
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.receipt import receipt
from bot.privacy.erasure.requests import Requests, What
from bot.privacy.export import document, export
from bot.privacy.overview import overview
from bot.services import Services, build
from tests.privacy.aged import conversation
from tests.scripted import ScriptedEngine
from tests.transactions import read, write

MODULE = '''
"""What the visitor likes."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.db.models import Moment
from bot.privacy.categories.base import Clearing, Item, PersonalDataCategory, Rows


class Own(DeclarativeBase):
    type_annotation_map = {datetime: Moment}


class FavouriteRow(Own):
    __tablename__ = "favourite"
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str]
    thing_sealed: Mapped[bytes]
    at: Mapped[datetime]


class Favourites(PersonalDataCategory):
    name, clearing = "favourites", Clearing.BY_ITSELF

    def rows(self, scope):
        holds = (FavouriteRow.conversation_id.in_(scope.conversations), FavouriteRow.thing_sealed != b"")
        return [Rows(FavouriteRow, holds, {"thing_sealed": b""})]

    def items(self, reader):
        mine = FavouriteRow.conversation_id.in_(reader.subject.conversation_ids)
        rows = reader.session.scalars(select(FavouriteRow).where(mine).order_by(FavouriteRow.at.desc()))
        return [
            Item(row.id, "Likes", reader.open_text(row.conversation_id, row.id, row.thing_sealed), row.at.isoformat(),
                 row.conversation_id)
            for row in rows
        ]


CATEGORY = Favourites()
'''
ENTRY = {
    "days": 20,
    "title": {"en": "Things you like", "zh": "您喜欢的东西"},
    "what": {"en": "What you said you like.", "zh": "您说过喜欢的东西。"},
}


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module, dropped into the package; its entry in the published purposes."""
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "favourites.py").write_text(MODULE)
    monkeypatch.setattr(categories, "__path__", [*categories.__path__, str(folder)])
    for name, category in registry.discover().items():
        monkeypatch.setitem(registry.CATEGORIES, name, category)
    purposes = yaml.safe_load(in_force().purposes.text)
    purposes["kept"]["favourites"] = ENTRY
    published = [one for one in in_force().documents.values() if one.kind is not Kind.PURPOSES]
    text = yaml.safe_dump(purposes, allow_unicode=True)
    with SNAPSHOT.kept():
        SNAPSHOT.replace((*published, Document(Kind.PURPOSES, "2026-11-29", "", text)))
        yield import_module("bot.privacy.categories.favourites")
    del sys.modules["bot.privacy.categories.favourites"]


@pytest.fixture
def services(settings: Settings, any_database: Database, module: Any) -> Iterator[Services]:
    module.Own.metadata.create_all(any_database.engine)

    async def made() -> Services:
        return build(settings, any_database, ScriptedEngine())

    yield asyncio.run(made())
    module.Own.metadata.drop_all(any_database.engine)


def likes(services: Services, module: Any, days: float, thing: str = "mossy <ferns>") -> str:
    """A conversation of some days ago in which the visitor said what they like."""
    conversation_id = conversation(services, days)

    def work(session: Session) -> None:
        row = session.get_one(ConversationRow, conversation_id)
        sealed = services.keyring.seal(session, row.visitor_id, f"fav_{conversation_id}", thing)
        at = now() - timedelta(days=days)
        favourite = module.FavouriteRow(
            id=f"fav_{conversation_id}", conversation_id=row.id, thing_sealed=sealed, at=at
        )  # fmt: skip
        session.add(favourite)

    write(services.database, work)
    return conversation_id


def left(services: Services, module: Any, conversation_id: str) -> bytes:
    """What the category's own table still holds of a conversation."""
    found = read(services.database, lambda s: s.get(module.FavouriteRow, f"fav_{conversation_id}"))
    return bytes(found.thing_sealed)


def visitor_of(services: Services, conversation_id: str) -> str:
    return read(services.database, lambda s: s.get_one(ConversationRow, conversation_id).visitor_id)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_new_category_is_in_the_overview_and_the_export(services: Services, module: Any, language: str) -> None:
    here = likes(services, module, 1)
    with services.database.snapshot() as session:
        mine = data_subject_of(session, session.get_one(ConversationRow, here))
        reader = Reader(session, services.keyring, services.recorder, mine, language)
        seen, exported = overview(reader, services.settings, {}), export(reader, services.settings, {})
    (category,) = [one for one in seen["stored"] if one["category"] == "favourites"]
    assert (category["title"], category["days"], category["total"]) == (ENTRY["title"][language], 20, 1)
    assert [item["value"] for item in category["items"]] == ["mossy <ferns>"]
    (found,) = exported["conversations"][0]["favourites"]
    assert (found["label"], found["value"]) == ("Likes", "mossy <ferns>")
    page = document(exported)
    assert f"<caption>{ENTRY['title'][language]}</caption>" in page and "<td>mossy &lt;ferns&gt;</td>" in page


def test_retention_clears_a_new_category_after_its_published_days(services: Services, module: Any) -> None:
    young, old = likes(services, module, 19), likes(services, module, 21)
    assert asyncio.run(services.retention.due()).removed["favourites"] == 1
    assert left(services, module, old)
    assert asyncio.run(services.retention.run()).removed == {"favourites": 1}
    assert left(services, module, young) and not left(services, module, old)


def test_an_erasure_clears_a_new_category_and_its_receipt_names_it(services: Services, module: Any) -> None:
    ann, bob = likes(services, module, 1), likes(services, module, 1)
    requests, visitor = Requests(services.keyring, services.eraser), visitor_of(services, ann)
    with services.database.transaction() as session:
        rows = requests.ask(session, [visitor], What.EVERYTHING, Reason.VISITOR_REQUEST, "the visitor")
        told = {language: receipt(session, rows, language)["stores"][0] for language in ("en", "zh")}
    assert not left(services, module, ann) and left(services, module, bob)
    assert told["en"]["removed"] == {"keys": 1, "conversations": 1, "messages": 2, "favourites": 1}
    assert "Things you like: 1" in told["en"]["text"] and "您喜欢的东西：1" in told["zh"]["text"]


def test_purposes_without_a_new_category_cannot_be_published(module: Any) -> None:
    with pytest.raises(BadRequest, match=r"kept\.favourites: is missing"):
        checked(POLICY_DRAFTS, registry.published_as())


def test_each_category_has_a_name_and_a_place_of_its_own() -> None:
    found = registry.discover()
    assert list(found) == list(registry.CATEGORIES) and len({one.place for one in found.values()}) == len(found)
