"""`candor backup create`: one whole file, made beside whoever writes, that holds no key and that erasures reach."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tarfile
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.backup import create, registry
from bot.backup.archive import KEYS, MEMBERS, Backup, open_backup
from bot.backup.registry import LIST, Reached, forget
from bot.core.errors import BadRequest, Conflict
from bot.core.ids import now
from bot.db import Keyring
from bot.decisions import Recorder
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.offline import make_sequencer
from tests.backup.site import SAID, Site, files, where
from tests.tools import ROOT
from tests.transactions import write


def member(backup: Backup, name: str) -> bytes:
    with tarfile.open(backup.path) as archive:
        found = archive.extractfile(name)
        assert found is not None
        return found.read()


def listed(site: Site) -> list[str]:
    return [Path(line).name for line in (site.folder / LIST).read_text().splitlines()]


def test_a_backup_is_one_file_for_the_owner_alone_that_says_what_it_is(site: Site, shelf: Path) -> None:
    site.records(20)
    backup = site.backup(shelf / "one").backup
    assert [path.name for path in shelf.iterdir()] == ["one"] and os.stat(backup.path).st_mode & 0o777 == 0o600
    with tarfile.open(backup.path) as archive:
        assert tuple(archive.getnames()) == MEMBERS
    manifest = json.loads(member(backup, "manifest.json"))
    ((size, root),) = site.rows("SELECT size, root FROM log_checkpoint ORDER BY size DESC LIMIT 1")
    assert (manifest["format"], manifest["candor"], manifest["schema"]) == ("candor/backup/1", "0.1.0", "0003")
    assert (manifest["log_size"], manifest["log_root"]) == (size, root) and size == 20
    assert manifest["taken_at"] <= now().isoformat() and manifest["database_bytes"] == len(member(backup, "candor.db"))


def test_no_key_no_password_no_sign_in_and_nothing_of_the_engine_is_in_it(site: Site, shelf: Path) -> None:
    (visitor,) = site.visitors(1)
    site.records(10)
    (site.folder / "staff.txt").write_text("login ruth password quill-quartz-quiet-41\n")
    (site.folder / "engine.db").write_bytes(b"what the engine remembers")
    site.write(
        "INSERT INTO staff (id, login, name, roles, password_hash, created_at) "
        "VALUES ('stf_1', 'ruth', 'Ruth', '[]', 'x', '2026-01-01 00:00:00.000000')"
    )
    site.write(f"INSERT INTO staff_session VALUES ('{'5e' * 32}', 'stf_1', '2099-01-01 00:00:00.000000')")
    backup = site.backup(shelf / "one").backup
    content = backup.path.read_bytes()
    for name in ("master.key", "lookup.key", "log.key"):
        key = (site.folder / name).read_text().strip()
        assert key.encode() not in content and bytes.fromhex(key) not in content
    for absent in (b"quill-quartz", b"what the engine remembers", b"5e" * 32, SAID.encode()):
        assert absent not in content
    assert b"stf_1" in content and site.wrapped(visitor).hex().encode() in member(backup, KEYS)


def test_visitors_keys_lie_in_one_place_of_it(site: Site, shelf: Path) -> None:
    visitors = site.visitors(40)
    backup = site.backup(shelf / "one").backup
    database, keys = member(backup, "candor.db"), member(backup, KEYS)
    for visitor in visitors:
        wrapped = site.wrapped(visitor)
        assert wrapped not in database and wrapped.hex().encode() in keys
    assert dict(backup.keys()) == {visitor: site.wrapped(visitor) for visitor in visitors}


def test_every_backup_taken_while_others_write_is_whole(site: Site, shelf: Path, tmp_path: Path) -> None:
    site.records(30)
    keyring, ended = Keyring.from_folder(site.folder), threading.Event()
    recorder, sequencer, written = Recorder(keyring, "test"), make_sequencer(site.settings), 0
    with site.open() as database:

        def go_on() -> None:
            nonlocal written
            while not ended.is_set():
                decisions = [Decision(Kind.GATE, "", f"vis_{written % 7}", None, "allowed")] * 5
                write(database, partial(recorder.record_all, decisions=decisions))
                if (note := write(database, sequencer.seal)) is not None:
                    sequencer.keep(note)
                written += 5

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            before, taken = 0, []
            for number in range(5):
                while written <= before:
                    pass
                before = written
                taken.append(site.backup(shelf / str(number)).backup)
        finally:
            ended.set()
            thread.join()
    sizes = [backup.manifest.log_size for backup in taken]
    assert sizes == sorted(sizes) and len(set(sizes)) > 1
    for number, backup in enumerate(taken):
        other = site.copy_keys_to(tmp_path / f"other{number}")
        other.restore(backup.path)
        report = other.verify()
        assert report.ok and report.size >= backup.manifest.log_size, report.as_text()


def test_in_a_folder_it_gets_a_name_by_its_moment(site: Site, shelf: Path) -> None:
    site.visitors(1)
    path = site.backup(shelf).backup.path
    assert path.parent == shelf and path.name == f"{path.name[:17]}.candor-backup"
    assert path.name[:10] == f"{now():%Y-%m-%d}" or path.name[:10] == f"{now() - timedelta(minutes=5):%Y-%m-%d}"


def test_a_backup_of_the_same_name_is_replaced_and_nothing_else_is(site: Site, shelf: Path) -> None:
    site.visitors(1)
    first = site.backup(shelf / "one").backup
    site.visitors(1)
    assert site.backup(shelf / "one").backup.manifest.visitors == first.manifest.visitors + 1
    (shelf / "letter.txt").write_text("Dear Ann")
    with pytest.raises(Conflict, match="letter.txt exists"):
        site.backup(shelf / "letter.txt")
    assert (shelf / "letter.txt").read_text() == "Dear Ann"
    with pytest.raises(BadRequest, match="folder for the backup"):
        site.backup(shelf / "nowhere" / "one")
    assert sorted(path.name for path in shelf.iterdir()) == ["letter.txt", "one"]


def test_of_several_the_newest_are_kept_and_no_others_are_touched(site: Site, shelf: Path, monkeypatch: Any) -> None:
    site.visitors(1)
    other = Site(site.folder.with_name("others"))
    other.visitors(1)
    other.backup(shelf / "other")
    (shelf / "letter.txt").write_text("Dear Ann")
    moment = now()
    for number in range(4):
        monkeypatch.setattr(create, "now", lambda n=number: moment + timedelta(hours=n))
        taken = site.backup(shelf / f"{number}", keep=2)
    assert [path.name for path in taken.removed] == ["1"]
    assert sorted(path.name for path in shelf.iterdir()) == ["2", "3", "letter.txt", "other"]
    assert sorted(listed(site)) == ["1", "2", "3"]
    forget(site.folder, [])
    assert sorted(listed(site)) == ["2", "3"]


# Erasures.


def test_an_erasure_reaches_every_backup_where_it_was_made(site: Site, shelf: Path, tmp_path: Path) -> None:
    ann, bob = site.visitors(2)
    backups = [site.backup(shelf / name).backup for name in ("one", "two")]
    key, others = site.wrapped(ann), site.wrapped(bob)
    assert where(key, tmp_path) == {"candor.db", "one", "two"}
    before = [backup.path.stat().st_size for backup in backups]
    site.erase(ann)
    assert forget(site.folder, [ann]) == Reached(blanked=2)
    assert where(key, tmp_path) == set() and where(others, tmp_path) == {"candor.db", "one", "two"}
    assert [backup.path.stat().st_size for backup in backups] == before
    for backup in backups:
        kept = dict(open_backup(backup.path).keys())
        assert (kept[ann], kept[bob]) == (b"", others)
    assert forget(site.folder, [ann]) == Reached()


def test_many_are_blanked_each_by_its_own_line(site: Site, shelf: Path) -> None:
    visitors = site.visitors(30)
    backup = site.backup(shelf / "one").backup
    before = dict(backup.keys())
    assert backup.blank(["vis_unknown", "", visitors[0][:-1], visitors[0] + "0"]) == 0
    gone = {visitors[0], visitors[13], visitors[29]}
    assert backup.blank(gone) == 3
    assert dict(backup.keys()) == {who: b"" if who in gone else key for who, key in before.items()}


def test_who_is_erased_while_the_backup_is_written_is_not_in_it(site: Site, shelf: Path, monkeypatch: Any) -> None:
    ann, bob = site.visitors(2)
    key, really_write = site.wrapped(ann), create.write_backup

    def erasing(*arguments: Any) -> None:
        really_write(*arguments)
        site.erase(ann)
        # What a running Candor does then; it cannot know the file by its later name.
        forget(site.folder, [ann])

    monkeypatch.setattr(create, "write_backup", erasing)
    backup = site.backup(shelf / "one").backup
    assert dict(backup.keys())[ann] == b"" and dict(backup.keys())[bob] != b""
    assert where(key, site.folder, shelf) == set()


def test_a_backup_on_a_disk_that_is_away_is_blanked_with_the_next_one(site: Site, shelf: Path, tmp_path: Path) -> None:
    ann, _ = site.visitors(2)
    site.backup(shelf / "one")
    key = site.wrapped(ann)
    shelf.rename(tmp_path / "away")
    site.erase(ann)
    assert forget(site.folder, [ann]) == Reached(out_of_reach=1)
    (tmp_path / "away").rename(shelf)
    assert where(key, shelf) == {"one"}
    site.backup(shelf / "two")
    assert where(key, shelf, site.folder) == set()


def test_a_backup_that_was_damaged_or_cannot_be_written_counts_as_out_of_reach(site: Site, shelf: Path) -> None:
    ann, _ = site.visitors(2)
    damaged, sound = site.backup(shelf / "one").backup, site.backup(shelf / "two").backup
    damaged.path.write_bytes(damaged.path.read_bytes()[:-100_000])
    assert forget(site.folder, [ann]) == Reached(blanked=1, out_of_reach=1)
    assert dict(open_backup(sound.path).keys())[ann] == b"" and sorted(listed(site)) == ["one", "two"]


def test_a_backup_that_was_carried_here_by_hand_is_found_by_the_next_one(site: Site, shelf: Path) -> None:
    ann, _ = site.visitors(2)
    backup = site.backup(shelf / "one").backup
    (shelf / "copy").write_bytes(backup.path.read_bytes())
    site.erase(ann)
    site.backup(shelf / "two")
    assert dict(open_backup(shelf / "copy").keys())[ann] == b""


@pytest.mark.parametrize("step", ["copying", "keys taken out", "written", "renamed"])
def test_what_a_backup_that_died_left_goes_with_the_next_erasure(site: Site, shelf: Path, step: str) -> None:
    ann, _ = site.visitors(2)
    key = site.wrapped(ann)
    environment = {**os.environ, "CANDOR_DATA_DIR": str(site.folder), "CANDOR_DEMO": "false", "DIES_AT": step}
    command = [sys.executable, "-m", "tests.backup.dies_in_backup", "backup", "create", str(shelf / "one")]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    # In between the keys are in memory alone.
    assert bool(where(key, shelf)) == (step != "keys taken out") and list(shelf.iterdir()) != []
    site.erase(ann)
    forget(site.folder, [ann])
    assert where(key, shelf, site.folder) == set()
    assert {path.name for path in shelf.iterdir()} == ({"one"} if step == "renamed" else set())


def test_a_draft_that_is_being_written_is_left_alone(site: Site, shelf: Path) -> None:
    site.visitors(1)
    with registry.drafted(site.folder, shelf / "one", "backup") as draft:
        draft.write_bytes(b"half a backup")
        assert forget(site.folder, ["vis_1"]) == Reached()
        assert draft.read_bytes() == b"half a backup" and listed(site) == [draft.name]
    forget(site.folder, [])
    assert listed(site) == [] and list(shelf.iterdir()) == []


def test_what_is_said_in_a_backup_can_be_found_by_nobody_without_the_key(site: Site, shelf: Path) -> None:
    site.visitors(3)
    site.backup(shelf / "one")
    assert not any(SAID.encode() in content for content in files(shelf, site.folder).values())
