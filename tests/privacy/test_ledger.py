"""The ledger of erasures beside the database, which a restored backup is put right from."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.core.errors import Conflict
from bot.core.settings import Settings
from bot.db import Database
from bot.db.erased import is_erased
from bot.privacy.erasure import ledger
from bot.privacy.erasure.ledger import LEDGER, Entry
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.repository import erasure_of, visitor_of
from bot.privacy.erasure.requests import Requests, What, new_token
from bot.privacy.legal_holds import hold
from bot.services import Services, build
from tests.playing import disclosed_conversation
from tests.scripted import ScriptedEngine
from tests.transactions import read, write

ENTRY = Entry("vis_1", "era_1", "visitor_request", "2026-11-27T10:00:00+00:00")
OTHER = Entry("vis_2", "era_2", "retention", "2026-11-28T10:00:00+00:00")


def test_what_is_appended_is_read_in_order_by_nobody_but_the_owner(tmp_path: Path) -> None:
    assert list(ledger.read(tmp_path)) == []
    for entry in (ENTRY, OTHER):
        ledger.append(tmp_path, entry)
    assert list(ledger.read(tmp_path)) == [ENTRY, OTHER]
    assert stat.S_IMODE((tmp_path / LEDGER).stat().st_mode) == 0o600
    lines = [json.loads(line) for line in (tmp_path / LEDGER).read_text().splitlines()]
    assert set(lines[0]) == {"visitor_id", "erasure_id", "reason", "at"}


@pytest.mark.parametrize("torn", [b'{"visitor_id":"vis', b"\xff\xfe", b"[1]", b'{"visitor_id":"vis_9"}'])
def test_half_a_line_swallows_no_other(tmp_path: Path, torn: bytes) -> None:
    ledger.append(tmp_path, ENTRY)
    with (tmp_path / LEDGER).open("ab") as file:
        file.write(torn)
    ledger.append(tmp_path, OTHER)
    assert list(ledger.read(tmp_path)) == [ENTRY, OTHER]


def play(settings: Settings, database: Database) -> tuple[Services, str, str]:
    """The gateway's parts, and a conversation with its visitor."""

    async def parts() -> Services:
        return build(settings, database, ScriptedEngine())

    services = asyncio.run(parts())

    def begin(session: Session) -> tuple[str, str]:
        conversation_id = disclosed_conversation(session, settings)
        return conversation_id, visitor_of(session, conversation_id)

    return services, *write(database, begin)


def test_an_erasure_is_in_it_once_it_stands_and_not_before(settings: Settings, database: Database) -> None:
    services, _, visitor = play(settings, database)

    def erase(session: Session, fail: bool) -> None:
        services.eraser.erase(session, visitor, Reason.OPERATOR, "olga")
        assert list(ledger.read(settings.data_dir)) == []
        if fail:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write(database, lambda s: erase(s, True))
    assert list(ledger.read(settings.data_dir)) == []
    write(database, lambda s: erase(s, False))
    row = read(database, lambda s: erasure_of(s, visitor))
    assert row is not None and list(ledger.read(settings.data_dir)) == [Entry.of(row)]


def test_the_request_of_a_visitor_with_a_receipt_is_in_it_too(settings: Settings, database: Database) -> None:
    services, _, visitor = play(settings, database)
    other = write(database, lambda s: visitor_of(s, disclosed_conversation(s, settings)))
    both, token = [visitor, other], new_token()
    requests = Requests(services.keyring, services.eraser)
    write(database, lambda s: requests.ask(s, both, What.EVERYTHING, Reason.VISITOR_REQUEST, "visitor", token=token))
    entries = list(ledger.read(settings.data_dir))
    assert [entry.visitor_id for entry in entries] == both
    assert len({entry.request_id for entry in entries}) == 1 and entries[0].request_id.startswith("req_")
    assert {(e.receipt_hash, e.what) for e in entries} == {(services.keyring.digest(token), "everything")}
    assert token not in (settings.data_dir / LEDGER).read_text()


def test_what_a_crash_left_out_is_noted_before_the_erasure_counts_as_done(
    settings: Settings, database: Database
) -> None:
    services, _, visitor = play(settings, database)
    write(database, lambda s: services.eraser.erase(s, visitor, Reason.OPERATOR, "olga"))
    path = settings.data_dir / LEDGER
    path.unlink()
    path.mkdir()
    with pytest.raises(OSError):
        asyncio.run(services.external_stores.sweep(True))
    row = read(database, lambda s: erasure_of(s, visitor))
    assert row is not None and row.done_at is None
    path.rmdir()
    for _ in range(2):
        asyncio.run(services.external_stores.sweep(True))
    row = read(database, lambda s: erasure_of(s, visitor))
    assert row is not None and row.done_at is not None
    assert [entry.erasure_id for entry in ledger.read(settings.data_dir)] == [row.id]


def test_the_erasure_stands_where_it_cannot_be_noted_at_once(settings: Settings, database: Database) -> None:
    services, _, visitor = play(settings, database)
    (settings.data_dir / LEDGER).mkdir()
    write(database, lambda s: services.eraser.erase(s, visitor, Reason.OPERATOR, "olga"))
    assert read(database, lambda s: is_erased(s, visitor))


def test_a_visitor_on_hold_is_not_erased(settings: Settings, database: Database) -> None:
    services, conversation, visitor = play(settings, database)
    write(database, lambda s: hold(s, services.recorder, conversation, "Claim 12", "olga"))
    with pytest.raises(Conflict, match="legal hold") as refused:
        write(database, lambda s: services.eraser.erase(s, visitor, Reason.OPERATOR, "olga"))
    assert refused.value.code == "on_hold"
    assert read(database, lambda s: erasure_of(s, visitor)) is None
    assert not read(database, lambda s: is_erased(s, visitor))
    assert list(ledger.read(settings.data_dir)) == []
