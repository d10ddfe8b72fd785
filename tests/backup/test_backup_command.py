"""`candor backup` as an operator types them."""

from __future__ import annotations

from pathlib import Path

from tests.backup.site import SAID, Site
from tests.command import candor


def test_backup_and_restore_say_what_they_did(site: Site, shelf: Path) -> None:
    site.records(20)
    ann, bob = site.visitors(2)
    done = candor(site.folder, "backup", "create", str(shelf / "one"))
    assert done.returncode == 0 and "one holds the database of 20" in done.stdout, done.stderr
    assert "20 sealed records" in done.stdout
    erasure_id = site.erase(ann)
    site.seal()
    done = candor(site.folder, "backup", "restore", str(shelf / "one"))
    assert done.returncode == 0, done.stderr
    assert f"Erased again: {ann}" in done.stdout and erasure_id in done.stdout
    assert "before-restore-" in done.stdout and "remove it as soon as" in done.stdout
    assert "1 records that had been signed since are gone." in done.stdout and "CANDOR_LOG_ORIGIN" in done.stdout
    assert site.said(bob) == SAID


def test_older_backups_are_removed_by_name(site: Site, shelf: Path) -> None:
    site.visitors(1)
    for name in ("one", "two", "three"):
        done = candor(site.folder, "backup", "create", str(shelf / name), "--keep", "2")
    assert len(list(shelf.iterdir())) == 2 and "was removed." in done.stdout
    assert candor(site.folder, "backup", "create", str(shelf / "four"), "--keep", "0").returncode == 2


def test_what_cannot_be_done_is_one_sentence(site: Site, shelf: Path) -> None:
    done = candor(shelf, "backup", "create", str(shelf / "one"))
    assert done.returncode == 2 and done.stderr == "There is no database in the data folder: check CANDOR_DATA_DIR.\n"
    site.visitors(1)
    (shelf / "letter.txt").write_text("Dear Ann")
    for arguments, says in (
        (("backup", "create", str(shelf / "nowhere" / "one")), "The folder for the backup does not exist."),
        (("backup", "restore", str(shelf / "nothing")), "There is no file nothing."),
        (
            ("backup", "restore", str(shelf / "letter.txt")),
            "letter.txt is no backup made by 'candor backup create', or it is damaged.",
        ),
    ):
        done = candor(site.folder, *arguments)
        assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1


def test_restore_needs_a_file(site: Site) -> None:
    done = candor(site.folder, "backup", "restore", NO_COLOR="1")
    assert done.returncode == 2 and "Missing argument" in done.stderr


def test_beside_a_running_candor_a_backup_is_made_and_none_restored(site: Site, shelf: Path) -> None:
    site.visitors(1)
    with site.open():
        assert candor(site.folder, "backup", "create", str(shelf / "one")).returncode == 0
        done = candor(site.folder, "backup", "restore", str(shelf / "one"))
        assert done.returncode == 2 and done.stderr.startswith("Candor is running") and done.stderr.count("\n") == 1
    assert candor(site.folder, "backup", "restore", str(shelf / "one")).returncode == 0
