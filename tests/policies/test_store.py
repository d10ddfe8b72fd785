"""What was published stays as it was, on both databases; the newest is in force."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from bot.db import Database
from bot.db.models import PolicyRow
from bot.policies import Kind, drafts, in_force, notice_in_force, purposes, put_in_force, repository
from bot.policies.documents import following
from tests.policies.drafting import MOVED, OTHER_DATA, OTHER_WORDS, SENTENCES, edit, publish
from tests.transactions import read, write

FIVE = ["disclosure.en.md", "disclosure.zh.md", "privacy.en.md", "privacy.zh.md", "purposes.yml"]


def test_the_drafts_are_published_once_as_the_first_version(any_database: Database) -> None:
    for _ in range(2):
        write(any_database, repository.publish_first)
    (first,) = read(any_database, repository.editions)
    assert first.version == "2026-11-27" and first.change == "" and len(first.texts) == len(FIVE)
    assert {sha256 for _, _, sha256 in first.texts} == {document.sha256 for document in drafts()}


def test_two_that_start_at_once_publish_one_first_version(guarded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Falls when `on_conflict_do_nothing` goes: the second counted before the first had committed."""
    with monkeypatch.context() as before_the_commit:
        before_the_commit.setattr(repository, "_count", lambda _session: 0)
        write(guarded, repository.publish_first)
    assert [edition.version for edition in read(guarded, repository.editions)] == ["2026-11-27"]


def test_only_what_differs_gets_the_new_version(published: Database, folder: Path) -> None:
    edit(folder, "privacy.zh.md", "## 谁负责", "## 由谁负责")
    assert [document.file for document in publish(published, folder)] == ["privacy.zh.md"]
    newest, first = read(published, repository.editions)
    assert (newest.version, newest.kinds) == (following(first.version, newest.published_at.date()), (Kind.PRIVACY,))
    assert in_force().privacy("zh").version == newest.version != in_force().privacy("en").version
    assert in_force().version == newest.version


def test_a_new_address_makes_new_notices_because_they_quote_it(published: Database, folder: Path) -> None:
    edit(folder, *MOVED)
    assert [document.file for document in publish(published, folder)] == FIVE[2:]
    assert "14 Market Street" in in_force().privacy("en").text


def test_what_is_published_twice_on_a_day_is_numbered(published: Database, folder: Path) -> None:
    versions = []
    for number in range(11):
        edit(folder, "disclosure.en.md", "a person" + "." * number, "a person" + "." * (number + 1))
        versions.append(publish(published, folder)[0].version)
    day = versions[-1].partition(".")[0]
    assert versions[-1] in (f"{day}.11", f"{day}.12") and len(set(versions)) == 11
    assert in_force().disclosure("en").version == versions[-1]
    listed = [edition.version for edition in read(published, repository.editions)]
    assert listed == [*reversed(versions), "2026-11-27"]


def test_publishing_puts_in_force_here_and_refreshing_elsewhere(published: Database, folder: Path) -> None:
    before = in_force()
    edit(folder, *OTHER_DATA)
    publish(published, folder)
    assert purposes()["order_history"].categories == ("order_status", "delivery")

    put_in_force(tuple(before.documents.values()), before.rows)  # as another process still has it
    assert read(published, repository.refresh) is True
    assert purposes()["order_history"].categories == ("order_status", "delivery")
    assert read(published, repository.refresh) is False


def test_refreshing_is_one_query_that_reads_no_text_when_nothing_was_published(published: Database) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(published.engine, "before_cursor_execute", note)
    assert read(published, repository.refresh) is False
    (query,) = asked
    assert "count(*)" in query and "policy.text" not in query


def test_where_nothing_was_published_the_drafts_are_in_force(any_database: Database) -> None:
    read(any_database, repository.load)
    assert [document.file for document in in_force().documents.values()] == FIVE
    assert read(any_database, repository.refresh) is False
    assert read(any_database, lambda s: repository.published(s, Kind.PRIVACY, "2026-11-27", "en")) is None


def test_a_version_can_be_read_in_every_language_and_compared_with_the_one_before(
    published: Database, folder: Path
) -> None:
    edit(folder, "privacy.zh.md", "## 谁负责", "## 由谁负责")
    new = publish(published, folder)[0]

    def work(session: Session) -> None:
        changed = repository.published(session, Kind.PRIVACY, new.version, "zh")
        assert changed is not None and "由谁负责" in changed.text
        unchanged = repository.published(session, Kind.PRIVACY, new.version, "en")
        assert unchanged is not None and unchanged.version == "2026-11-27"
        first = repository.before(session, changed)
        assert first is not None and first.version == "2026-11-27" and repository.before(session, first) is None
        assert repository.published(session, Kind.DISCLOSURE, new.version, "zh") is None
        assert repository.published(session, Kind.PRIVACY, "1999-01-01", "en") is None

    read(published, work)


def test_the_news_after_a_version_are_what_changed_since(published: Database, folder: Path) -> None:
    edit(folder, *MOVED)
    publish(published, folder)
    edit(folder, *OTHER_WORDS)
    publish(published, folder, {"en": "It is called otherwise.", "zh": "换了名称。"})
    news = read(published, lambda s: repository.news_after(s, "2026-11-27"))
    assert [edition.change_in("en") for edition in news] == [SENTENCES["en"], "It is called otherwise."]
    assert [edition.change_in("zh") for edition in news] == [SENTENCES["zh"], "换了名称。"]
    assert read(published, lambda s: repository.news_after(s, news[-1].version)) == []
    assert [e.version for e in read(published, lambda s: repository.news_after(s, news[0].version))] == [
        news[1].version
    ]


def test_the_notice_in_force_says_where_it_and_its_changes_can_be_read(published: Database, folder: Path) -> None:
    first = notice_in_force("zh")
    assert (first["version"], first["changes_url"]) == ("2026-11-27", None)
    edit(folder, *MOVED)
    version = publish(published, folder)[0].version
    now = notice_in_force("zh")
    assert now["url"] == f"/policies/privacy/{version}?language=zh"
    assert now["changes_url"] == f"/policies/privacy/{version}/changes?language=zh"
    assert now["published_at"] is not None and now["published_at"] >= first["published_at"]


@pytest.mark.parametrize("column", ["kind", "version", "language", "text", "sha256", "change", "published_at"])
def test_the_database_refuses_to_change_what_was_published(guarded: Database, column: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        write(guarded, lambda s: s.execute(text(f"UPDATE policy SET {column} = {column}")))


def test_the_database_refuses_to_remove_what_was_published(guarded: Database) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        write(guarded, lambda s: s.execute(text("DELETE FROM policy")))
    assert read(guarded, repository.damaged) == []


def test_a_text_that_was_changed_all_the_same_is_found_by_its_hash(guarded: Database) -> None:
    engine = create_engine(guarded.engine.url)
    with engine.begin() as connection:
        on_table = " ON policy" if engine.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER policy_fixed{on_table}"))
        connection.execute(text("UPDATE policy SET text = text || ' ' WHERE kind = 'privacy' AND language = 'zh'"))
    engine.dispose()
    assert read(guarded, repository.damaged) == ["privacy.zh.md of 2026-11-27"]


def test_a_row_is_known_by_the_hash_of_its_text(published: Database) -> None:
    rows = read(published, lambda s: list(s.scalars(select(PolicyRow))))
    by_text = {document.text: document.sha256 for document in drafts()}
    assert {row.text: row.sha256 for row in rows} == by_text
