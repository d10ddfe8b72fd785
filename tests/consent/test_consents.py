"""Consent events and what follows from them (rule C2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import yaml
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from bot import migrations
from bot.consent import Consents, Grant, Scope, asked, choices, history, subjects_of, to_merge
from bot.consent.states import ASK_AGAIN, YES
from bot.core.errors import BadRequest
from bot.core.ids import new_id, now
from bot.core.messages import Author
from bot.core.settings import Settings
from bot.db import Database
from bot.db.models import ConsentRow, ConversationRow, VisitorRow
from bot.policies import in_force, purpose_named, purposes
from tests import transactions
from tests.actions.gateway import Gateway

HISTORY = "order_history"


def test_the_newest_event_is_the_state(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    seen = []
    for choice in ("request", "give", "withdraw", "give", "withdraw", "refuse"):
        gateway.consent(conversation, choice)
        seen.append(gateway.state(conversation))
    assert seen == ["requested", "given", "withdrawn", "given", "withdrawn", "refused"]
    assert gateway.consent_states(conversation)[:2] == ["ConsentRequested", "ConsentGiven"]


def test_every_change_reaches_the_screen(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "request", "give", "withdraw")
    assert [data["state"] for data in gateway.events(conversation, "consent")] == ["requested", "given", "withdrawn"]


def test_an_event_holds_notice_language_time_and_evidence(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada", language="zh")
    gateway.write(conversation, lambda s, c: setattr(c, "gpc", True))
    gateway.consent(conversation, "give")
    row = transactions.read(gateway.database, lambda s: s.scalars(select(ConsentRow)).one())
    assert row.notice == purpose_named(HISTORY).notice
    assert row.language == "zh"
    assert row.terms == purpose_named(HISTORY).terms
    assert row.evidence == {"how": "test", "gpc": True}
    assert (row.scope, row.valid_until) == ("conversation", row.at + timedelta(days=1))


def test_withdrawal_clears_the_order_slot(gateway: Gateway) -> None:
    # Rule C2. Fails when `clear_revoked` gives {} for a visitor whose consent is not "given".
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "give")
    assert gateway.write(conversation, gateway.consents.clear_revoked) == {}
    gateway.consent(conversation, "withdraw")
    assert gateway.write(conversation, gateway.consents.clear_revoked) == {"order_reference": None}


def test_signing_out_and_expiry_clear_the_order_slot(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "give")
    gateway.write(conversation, lambda s, c: setattr(c, "signed_in", False))
    assert gateway.write(conversation, gateway.consents.clear_revoked) == {"order_reference": None}
    gateway.write(conversation, lambda s, c: setattr(c, "signed_in", True))
    over = now() - timedelta(seconds=1)
    transactions.write(gateway.database, lambda s: s.execute(update(ConsentRow).values(valid_until=over)))
    assert gateway.write(conversation, gateway.consents.clear_revoked) == {"order_reference": None}


def test_withdrawal_erases_what_was_read_under_the_consent(gateway: Gateway) -> None:
    # Rule C2. Fails when the `self._forget(...)` line in Consents._tell goes.
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "give")
    kept = gateway.write(
        conversation, lambda s, c: gateway.placeholders.placeholder(s, c, "ANSWER", "It is late.", HISTORY)
    )
    typed = gateway.write(conversation, lambda s, c: gateway.placeholders.placeholder(s, c, "ORDER", "FH-204817"))
    gateway.consent(conversation, "withdraw")
    assert gateway.fill(conversation, f"{kept} {typed}") == f"{kept} FH-204817"


@pytest.mark.parametrize(
    ("before", "choice", "after", "added"),
    [
        ((), "allow", "given", 1),
        (("give",), "allow", "given", 0),
        (("give",), "withdraw", "withdrawn", 1),
        (("give",), "refuse", "withdrawn", 1),
        (("request",), "refuse", "refused", 1),
        (("refuse",), "refuse", "refused", 0),
        ((), "withdraw", "none", 0),
        (("give", "withdraw"), "allow", "given", 1),
        ((), "object", "refused", 1),
        (("give",), "object", "withdrawn", 1),
        (("refuse",), "object", "refused", 1),
    ],
)
def test_the_switch_does_what_it_says_in_one_step(
    gateway: Gateway, before: tuple[str, ...], choice: str, after: str, added: int
) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, *before)
    stand = gateway.write(
        conversation,
        lambda s, c: gateway.consents.choose(s, c, HISTORY, choice, {"how": "switch"}, Scope.CONVERSATION),  # type: ignore[arg-type]
    )
    assert stand.state == after
    assert len(gateway.consent_states(conversation)) == len(before) + added


def test_an_unknown_purpose_is_refused_with_a_sentence(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    with pytest.raises(BadRequest, match="no such purpose"):
        gateway.write(conversation, lambda s, c: gateway.consents.choose(s, c, "marketing", "allow", {}))
    assert gateway.consent_states(conversation) == []


def test_the_list_shows_title_reason_and_state_in_the_visitors_language(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_mei", language="zh")
    gateway.consent(conversation, "give")
    listed = gateway.write(conversation, lambda s, c: choices(s, c, "zh"))
    assert [each["purpose"] for each in listed] == list(purposes())
    assert {each["purpose"]: each["state"] for each in listed} == dict.fromkeys(purposes(), "none") | {HISTORY: "given"}
    assert all(re.search("[一-鿿]", each[word]) for each in listed for word in ("title", "why", "retention"))


def test_an_asking_is_recent_only_while_nothing_else_was_said(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")

    gateway.write(conversation, lambda s, c: gateway.consents.request(s, c, HISTORY, {"turn_id": "msg_1"}))
    assert gateway.write(conversation, lambda s, c: asked(s, c, HISTORY).card_event) is None
    gateway.says(conversation, "May I?", "msg_1")
    card = gateway.write(conversation, lambda s, c: c.last_event)
    gateway.says(conversation, "hm", None, Author.VISITOR)
    recent = gateway.write(conversation, lambda s, c: asked(s, c, HISTORY))
    assert (recent.just_now, recent.card_event) == (True, card)
    gateway.says(conversation, "Delivery takes three days.", "msg_2")
    assert not gateway.write(conversation, lambda s, c: asked(s, c, HISTORY)).just_now


def test_each_purpose_speaks_both_languages_and_points_to_its_exact_text() -> None:
    assert set(yaml.safe_load(in_force().purposes.text)["purposes"]) == set(purposes())
    for name, purpose in purposes().items():
        assert set(purpose.titles) >= {"en", "zh"}
        assert set(purpose.whys) >= {"en", "zh"}
        assert re.fullmatch(rf"{name}/{purpose.version}#sha256:[0-9a-f]{{32}}", purpose.notice)
        assert len(purpose.notice) <= 128


def end_by_time(gateway: Gateway, conversation: str) -> None:
    """Whatever holds has run out a second ago."""
    over = now() - timedelta(seconds=1)
    yes = ConsentRow.state.in_(YES)
    gateway.write(conversation, lambda s, c: s.execute(update(ConsentRow).where(yes).values(valid_until=over)))


def test_a_yes_for_once_opens_the_gate_once(gateway: Gateway) -> None:
    """Fails when the line with `use_up` in Gate._answer goes."""
    conversation = gateway.converse("cust_ada")
    gateway.choose(conversation, HISTORY, "allow", Scope.ONCE)
    assert isinstance(gateway.ask(conversation), Grant)
    assert gateway.state(conversation) == "expired"
    assert gateway.ask(conversation).reason == "expired"
    assert gateway.consent_states(conversation) == ["ConsentGiven", "ConsentExpired"]


def test_what_was_read_for_once_is_forgotten_with_the_next_turn(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.choose(conversation, HISTORY, "allow", Scope.ONCE)
    gateway.ask(conversation)
    kept = gateway.write(
        conversation, lambda s, c: gateway.placeholders.placeholder(s, c, "ANSWER", "It is late.", HISTORY)
    )
    assert gateway.fill(conversation, kept) == "It is late."
    assert gateway.write(conversation, gateway.consents.clear_revoked) == {"order_reference": None}
    assert gateway.fill(conversation, kept) == kept


def test_a_yes_for_a_conversation_holds_in_no_other(gateway: Gateway) -> None:
    here, there = gateway.converse("cust_ada"), gateway.converse("cust_ada")
    gateway.choose(here, HISTORY, "allow", Scope.CONVERSATION)
    assert [gateway.state(here), gateway.state(there)] == ["given", "expired"]
    assert gateway.ask(there).reason == "expired"


def test_a_customers_yes_holds_on_their_other_device_and_so_does_its_end(gateway: Gateway) -> None:
    phone, laptop, stranger = gateway.converse("cust_ada"), gateway.converse("cust_ada"), gateway.converse("cust_bruno")
    gateway.choose(phone, HISTORY, "allow")
    assert [gateway.state(one) for one in (phone, laptop, stranger)] == ["given", "given", "none"]
    kept = gateway.write(phone, lambda s, c: gateway.placeholders.placeholder(s, c, "ANSWER", "It is late.", HISTORY))
    gateway.choose(laptop, HISTORY, "withdraw")
    assert [gateway.state(one) for one in (phone, laptop)] == ["withdrawn", "withdrawn"]
    assert gateway.fill(phone, kept) == kept
    assert [event["state"] for event in gateway.events(phone, "consent")] == ["given", "withdrawn"]


def test_a_choice_made_before_signing_in_is_not_the_customers(gateway: Gateway) -> None:
    conversation = gateway.converse()
    gateway.choose(conversation, "improvement", "allow")
    gateway.sign_in(conversation, "cust_ada")
    assert gateway.state(conversation, "improvement") == "none"
    assert gateway.ask(conversation, "improvement").reason == "not_asked"
    listed = gateway.write(conversation, lambda s, c: to_merge(s, c, "en"))
    assert [(one["purpose"], one["state"]) for one in listed] == [("improvement", "given")]


@pytest.mark.parametrize(("keep", "after"), [(True, "given"), (False, "none")])
def test_choices_are_taken_along_only_when_the_visitor_says_so_and_asked_once(
    gateway: Gateway, keep: bool, after: str
) -> None:
    conversation = gateway.converse()
    gateway.choose(conversation, "improvement", "allow")
    gateway.sign_in(conversation, "cust_ada")
    gateway.write(conversation, lambda s, c: gateway.consents.merge(s, c, keep))
    assert gateway.state(conversation, "improvement") == after
    assert gateway.write(conversation, lambda s, c: to_merge(s, c, "en")) is None
    gateway.write(conversation, lambda s, c: gateway.consents.merge(s, c, not keep))
    assert gateway.state(conversation, "improvement") == after


def test_an_objection_is_taken_along_as_one(gateway: Gateway) -> None:
    conversation = gateway.converse()
    gateway.choose(conversation, "recommendations", "object")
    gateway.sign_in(conversation, "cust_ada")
    gateway.write(conversation, lambda s, c: gateway.consents.merge(s, c, True))
    stand = gateway.choose(conversation, "recommendations", "object")
    assert (stand.state, stand.objected) == ("refused", True)


def test_a_no_from_before_signing_in_keeps_the_assistant_from_asking(gateway: Gateway) -> None:
    """Rule C2. Fails when `refused_lately` looks at the customer's events alone."""
    conversation = gateway.converse()
    gateway.choose(conversation, HISTORY, "refuse")
    gateway.sign_in(conversation, "cust_ada")
    assert gateway.ask(conversation).reason == "refused"


def test_after_a_no_nobody_asks_for_thirty_days(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.choose(conversation, HISTORY, "refuse")
    assert gateway.ask(conversation).reason == "refused"
    long_ago = now() - ASK_AGAIN - timedelta(minutes=1)
    gateway.write(conversation, lambda s, c: s.execute(update(ConsentRow).values(at=long_ago)))
    assert gateway.ask(conversation).reason == "not_asked"


def test_after_an_objection_nobody_ever_asks(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.choose(conversation, "recommendations", "object")
    long_ago = now() - timedelta(days=400)
    gateway.write(conversation, lambda s, c: s.execute(update(ConsentRow).values(at=long_ago)))
    assert gateway.ask(conversation, "recommendations").reason == "refused"


def test_a_second_yes_is_recorded_as_a_renewal(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    for choice in ("allow", "withdraw", "allow"):
        gateway.choose(conversation, HISTORY, choice)  # type: ignore[arg-type]
    assert gateway.consent_states(conversation) == ["ConsentGiven", "ConsentWithdrawn", "RenewedConsentGiven"]


def test_what_has_run_out_is_put_on_record_once(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.choose(conversation, HISTORY, "allow")
    kept = gateway.write(
        conversation, lambda s, c: gateway.placeholders.placeholder(s, c, "ANSWER", "It is late.", HISTORY)
    )
    assert transactions.write(gateway.database, gateway.consents.end_due) == 0
    end_by_time(gateway, conversation)
    assert gateway.state(conversation) == "expired"
    assert [transactions.write(gateway.database, gateway.consents.end_due) for _ in range(2)] == [1, 0]
    assert gateway.consent_states(conversation) == ["ConsentGiven", "ConsentExpired"]
    assert gateway.fill(conversation, kept) == kept


def test_global_privacy_control_takes_back_what_it_turns_off_and_nothing_else(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    for purpose in purposes():
        gateway.choose(conversation, purpose, "allow")
    gateway.write(conversation, lambda s, c: gateway.consents.apply_gpc(s, c, True))
    off = [name for name, purpose in purposes().items() if not purpose.under_gpc]
    assert off == ["recommendations", "improvement", "contact_by_email"]
    states = {name: gateway.state(conversation, name) for name in purposes()}
    assert states == {name: "withdrawn" if name in off else "given" for name in purposes()}
    assert [gateway.ask(conversation, name).reason for name in off] == ["gpc"] * 3
    past = gateway.write(conversation, lambda s, c: history(s, subjects_of(s, c), "en"))
    assert sum(event["how"].endswith("(Global Privacy Control)") for event in past) == 3


def test_under_global_privacy_control_an_explicit_yes_counts(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.write(conversation, lambda s, c: gateway.consents.apply_gpc(s, c, True))
    assert gateway.ask(conversation, "recommendations").reason == "gpc"
    gateway.choose(conversation, "recommendations", "allow")
    assert isinstance(gateway.ask(conversation, "recommendations"), Grant)


def test_the_newest_event_counts_whatever_the_clock_does(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when `_row` takes the moment as it comes."""
    conversation = gateway.converse("cust_ada")
    gateway.choose(conversation, HISTORY, "allow")
    earlier = now() - timedelta(hours=1)
    monkeypatch.setattr("bot.consent.service.now", lambda: earlier)
    gateway.choose(conversation, HISTORY, "withdraw")
    assert gateway.state(conversation) == "withdrawn"


def test_a_record_can_neither_be_changed_nor_removed(settings: Settings, postgres: Callable[[], str]) -> None:
    for address in (settings.database_address, postgres()):
        migrations.upgrade(address)
        database = Database(address)
        for statement in ("UPDATE consent_event SET state = 'ConsentGiven'", "DELETE FROM consent_event"):
            transactions.write(database, _one_event)
            with pytest.raises(DatabaseError, match="append-only"):
                transactions.write(database, lambda s, statement=statement: s.execute(text(statement)))  # type: ignore[misc]
        database.close()


class Silent:
    """Shows nothing to anybody."""

    def append(self, *_: object) -> None:
        pass


def _one_event(session: Session) -> None:
    visitor, moment = VisitorRow(id=new_id("vis"), created_at=now()), now()
    session.add(visitor)
    session.flush()
    conversation = ConversationRow(
        id=new_id("con"), visitor_id=visitor.id, door="widget", language="en", created_at=moment
    )
    session.add(conversation)
    session.flush()
    Consents(Silent(), lambda *_: None, 30).refuse(session, conversation, HISTORY, {"how": "switch"})
