"""Rule C1: personal context is read only through a Grant, and only the gate makes one."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.consent import Grant, GrantError, Refused
from bot.consent import grant as grant_module
from bot.core.errors import RecordError
from bot.core.ids import now
from bot.db.models import ConsentRow
from tests import transactions
from tests.actions.gateway import Gateway, run

ROOT = Path(__file__).resolve().parents[2]


def test_consent_given_opens_the_gate(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "request", "give")
    grant = gateway.ask(conversation)
    assert isinstance(grant, Grant)
    assert grant.require("order_history", "order_status") == "cust_ada"
    assert gateway.gate_outcomes(conversation) == ["allowed"]


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ((), "not_asked"),
        (("request",), "not_asked"),
        (("request", "refuse"), "refused"),
        (("request", "give", "withdraw"), "withdrawn"),
    ],
)
def test_without_a_live_consent_the_gate_stays_shut(gateway: Gateway, choices: tuple[str, ...], reason: str) -> None:
    # Rule C1. Fails when a line of _REASONS or the `if reason is not None …` in bot/consent/gate.py goes.
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, *choices)
    answer = gateway.ask(conversation)
    assert isinstance(answer, Refused)
    assert answer.reason == reason
    assert gateway.gate_outcomes(conversation) == [f"refused:{reason}"]


def test_a_visitor_who_is_not_signed_in_gets_no_grant(gateway: Gateway) -> None:
    conversation = gateway.converse()
    gateway.consent(conversation, "give")
    assert gateway.ask(conversation).reason == "not_signed_in"


def test_signing_out_shuts_the_gate(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "give")
    gateway.write(conversation, lambda s, c: setattr(c, "signed_in", False))
    assert gateway.ask(conversation).reason == "not_signed_in"


def test_consent_ends_with_its_time(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "give")
    over = now() - timedelta(seconds=1)
    transactions.write(gateway.database, lambda s: s.execute(update(ConsentRow).values(valid_until=over)))
    assert gateway.ask(conversation).reason == "expired"


def test_consent_to_other_terms_no_longer_holds(gateway: Gateway) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "give")
    transactions.write(gateway.database, lambda s: s.execute(update(ConsentRow).values(terms="0" * 64)))
    assert gateway.ask(conversation).reason == "changed"


def test_one_visitors_consent_opens_nothing_for_another(gateway: Gateway) -> None:
    gateway.consent(gateway.converse("cust_ada"), "give")
    assert gateway.ask(gateway.converse("cust_bruno")).reason == "not_asked"


def test_a_record_that_cannot_be_written_means_no_grant(gateway: Gateway) -> None:
    # Rule C1. Fails when the `except Exception` in Gate.ask goes, or `self._recorder.record(...)` before the Grant.
    def broken(_session: object, _decision: object) -> str:
        raise RecordError("disk full")

    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "give")
    gateway.recorder.record = broken
    assert run(gateway.gate.ask(gateway.database, conversation, "order_history", None)) == Refused("failed")
    assert gateway.gate_outcomes(conversation) == []


def test_an_unknown_purpose_or_conversation_means_no_grant(gateway: Gateway) -> None:
    assert gateway.ask(gateway.converse("cust_ada"), "marketing").reason == "failed"
    assert gateway.ask("con_unknown").reason == "failed"


def test_a_grant_cannot_be_made_or_changed_elsewhere(gateway: Gateway) -> None:
    # Rule C1. Fails when the check in Grant.__post_init__ goes, or `proof` becomes an ordinary field.
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "give")
    grant = gateway.ask(conversation)
    fields = {f.name: getattr(grant, f.name) for f in dataclasses.fields(grant)}
    with pytest.raises(TypeError):
        Grant(**fields, proof=object())
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(grant, customer_id="cust_bruno")
    with pytest.raises(dataclasses.FrozenInstanceError):
        grant.customer_id = "cust_bruno"


def test_a_grant_opens_its_own_purpose_only_and_not_for_long(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = gateway.converse("cust_ada")
    gateway.consent(conversation, "give")
    grant = gateway.ask(conversation)
    with pytest.raises(GrantError):
        grant.require("marketing", "order_status")
    with pytest.raises(GrantError):
        grant.require("order_history", "address")
    monkeypatch.setattr(grant_module, "now", lambda: now() + timedelta(seconds=31))
    with pytest.raises(GrantError):
        grant.require("order_history", "order_status")


def test_the_proof_of_a_grant_is_used_by_the_gate_alone() -> None:
    importers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("bot", "actions")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"import .*\bGATE\b", path.read_text("utf-8"))
    }
    assert importers == {"bot/consent/gate.py"}


def test_mypy_refuses_to_read_orders_without_a_grant(tmp_path: Path) -> None:
    # Rule C1 at build time. Fails when Shop.orders no longer asks for a Grant.
    script = tmp_path / "reads.py"
    script.write_text(
        "from bot.shop.shop import Shop\n"
        "async def read(shop: Shop) -> None:\n"
        '    await shop.orders("cust_ada")\n'
        '    await shop.order(None, "FH-204817")\n'
    )
    mypy = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml")]
    result = subprocess.run([*mypy, str(script)], cwd=ROOT, capture_output=True, text=True, timeout=110)
    assert result.stdout.count('expected "Grant"') == 2, result.stdout + result.stderr
