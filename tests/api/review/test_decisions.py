"""Lists of records: every filter against a plain reading of all rows, on both databases."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from bot.core.ids import now
from bot.core.settings import Settings
from bot.db import Database, Keyring
from bot.db.models import DecisionRow
from bot.decisions import repository
from bot.decisions.kinds import DECISIONS, Kind
from bot.decisions.repository import Filters, Page, Place, find_page
from bot.offline import make_sequencer
from bot.oversight.reviews import NewReview, Verdict
from bot.oversight.sampling import drawn
from tests.api.review.console import make_console
from tests.databases import fresh_database
from tests.decisions.turns import reply, take_turn
from tests.parts import Parts, make_parts
from tests.transparency_log.many import fill

RECORDS = 3_000
COMBINATIONS = 80


@dataclass(frozen=True)
class Log:
    """A filled database, and all of its rows, newest first."""

    database: Database
    rows: Sequence[DecisionRow]

    def page(self, filters: Filters, after: Place | None = None, limit: int = 50, examined: int = 20_000) -> Page:
        with self.database.snapshot() as session:
            return find_page(session, filters, after, limit, examined=examined)

    def all(self, filters: Filters, limit: int, examined: int) -> list[str]:
        """Page after page, to the end."""
        found: list[str] = []
        after: Place | None = None
        for _ in range(RECORDS):
            page = self.page(filters, after, limit, examined)
            found += [row.id for row in page.rows]
            if page.next is None:
                return found
            after = page.next
        raise AssertionError("the list has no end")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    folder = tmp_path_factory.mktemp("lists")
    database = _database(request, folder)
    fill(database, Keyring.of(b"k" * 32), make_sequencer(Settings(data_dir=folder)), RECORDS, messages=False)
    newest = select(DecisionRow).order_by(DecisionRow.at.desc(), DecisionRow.id.desc())
    with database.snapshot() as session:
        rows = session.scalars(newest).all()
    yield Log(database, rows)
    database.close()


def _database(request: pytest.FixtureRequest, folder: Path) -> Database:
    if request.param == "sqlite":
        return fresh_database(folder / "test.db")
    return Database(request.getfixturevalue("postgres")())


def fits(filters: Filters, row: DecisionRow) -> bool:
    """The same question, asked plainly."""
    wanted = {
        "kind": filters.kind,
        "intent": filters.intent,
        "outcome": filters.outcome,
        "language": filters.language,
        "model": filters.model,
        "conversation_id": filters.conversation,
    }
    confidence = row.confidence
    return (
        all(value is None or getattr(row, name) == value for name, value in wanted.items())
        and (filters.kind is not None or row.kind in DECISIONS)
        and (filters.start is None or row.at >= filters.start)
        and (filters.end is None or row.at < filters.end)
        and (filters.min_confidence is None or (confidence is not None and confidence >= filters.min_confidence))
        and (filters.max_confidence is None or (confidence is not None and confidence <= filters.max_confidence))
        and (filters.search is None or _found(filters.search, row))
    )


def _found(sought: str, row: DecisionRow) -> bool:
    if sought in (row.id, row.conversation_id, row.turn_id, row.visitor_id):
        return True
    words = f"{row.intent or ''} {row.outcome}".replace("_", " ").replace(":", " ").split()
    return any(word.startswith(sought) for word in words)


def combination(dice: random.Random, rows: Sequence[DecisionRow]) -> Filters:
    """Some filters, taken from records that are there, or from none."""
    one = dice.choice(rows)
    values: dict[str, Any] = {
        "kind": one.kind,
        "intent": one.intent,
        "outcome": one.outcome,
        "language": one.language,
        "model": one.model,
        "conversation": one.conversation_id or None,
        "min_confidence": dice.choice([0, 0.2, 0.43, 0.9, one.confidence]),
        "max_confidence": dice.choice([0.1, 0.43, 0.9, 1, one.confidence]),
        "start": dice.choice([one.at, dice.choice(rows).at]),
        "end": dice.choice([one.at, dice.choice(rows).at]),
        "search": dice.choice(["order", "refund", "r", "zzz", one.turn_id, one.conversation_id or "con_none"]),
    }
    chosen = {name: value for name, value in values.items() if dice.random() < 0.25}
    if dice.random() < 0.1:
        chosen[dice.choice(["intent", "outcome", "language", "model"])] = "no_such"
    return Filters(**chosen)


@pytest.mark.parametrize("seed", range(4))
def test_any_filters_give_exactly_what_fits_in_order_however_short_the_pages(log: Log, seed: int) -> None:
    dice = random.Random(seed)
    some = 0
    for _ in range(COMBINATIONS // 4):
        filters = combination(dice, log.rows)
        expected = [row.id for row in log.rows if fits(filters, row)]
        some += bool(expected)
        limit, examined = dice.choice([(40, 100), (50, 500), (200, 20_000)])
        assert log.all(filters, limit, examined) == expected, filters
    assert some >= 5


def test_a_page_looks_at_no_more_than_it_may(log: Log) -> None:
    """Nothing fits: the page ends where so many records have been looked at, and says where to go on."""
    for filters in (Filters(max_confidence=0.01), Filters(intent="stock", language="no_such")):
        lane = [row for row in log.rows if filters.intent in (None, row.intent)]
        page = log.page(filters, examined=150)
        assert page.rows == [] and page.next is not None
        looked_at = [row for row in lane if row.at >= page.next.at]
        assert 0 < len(looked_at) <= 151
        assert log.page(filters, page.next, examined=150).next is not None


def test_the_list_without_a_kind_is_of_the_software_alone(log: Log) -> None:
    everything = log.all(Filters(), 200, 20_000)
    assert len(everything) < RECORDS and set(everything) == {row.id for row in log.rows if row.kind in DECISIONS}
    looks = [row.id for row in log.rows if row.kind == Kind.ACCESS]
    assert looks and log.all(Filters(kind="access"), 200, 20_000) == looks
    assert [row.id for row in log.page(Filters(search=looks[0])).rows] == [looks[0]]


def test_ids_of_visitors_turns_and_decisions_are_found(log: Log) -> None:
    one = next(row for row in log.rows if row.kind == Kind.ANSWER)
    for sought in (one.id, one.turn_id, one.visitor_id, one.conversation_id):
        assert one.id in [row.id for row in log.page(Filters(search=sought)).rows]
    assert [row.id for row in log.page(Filters(search=one.id)).rows] == [one.id]
    assert log.page(Filters(search="msg_none")).rows == [] and log.page(Filters(search="vis_none")).rows == []


def test_choices_come_from_the_index_and_are_complete(log: Log) -> None:
    for column in (DecisionRow.intent, DecisionRow.outcome, DecisionRow.language, DecisionRow.model):
        with log.database.snapshot() as session:
            found = repository.distinct(session, column)
        values = {getattr(row, column.key) for row in log.rows} - {None}
        assert len(found) == len(values) and set(found) == values
    with log.database.snapshot() as session:
        models = repository.days_of_models(session)
    for model, first, last in models:
        moments = [row.at for row in log.rows if row.model == model]
        assert (first, last) == (min(moments), max(moments))


def test_records_of_one_moment_are_all_listed(any_database: Database) -> None:
    """More of them than one step looks at: the list gets past them, and none is lost or doubled."""
    with any_database.transaction() as session:
        everything = _copies(session, 30)
    for limit, examined in ((7, 10), (1, 1), (100, 5)):
        found: list[str] = []
        after: Place | None = None
        for _ in range(200):
            with any_database.snapshot() as session:
                page = find_page(session, Filters(kind="route"), after, limit, examined=examined)
            found += [row.id for row in page.rows]
            after = page.next
            if after is None:
                break
        assert found == everything


def _copies(session: Session, count: int) -> list[str]:
    """Records of one moment; their ids as the database orders them, newest first."""
    one = {
        "conversation_id": "",
        "visitor_id": "",
        "at": now(),
        "kind": "route",
        "outcome": "desk",
        "language": "en",
        "commitment": "0" * 64,
    }
    session.execute(insert(DecisionRow), [{"id": f"dec_{number:04d}", **one} for number in range(count)])
    return list(session.scalars(select(DecisionRow.id).order_by(DecisionRow.id.desc())))


def test_no_list_reads_the_whole_table(log: Log) -> None:
    """Each statement's plan goes along an index, also where a planner thinks that hardly anything fits."""
    one = next(row for row in log.rows if row.kind == Kind.ANSWER)
    every = (
        Filters(),
        Filters(model=one.model, language=one.language),
        Filters(model=one.model, language="no_such", min_confidence=0),
        Filters(model=one.model, language=one.language, end=log.rows[-1].at),
        Filters(max_confidence=0.01, search="order"),
    )
    for filters in every:
        with log.database.snapshot() as session:
            plans = plans_of(session, filters)
        assert plans
        for plan in plans:
            assert not re.search(r"Seq Scan on decision|SCAN decision(?! USING)", plan), (filters, plan)


def plans_of(session: Session, filters: Filters) -> list[str]:
    """How the database goes about each query that finds a page."""
    connection = session.connection()
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        asked.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    find_page(session, filters, None, 50)
    event.remove(connection, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    queries = [one for one in asked if one[0].startswith(("SELECT", "WITH"))]
    plans = [connection.exec_driver_sql(f"{explain} {query}", values).all() for query, values in queries]
    return ["\n".join(str(row[-1]) for row in plan) for plan in plans]


def test_a_page_depends_on_rows_alone(log: Log) -> None:
    """Two statements a page, whatever the filters; and the same page each time."""
    for filters in (Filters(), Filters(max_confidence=0.01), Filters(intent="stock", start=log.rows[-1].at)):
        with log.database.snapshot() as session:
            assert len(plans_of(session, filters)) == 2
        first, again = log.page(filters, examined=100), log.page(filters, examined=100)
        assert first.next == again.next and [row.id for row in first.rows] == [row.id for row in again.rows]


@pytest.mark.parametrize("log", ["sqlite"], indirect=True)
def test_a_page_reads_no_further_than_it_looks_at(log: Log) -> None:
    """A first or last day far away makes no statement read up to it."""
    newest, oldest = log.rows[0].at, log.rows[-1].at
    after = Place(log.rows[len(log.rows) // 2].at, None)
    near, far = steps_of(log, Filters(max_confidence=0.01), None), steps_of(log, Filters(max_confidence=0.01), after)
    for filters in (
        Filters(max_confidence=0.01, start=oldest),
        Filters(max_confidence=0.01, end=newest + repository.INSTANT),
    ):
        assert steps_of(log, filters, None) < 1.5 * near
        assert steps_of(log, filters, after) < 1.5 * far


def steps_of(log: Log, filters: Filters, after: Place | None) -> int:
    """Hundreds of steps that SQLite takes to find a page of 150 records looked at."""
    steps: list[None] = []
    with log.database.snapshot() as session:
        driver: Any = session.connection().connection.driver_connection
        driver.set_progress_handler(lambda: steps.append(None), 100)
        find_page(session, filters, after, 50, examined=150)
        driver.set_progress_handler(None, 0)
    return len(steps)


def test_an_answers_own_id_leads_to_its_turn(tmp_path: Path) -> None:
    with make_parts(tmp_path) as parts:
        conversation = parts.conversation()
        answer = take_turn(parts, conversation, reply())
        take_turn(parts, conversation, reply("praise", 0.8))
        found = parts.read(lambda s: find_page(s, Filters(search=answer), None, 50)).rows
        assert {row.intent for row in found} == {"order_status"} and len(found) == 3


def test_summaries_tell_the_newest_verdict_and_the_contest(tmp_path: Path) -> None:
    with make_console(tmp_path) as console:
        parts = console.parts
        conversation = parts.conversation()
        answer = take_turn(parts, conversation, reply())
        row, _ = parts.write(lambda s: parts.contests.open(s, parts.row(conversation), answer))
        reviews = parts.reviews
        for login, verdict, reason in (
            ("sam", Verdict.UNSURE, "unclear"),
            ("ruth", Verdict.RIGHT, "fine"),
            ("ruth", Verdict.WRONG, "tone"),
        ):
            parts.write(
                lambda s, login=login, new=NewReview(verdict, reason): reviews.add(
                    s, parts.people[login], str(row.decision_id), new
                )
            )
        found = {one["decision_id"]: one for one in console.find()["decisions"]}
        assert (found[str(row.decision_id)]["verdict"], found[str(row.decision_id)]["contest"]) == ("wrong", "open")
        assert {one["verdict"] for name, one in found.items() if name != row.decision_id} == {None}


def test_a_reader_who_is_still_to_judge_is_not_told_the_first_verdict(tmp_path: Path) -> None:
    with make_console(tmp_path) as console:
        parts = console.parts
        chosen = _drawn(parts)
        new = NewReview(Verdict.WRONG, "tone")
        parts.write(lambda s: parts.reviews.add(s, parts.people["ruth"], chosen, new))
        for login, told in (("ruth", "wrong"), ("sam", None)):
            reader = console.sign_in(login)
            line = next(one for one in reader.find()["decisions"] if one["decision_id"] == chosen)
            detail = reader.get(f"/decisions/{chosen}")
            assert line["verdict"] == told and [one["verdict"] for one in detail["reviews"]] == [told] * bool(told)


def _drawn(parts: Parts) -> str:
    """A decision that is to be looked at twice."""
    conversation = parts.conversation()
    while True:
        take_turn(parts, conversation, reply())
        ids = [str(record["decision_id"]) for record in parts.records(conversation)]
        chosen = next((one for one in ids if drawn(one, parts.settings.second_reviews)), None)
        if chosen is not None:
            return chosen
