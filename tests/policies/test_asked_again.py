"""Publishing ends exactly the consents whose purpose, method or data changed; those are asked for again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.chat.sessions import sign_in
from bot.consent import Scope, Subject, choices
from bot.consent.repository import in_force_by_terms
from bot.core.settings import Settings
from bot.db import Database
from bot.db.models import ConsentRow, ConversationRow
from bot.policies import in_force, purposes
from bot.policies.difference import purposes_with_other_terms
from bot.policies.validation import checked
from bot.privacy.categories.registry import published_as
from bot.services import Services
from tests.playing import play
from tests.policies.drafting import MOVED, OTHER_DATA, OTHER_WORDS, edit, publish
from tests.scripted import ScriptedEngine
from tests.transactions import read, write

GIVEN = ("order_history", "account_details", "improvement")
CHANGES = {
    "data": OTHER_DATA,
    "method": ("purposes.yml", "purpose: dpv:FulfilmentOfContractualObligation", "purpose: dpv:CustomerManagement"),
    "processing": (
        "purposes.yml",
        "purpose: dpv:FulfilmentOfContractualObligation\n      processing: [dpv:Retrieve, dpv:Use]",
        "purpose: dpv:FulfilmentOfContractualObligation\n      processing: [dpv:Retrieve, dpv:Use, dpv:Share]",
    ),
    "recipients": ("purposes.yml", "recipients: []", "recipients: [Parcel Ltd]"),
}


def give_all(services: Services, conversation_id: str) -> None:
    def work(session: Session) -> None:
        conversation = session.get_one(ConversationRow, conversation_id)
        sign_in(session, services.keyring, conversation, Subject("C-1", "Ada"))
        for name in GIVEN:
            services.consents.choose(session, conversation, name, "allow", {"how": "switch"}, Scope.UNTIL_WITHDRAWN)

    write(services.database, work)


def states(services: Services, conversation_id: str) -> dict[str, str]:
    def work(session: Session) -> dict[str, str]:
        listed = choices(session, session.get_one(ConversationRow, conversation_id), "en")
        return {one["purpose"]: one["state"] for one in listed if one["state"] != "none"}

    return read(services.database, work)


def rows(services: Services, state: str) -> list[str]:
    query = select(ConsentRow.purpose).where(ConsentRow.state == state)
    return read(services.database, lambda s: list(s.scalars(query)))


@pytest.mark.parametrize("change", ["data", "method", "processing"])
def test_a_consent_to_other_terms_ends_and_the_others_stay(
    settings: Settings, published: Database, folder: Path, change: str
) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine, conversation_id: str) -> None:
        give_all(services, conversation_id)
        edit(folder, *CHANGES[change])
        draft = checked(folder, published_as())[-1]
        assert purposes_with_other_terms(in_force().purposes, draft) == ["order_history"]
        publish(published, folder)
        # Nothing may be read on the old terms, also before the end is on record.
        assert states(services, conversation_id)["order_history"] == "invalidated"

        assert write(services.database, services.consents.end_changed) == 1
        assert write(services.database, services.consents.end_changed) == 0
        assert rows(services, "ConsentInvalidated") == ["order_history"]
        assert states(services, conversation_id) == {
            "order_history": "invalidated", "account_details": "given", "improvement": "given",
        }  # fmt: skip

    play(settings, published, scenario)


@pytest.mark.parametrize("change", [OTHER_WORDS, MOVED], ids=["words", "address"])
def test_other_words_alone_end_nothing(
    settings: Settings, published: Database, folder: Path, change: tuple[str, str, str]
) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine, conversation_id: str) -> None:
        give_all(services, conversation_id)
        before = purposes()["order_history"].notice
        edit(folder, *change)
        publish(published, folder)
        assert purposes()["order_history"].notice != before
        assert write(services.database, services.consents.end_changed) == 0
        assert set(states(services, conversation_id).values()) == {"given"}

    play(settings, published, scenario)


def test_other_recipients_end_every_consent(settings: Settings, published: Database, folder: Path) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine, conversation_id: str) -> None:
        give_all(services, conversation_id)
        edit(folder, *CHANGES["recipients"])
        publish(published, folder)
        assert write(services.database, services.consents.end_changed) == len(GIVEN)
        assert set(states(services, conversation_id).values()) == {"invalidated"}

    play(settings, published, scenario)


def test_consents_in_force_are_counted_by_purpose_and_terms(settings: Settings, published: Database) -> None:
    async def scenario(services: Services, _engine: ScriptedEngine, conversation_id: str) -> None:
        give_all(services, conversation_id)

        def withdraw(session: Session) -> None:
            conversation = session.get_one(ConversationRow, conversation_id)
            services.consents.choose(session, conversation, "improvement", "withdraw", {"how": "switch"})

        write(services.database, withdraw)
        counted = read(services.database, in_force_by_terms)
        assert counted == {(name, purposes()[name].terms): 1 for name in GIVEN[:2]}

    play(settings, published, scenario)
