"""Nobody can hold up others with a message of many identifiers (fault S4)."""

from __future__ import annotations

import time

import phonenumbers
import pytest
from sqlalchemy import event, func, select

from bot.core.messages import PLACEHOLDER, RawMessage
from bot.db.models import PlaceholderRow
from bot.masking import DEFAULT_FINDER, Found, find, mask
from bot.masking.finder import MOST_REPEATED
from bot.masking.placeholders import MOST
from tests import transactions
from tests.actions.gateway import Gateway


def numbers(count: int) -> str:
    """A message of so many different numbers."""
    return " and ".join(f"07{1_000_000 * 9 + 7919 * n:09}" for n in range(count))


def statements(gateway: Gateway, conversation: str, text: str) -> tuple[list[str], str]:
    """What masking asks of the database but for the visitor's key, which is kept at hand; and the masked text."""
    asked: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.extend([] if "visitor_key" in statement else [statement])

    found = find(gateway.placeholders.finder, text)

    def work(session: object, row: object) -> str:
        event.listen(gateway.database.engine, "before_cursor_execute", listen)
        raw = RawMessage("msg_1", conversation, row.visitor_id, text, "en")  # type: ignore[attr-defined]
        masked = mask(session, gateway.placeholders, raw, found).text  # type: ignore[arg-type]
        event.remove(gateway.database.engine, "before_cursor_execute", listen)
        return masked

    return asked, gateway.write(conversation, work)


def test_many_identifiers_take_no_more_statements_than_one(gateway: Gateway) -> None:
    # Falls when PlaceholderStore.keep_all asks or inserts one by one.
    conversation = gateway.converse()
    took = {count: statements(gateway, conversation, numbers(count))[0] for count in (1, 10, 570)}
    assert [len(took[count]) for count in (1, 10, 570)] == [3, 3, 3]
    assert sum(statement.startswith("INSERT") for statement in took[570]) == 1
    again = statements(gateway, conversation, numbers(570))[0]
    assert len(again) == 1 and again[0].startswith("SELECT")


def test_what_was_bound_to_purposes_is_freed_in_one_statement(gateway: Gateway) -> None:
    conversation = gateway.converse()
    values = [Found("ORDER", f"FH-20481{n}") for n in range(8)]
    keep = gateway.placeholders.keep_all
    gateway.write(conversation, lambda s, c: keep(s, c.id, c.visitor_id, values, "order_history"))
    asked, _ = statements(gateway, conversation, ", ".join(value.value for value in values))
    assert [statement.split()[0] for statement in asked] == ["SELECT", "UPDATE"]
    gateway.write(conversation, lambda s, c: gateway.placeholders.forget(s, c.id, ["order_history"]))
    assert gateway.fill(conversation, "[ORDER_8]") == "FH-204817"


def test_so_many_are_kept_apart_and_the_others_share_a_placeholder_that_stands_for_nothing(gateway: Gateway) -> None:
    conversation = gateway.converse()
    _, masked = statements(gateway, conversation, f"{numbers(570)} and 07009000000")
    names = PLACEHOLDER.findall(masked)
    assert len(names) == 571
    assert len(set(names)) == MOST + 1
    assert names[MOST] == "[MORE_1]"
    assert names[-1] == names[0]
    kept = transactions.read(gateway.database, lambda s: s.scalar(select(func.count()).select_from(PlaceholderRow)))
    assert kept == MOST
    assert gateway.fill(conversation, "[MORE_1]") == "[MORE_1]"


def test_only_what_is_kept_is_asked_whether_it_can_be_called(monkeypatch: pytest.MonkeyPatch) -> None:
    # Falls when kind_of is asked for every number that is found.
    asked: list[str] = []
    parse = phonenumbers.parse
    monkeypatch.setattr(phonenumbers, "parse", lambda text, region: (asked.append(text), parse(text, region))[1])
    find(DEFAULT_FINDER, numbers(570))
    assert len(set(asked)) <= MOST


def test_only_so_many_names_are_looked_for_once_more() -> None:
    text = ", ".join(f"my name is {a}{b}ena" for a in "BCDFGHJKLM" for b in "aeiou") + " and Baena Mueuna Muena"
    assert len(DEFAULT_FINDER.spans(text)) <= 50 + MOST_REPEATED


HOSTILE = (
    *(
        "1 ",
        "1, ",
        "1-",
        "1😀",
        "12:30-",
        "12/12/2026 ",
        "1.1.1.",
        "€1 ",
        "+1",
        "07700 ",
        "A1",
        "aA1-",
        "O0",
        "\n",
        "  \n",
    ),
    *(
        "a@",
        "a @ ",
        "a at b dot ",
        "a&#64;",
        "{at}",
        "@ ",
        "#1 ",
        "http://a/",
        "token=",
        "a:b@",
        "eyJ",
        "-----BEGIN PRIVATE KEY-----",
    ),
    *(
        "password is ",
        "pin: ",
        "code ",
        "my name is ",
        "Aa Bb ",
        "regards, ",
        "Mr ",
        "i am ",
        "my address is ",
        "12 Elm ",
        "flat 1, ",
    ),
    *(
        "Elm Street ",
        "order #",
        "order ",
        "id ",
        "passport ",
        "born ",
        "12 may ",
        "one ",
        "double ",
        "twenty ",
        "::",
        "00:1B:",
    ),
    *(
        "路",
        "区",
        "市",
        "1号",
        "北京市朝阳区建国路",
        "我叫",
        "王小",
        "一",
        "一 ",
        "地址",
        "寄到",
        "1987年",
        "出生",
        "密码是",
        "验证码",
    ),
)


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_text_four_times_as_long_takes_about_four_times_as_long(unit: str) -> None:
    """A pattern that goes back and forth in a hostile text would take sixteen times as long."""

    def took(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        begun = time.process_time()
        find(DEFAULT_FINDER, text)
        return time.process_time() - begun

    took(500)
    most = 9 * min(took(1000), took(1000)) + 0.01
    assert took(4000) < most or took(4000) < most, "nor at a second try"


@pytest.mark.parametrize("text", ["1" * 9000, f"{'1' * 8000} 2{'3' * 5000} 4", "9 " * 4000, "一" * 8000, "one " * 2000])
def test_a_number_of_thousands_of_figures_can_be_masked(text: str) -> None:
    """Python refuses to read a number that long."""
    assert len(find(DEFAULT_FINDER, text)) <= 2
