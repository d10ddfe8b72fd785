"""A backup beside a running Candor, an erasure, a restore, and Candor again: nobody who was erased comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.erasing import erase, rows, secrets_of, spelled, verified, visitor_of, wait_done
from tests.running import Gateway, Visitor

ODD = "my purple umbrella 7391 sings at midnight, what is your refund policy"
pytestmark = pytest.mark.timeout(400)


def where(needles: list[bytes], *folders: Path) -> set[str]:
    found = {path.name: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
    return {name for name, content in found.items() for one in needles if one in content}


def test_who_was_erased_after_the_backup_stays_erased_and_everybody_else_goes_on(own: Gateway, tmp_path: Path) -> None:
    gateway, shelf = own, tmp_path / "shelf"
    shelf.mkdir()
    ann, bob = Visitor(gateway).open(), Visitor(gateway).open()
    ann.ask(f"{ODD}, I am quillon@zebra-example.org")
    bob.ask("what is your refund policy")
    visitor_id = visitor_of(gateway, ann.conversation_id)
    secrets, typed = secrets_of(gateway, visitor_id), [*spelled("umbrella 7391"), *spelled("quillon@zebra")]
    key = [secrets[0], secrets[0].hex().encode()]

    told = gateway.command("backup", "create", str(shelf / "one"))
    assert "one holds the database of" in told and where(key, shelf) == {"one"}
    assert where(typed, shelf) == set()
    assert "Candor is running" in gateway.command("backup", "restore", str(shelf / "one"), code=2)
    assert bob.ask("how long does delivery take")[-1]["author"] == "assistant"

    erase(gateway, "--visitor", visitor_id)
    wait_done(gateway)
    assert where([*typed, *key], shelf, gateway.data_dir) == set()
    late = Visitor(gateway).open()
    late.ask("what is your refund policy")
    (erasure,) = rows(gateway, "SELECT id, visitor_id, reason, begun_at FROM erasure")
    verified(gateway)
    assert gateway.stop() == 0

    told = gateway.command("backup", "restore", str(shelf / "one"))
    assert f"Erased again: {visitor_id}" in told and "signed since are gone" in told and erasure[0] in told
    gateway.settings["CANDOR_LOG_ORIGIN"] = "localhost/after-the-restore"
    gateway.start()
    wait_done(gateway)
    assert rows(gateway, "SELECT id, visitor_id, reason, begun_at FROM erasure") == [erasure]
    assert ann.call("GET").json()["error"]["code"] == "erased"
    assert bob.ask("how long does delivery take")[-1]["author"] == "assistant"
    assert late.call("GET").status_code == 404
    verified(gateway)
    (before,) = gateway.data_dir.glob("before-restore-*")
    assert where([*typed, *key], shelf, gateway.data_dir) == set()
    assert before.stat().st_mode & 0o777 == 0o600
