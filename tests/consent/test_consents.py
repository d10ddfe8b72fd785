"""Consent events and what follows from them (rule C2)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select, update

from bot.consent import asked, purpose_named, purposes, slots_to_clear, state_of, states
from bot.errors import BadRequest
from bot.messages import Author, now
from bot.storage.tables import ConsentRow
from tests.actions.gateway import Gateway

ROOT = Path(__file__).resolve().parents[2]
HISTORY = "order_history"


def test_the_newest_event_is_the_state(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    seen = []
    for choice in ("request", "give", "withdraw", "give", "withdraw", "refuse"):
        gateway.consent(conversation, choice)
        seen.append(gateway.write(conversation, lambda s, c: state_of(s, c.visitor_id, HISTORY)))
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
    row = gateway.database.read_now(lambda s: s.scalars(select(ConsentRow)).one())
    assert row.notice == purpose_named(HISTORY).notice
    assert row.language == "zh"
    assert row.evidence == {"how": "test", "gpc": True}
    assert row.valid_until == row.at + timedelta(days=30)


def test_withdrawal_clears_the_order_slot(gateway: Gateway) -> None:
    # Rule C2. Fails when `slots_to_clear` gives {} for a visitor whose consent is not "given".
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "give")
    assert gateway.write(conversation, slots_to_clear) == {}
    gateway.consent(conversation, "withdraw")
    assert gateway.write(conversation, slots_to_clear) == {"order_reference": None}


def test_signing_out_and_expiry_clear_the_order_slot(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "give")
    gateway.write(conversation, lambda s, c: setattr(c, "signed_in", False))
    assert gateway.write(conversation, slots_to_clear) == {"order_reference": None}
    gateway.write(conversation, lambda s, c: setattr(c, "signed_in", True))
    over = now() - timedelta(seconds=1)
    gateway.database.write_now(lambda s: s.execute(update(ConsentRow).values(valid_until=over)))
    assert gateway.write(conversation, slots_to_clear) == {"order_reference": None}


def test_withdrawal_erases_what_was_read_under_the_consent(gateway: Gateway) -> None:
    # Rule C2. Fails when the `self._forget(...)` line in Consents.withdraw goes.
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "give")
    kept = gateway.write(conversation, lambda s, c: gateway.vault.placeholder(s, c, "ANSWER", "It is late.", HISTORY))
    typed = gateway.write(conversation, lambda s, c: gateway.vault.placeholder(s, c, "ORDER", "FH-204817"))
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
    ],
)
def test_the_switch_does_what_it_says_in_one_step(
    gateway: Gateway, before: tuple[str, ...], choice: str, after: str, added: int
) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, *before)
    state = gateway.write(conversation, lambda s, c: gateway.consents.choose(s, c, HISTORY, choice, {"how": "switch"}))
    assert state == after
    assert len(gateway.consent_states(conversation)) == len(before) + added


def test_an_unknown_purpose_is_refused_with_a_sentence(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    with pytest.raises(BadRequest, match="no such purpose"):
        gateway.write(conversation, lambda s, c: gateway.consents.choose(s, c, "marketing", "allow", {}))
    assert gateway.consent_states(conversation) == []


def test_the_list_shows_title_reason_and_state_in_the_visitors_language(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_mei", language="zh")
    gateway.consent(conversation, "give")
    listed = gateway.write(conversation, lambda s, c: states(s, c, "zh"))
    assert [(each["purpose"], each["state"]) for each in listed] == [(HISTORY, "given")]
    assert re.search("[一-鿿]", listed[0]["title"] + listed[0]["why"])


def test_an_asking_is_recent_only_while_nothing_else_was_said(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")

    def ask(session: object, row: object) -> None:
        evidence = {"turn_id": "msg_1", "resume_action": "action_order_status", "reference": "[ORDER_1]"}
        gateway.consents.request(session, row, HISTORY, evidence)  # type: ignore[arg-type]

    gateway.write(conversation, ask)
    gateway.says(conversation, "May I?", "msg_1")
    gateway.says(conversation, "hm", None, Author.VISITOR)
    recent = gateway.write(conversation, lambda s, c: asked(s, c, HISTORY))
    assert (recent.just_now, recent.resume, recent.reference) == (True, "action_order_status", "[ORDER_1]")
    gateway.says(conversation, "Delivery takes three days.", "msg_2")
    assert not gateway.write(conversation, lambda s, c: asked(s, c, HISTORY)).just_now


def test_each_purpose_speaks_both_languages_and_points_to_its_exact_text() -> None:
    content = yaml.safe_load((ROOT / "bot" / "consent" / "purposes.yml").read_text("utf-8"))
    assert set(content) == set(purposes())
    for name, purpose in purposes().items():
        assert set(purpose.titles) >= {"en", "zh"}
        assert set(purpose.whys) >= {"en", "zh"}
        assert re.fullmatch(rf"{name}/{purpose.version}#sha256:[0-9a-f]{{32}}", purpose.notice)
        assert len(purpose.notice) <= 128
