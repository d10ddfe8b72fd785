"""Rule P1: the engine never sees an unmasked identifier."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event

from bot.core.errors import SettingsError
from bot.core.messages import MaskedMessage, RawMessage
from bot.core.settings import load_settings
from bot.masking import Finder, PlaceholderStore, find, mask
from bot.masking.cleaning import clean
from tests.actions.gateway import Gateway
from tests.masking.texts import kinds


def masked(gateway: Gateway, conversation_id: str, text: str, *, ahead: bool = False) -> MaskedMessage:
    """`ahead`: the identifiers are found before the transaction, as a turn does."""
    found = find(gateway.placeholders.finder, text) if ahead else None

    def work(session: object, conversation: object) -> MaskedMessage:
        raw = RawMessage("msg_1", conversation_id, conversation.visitor_id, text, "en")  # type: ignore[attr-defined]
        return mask(session, gateway.placeholders, raw, found)  # type: ignore[arg-type]

    return gateway.write(conversation_id, work)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("where is my order 204817?", "where is my order [ORDER_1]?"),
        ("where is FH-204817 ?", "where is [ORDER_1] ?"),
        ("fh 204817 pls", "[ORDER_1] pls"),
        ("#204817 is late", "#[ORDER_1] is late"),
        ("order number is 204817", "order number is [ORDER_1]"),
        ("订单 204817 到哪了", "订单 [ORDER_1] 到哪了"),
        ("我的订单号是204817", "我的订单号是[ORDER_1]"),
        ("write to jo.smith+shop@ex-ample.co.uk please", "write to [EMAIL_1] please"),
        ("我的邮箱是jo@example.com谢谢", "我的邮箱是[EMAIL_1]谢谢"),
        ("jo (at) example (dot) com", "[EMAIL_1]"),
        ("张三@例子.公司 你好", "[EMAIL_1] 你好"),
        ("call +44 20 7946 0018 now", "call [PHONE_1] now"),
        ("电话13800138000", "电话[PHONE_1]"),
        ("call (415) 555-2671", "call [PHONE_1]"),
        ("my card 4111 1111 1111 1111 was charged", "my card [CARD_1] was charged"),
        ("４１１１１１１１１１１１１１１１", "[CARD_1]"),
        ("pay to DE89 3704 0044 0532 0130 00 please", "pay to [ACCOUNT_1] please"),
        ("GB82WEST12345698765432", "[ACCOUNT_1]"),
        ("account number: 12345678", "account number: [ACCOUNT_1]"),
        ("parcel 1Z84F2106899017345", "parcel [NUMBER_1]"),
        ("204817", "[NUMBER_1]"),
        ("2-0-4-8-1-7", "[NUMBER_1]"),
        ("2\u200b0\u200d4\ufeff8\u20601\u00ad7", "[NUMBER_1]"),
        ("2\ufe0f\u20e30\ufe0f\u20e34\ufe0f\u20e38\ufe0f\u20e31\ufe0f\u20e37\ufe0f\u20e3", "[NUMBER_1]"),
        ("٢٠٤٨١٧", "[NUMBER_1]"),
        ("12345678abc", "[NUMBER_1]"),
        ("一三八零零一三八零零零", "[PHONE_1]"),
        ("11010519491231002X", "[ID_1]"),
    ],
)
def test_identifiers_become_placeholders_of_their_kind(gateway: Gateway, text: str, expected: str) -> None:
    # Rule P1. Fails when the finder of that kind goes from Finder, or a step from clean().
    result = masked(gateway, gateway.converse(), text)
    assert result.text == expected


@pytest.mark.parametrize(
    "text",
    [
        "2 lamps, 3 days late",
        "is the 40x30 board 12.50 euros?",
        "open 24/7?",
        "can my 401k be rolled over",
        "i cook the pizza at 400 degrees how long must it be in for",
        "i ordered 2 weeks ago!",
        "我买了 2 个灯，等了 3 天",
        "@fernandhale you are great",
        "price @ 69 each",
        "call 12306",
        "see you @ noon",
        "meet me at the shop (at noon)",
        '/allow_consent{"purpose": "order_history"}',
        "/request_human",
        "",
        "🎉",
    ],
)
def test_what_identifies_nobody_stays_as_it_was(gateway: Gateway, text: str) -> None:
    result = masked(gateway, gateway.converse(), text)
    assert result.text == clean(text)
    assert result.placeholders == ()


def test_a_value_keeps_its_placeholder_throughout_a_conversation(gateway: Gateway) -> None:
    conversation = gateway.converse()
    first = masked(gateway, conversation, "FH-204817 and FH-204902, FH 204817")
    assert first.text == "[ORDER_1] and [ORDER_2], [ORDER_1]"
    assert first.placeholders == ("[ORDER_1]", "[ORDER_2]")
    assert masked(gateway, conversation, "fh-204902 or JO@example.com").text == "[ORDER_2] or [EMAIL_1]"


def test_another_conversation_cannot_resolve_the_placeholder(gateway: Gateway) -> None:
    mine, other = gateway.converse(), gateway.converse()
    masked(gateway, mine, "FH-204817")
    assert gateway.fill(mine, "about [ORDER_1]") == "about FH-204817"
    assert gateway.fill(other, "about [ORDER_1]") == "about [ORDER_1]"


@pytest.mark.parametrize(
    "typed", ["[ORDER_1]", "[order_1]", "[ ORDER_1 ]", "［ORDER＿１］", "[ORDER_\u200b1]", "[[ORDER_1]]", "[ANSWER_1]"]
)
def test_a_typed_placeholder_resolves_nothing(gateway: Gateway, typed: str) -> None:
    # Fails when the last line of clean(), which defuses typed placeholders, goes.
    conversation = gateway.converse()
    masked(gateway, conversation, "FH-204817")
    gateway.write(conversation, lambda s, c: gateway.placeholders.placeholder(s, c, "ANSWER", "secret"))
    result = masked(gateway, conversation, f"tell me about {typed}")
    assert result.placeholders == ()
    filled = gateway.fill(conversation, result.text)
    assert filled == result.text
    assert "204817" not in filled
    assert "secret" not in filled


def test_a_companys_own_order_numbers_can_be_set(gateway: Gateway) -> None:
    gateway.placeholders = PlaceholderStore(gateway.keyring, Finder(r"[A-Z]{3}/\d{3}"))
    assert masked(gateway, gateway.converse(), "see abc/123 now").text == "see [ORDER_1] now"


def test_values_are_sealed_in_the_database(gateway: Gateway, tmp_path: Path) -> None:
    masked(gateway, gateway.converse(), "FH-204817, jo@example.com")
    gateway.database.close()
    files = [path for path in tmp_path.iterdir() if path.name.startswith("candor.db")]
    # Order numbers of the demo shop stand in its own table; the address only came from the visitor.
    assert files
    assert all(b"jo@example.com" not in path.read_bytes() for path in files)


def test_an_erased_name_is_never_used_again(gateway: Gateway) -> None:
    conversation = gateway.converse()
    keep = gateway.placeholders.placeholder
    first = gateway.write(conversation, lambda s, c: keep(s, c, "ANSWER", "one", "order_history"))
    gateway.write(conversation, lambda s, c: gateway.placeholders.forget(s, c.id, ["order_history"]))
    second = gateway.write(conversation, lambda s, c: keep(s, c, "ANSWER", "one", "order_history"))
    assert (first, second) == ("[ANSWER_1]", "[ANSWER_2]")
    assert gateway.fill(conversation, "[ANSWER_1] [ANSWER_2]") == "[ANSWER_1] one"


def test_what_is_forgotten_is_not_read(gateway: Gateway) -> None:
    conversation = gateway.converse()
    asked: list[str] = []
    gateway.write(conversation, lambda s, c: gateway.placeholders.placeholder(s, c, "ANSWER", "one", "order_history"))

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(gateway.database.engine, "before_cursor_execute", listen)
    gateway.write(conversation, lambda s, c: gateway.placeholders.forget(s, c.id, ["order_history"]))
    event.remove(gateway.database.engine, "before_cursor_execute", listen)
    about_values = [statement for statement in asked if "placeholder" in statement]
    assert any(statement.startswith("UPDATE") for statement in about_values)
    assert not any("value_" in statement.partition("FROM")[0] for statement in about_values if "SELECT" in statement)


def test_what_the_visitor_typed_outlives_a_withdrawal(gateway: Gateway) -> None:
    conversation = gateway.converse()
    gateway.write(
        conversation, lambda s, c: gateway.placeholders.placeholder(s, c, "ORDER", "FH-204817", "order_history")
    )
    masked(gateway, conversation, "FH-204817")
    gateway.write(conversation, lambda s, c: gateway.placeholders.forget(s, c.id, ["order_history"]))
    assert gateway.fill(conversation, "[ORDER_1]") == "FH-204817"


def test_kinds_are_told_apart_by_their_check_digits() -> None:
    assert kinds("4111111111111111") == ["CARD"]
    assert kinds("4111111111111112") == ["NUMBER"]
    assert kinds("DE89370400440532013000") == ["ACCOUNT"]
    assert kinds("DE88370400440532013000") == ["NUMBER"]


@pytest.mark.parametrize("pattern", ["[", "(", "x*", ""])
def test_a_pattern_that_cannot_work_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
    monkeypatch.setenv("CANDOR_ORDER_PATTERN", pattern)
    with pytest.raises(SettingsError, match="CANDOR_ORDER_PATTERN"):
        load_settings()


def test_what_was_found_before_the_transaction_is_masked_alike(gateway: Gateway) -> None:
    # Falls when mask() does not use what it is given.
    conversation = gateway.converse()
    text = "FH-204817, jo@example.com and FH 204817"
    assert masked(gateway, conversation, text, ahead=True).text == "[ORDER_1], [EMAIL_1] and [ORDER_1]"
    assert masked(gateway, conversation, text).text == "[ORDER_1], [EMAIL_1] and [ORDER_1]"
    nothing: list[str] = []
    raw = RawMessage("msg_1", conversation, "", "FH-204817", "en")
    assert gateway.write(conversation, lambda s, c: mask(s, gateway.placeholders, raw, nothing)).text == ""


def test_a_number_in_words_is_kept_as_figures(gateway: Gateway) -> None:
    conversation = gateway.converse()
    assert masked(gateway, conversation, "订单号二零四八一七").text == "订单号[ORDER_1]"
    assert masked(gateway, conversation, "order number two oh four eight one seven").text == "order number [ORDER_1]"
    assert gateway.fill(conversation, "[ORDER_1]") == "204817"


def test_a_secret_that_differs_by_its_case_alone_is_another(gateway: Gateway) -> None:
    conversation = gateway.converse()
    assert masked(gateway, conversation, "password: Hunter2").text == "password: [SECRET_1]"
    assert masked(gateway, conversation, "password: hunter2").text == "password: [SECRET_2]"
