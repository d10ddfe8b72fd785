"""Any row of consent events against a model that fits on a page, on a real database; tests/long takes 10,000 steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from pytest import MonkeyPatch
from sqlalchemy import event

from bot.consent import Grant, Scope, statuses
from bot.core.ids import new_id
from bot.db.models import ConversationRow
from bot.policies import purposes
from tests import transactions
from tests.actions.gateway import Gateway

STEPS = 50
PURPOSES = ("order_history", "improvement", "recommendations")
START = datetime.fromisoformat("2026-11-27T12:00:00+00:00")
LASTS = {
    Scope.ONCE: timedelta(hours=1),
    Scope.CONVERSATION: timedelta(days=1),
    Scope.UNTIL_WITHDRAWN: timedelta(days=30),
}


GATEWAYS: list[Gateway] = []
"""The one of this test: every run has visitors and a customer of its own."""


@pytest.fixture(autouse=True)
def gateway(tmp_path: Path) -> Iterator[None]:
    made = Gateway(tmp_path)
    # Nothing here is about power cuts, and ten thousand steps are many commits.
    event.listen(made.database.engine, "connect", lambda c, _: c.execute("PRAGMA synchronous=OFF"))
    made.database.engine.dispose()
    GATEWAYS.append(made)
    yield
    GATEWAYS.pop().close()


@dataclass
class Yes:
    """What the model knows of a yes."""

    place: str
    scope: Scope
    until: datetime
    under_gpc: bool


@dataclass
class Model:
    """Who may read what: at most one yes for each name and purpose; a no with its moment."""

    yes: dict[tuple[str, str], Yes] = field(default_factory=dict)
    no: dict[tuple[str, str], tuple[datetime, bool]] = field(default_factory=dict)


class Visits(RuleBasedStateMachine):
    """Two conversations of one customer, signed in and out, on a clock that is moved."""

    places = Bundle("places")

    def __init__(self) -> None:
        super().__init__()
        self.gateway = GATEWAYS[-1]
        self.customer = new_id("cust")
        self.patch = MonkeyPatch()
        self.time = START
        for module in ("service", "status", "gate", "grant"):
            self.patch.setattr(import_module(f"bot.consent.{module}"), "now", lambda: self.time)
        self.model = Model()
        self.signed_in: dict[str, bool] = {}
        self.gpc: dict[str, bool] = {}

    @initialize(target=places)
    def one(self) -> str:
        return self._open()

    @initialize(target=places)
    def another(self) -> str:
        return self._open()

    @rule(place=places, purpose=st.sampled_from(PURPOSES), scope=st.sampled_from(list(Scope)))
    def allow(self, place: str, purpose: str, scope: Scope) -> None:
        self.gateway.choose(place, purpose, "allow", scope)
        held = self._yes(place, purpose)
        if held is None or held.scope != scope:
            self._put(place, purpose, Yes(place, scope, self.time + LASTS[scope], self.gpc[place]))

    @rule(place=places, purpose=st.sampled_from(PURPOSES), choice=st.sampled_from(["refuse", "withdraw", "object"]))
    def say_no(self, place: str, purpose: str, choice: Any) -> None:
        self.gateway.choose(place, purpose, choice)
        key = (self._name(place), purpose)
        said_before = key in self.model.no
        if self._yes(place, purpose) is not None:
            self._refuse(key, choice == "object")
        elif choice == "object" and not (said_before and self.model.no[key][1]):
            self._refuse(key, True)
        elif choice == "refuse" and not said_before:
            self._refuse(key, False)

    @rule(place=places, purpose=st.sampled_from(PURPOSES))
    def ask_the_gate(self, place: str, purpose: str) -> None:
        expected = self._expected(place, purpose)
        answer = self.gateway.ask(place, purpose)
        assert isinstance(answer, Grant) == (expected is None), (answer, expected)
        if expected is not None:
            assert answer.reason in expected
        elif self.model.yes[self._name(place), purpose].scope is Scope.ONCE:
            del self.model.yes[self._name(place), purpose]

    @rule(place=places)
    def signal(self, place: str) -> None:
        self.gpc[place] = not self.gpc[place]
        self.gateway.write(place, lambda s, c: self.gateway.consents.apply_gpc(s, c, self.gpc[place]))
        for purpose in PURPOSES:
            held = self._held(place, purpose)
            if self.gpc[place] and held and not held.under_gpc and not purposes()[purpose].under_gpc:
                self._refuse((self._name(place), purpose), False)

    @rule(place=places)
    def sign_in_or_out(self, place: str) -> None:
        self.signed_in[place] = not self.signed_in[place]
        if self.signed_in[place]:
            self.gateway.sign_in(place, self.customer)
        else:
            self.gateway.write(place, lambda s, c: setattr(c, "signed_in", False))

    @rule(hours=st.sampled_from([1, 23, 24 * 7, 24 * 31]))
    def time_passes(self, hours: int) -> None:
        self.time += timedelta(hours=hours, minutes=1)

    @rule()
    def put_ends_on_record(self) -> None:
        transactions.write(self.gateway.database, self.gateway.consents.end_due)

    @invariant()
    def every_switch_shows_what_the_gate_would_say(self) -> None:
        for place in self.signed_in:
            found = transactions.read(
                self.gateway.database, lambda s, p=place: statuses(s, s.get_one(ConversationRow, p))
            )  # type: ignore[misc]
            for purpose in PURPOSES:
                assert (found[purpose].state == "given") == (self._held(place, purpose) is not None)

    def teardown(self) -> None:
        self.patch.undo()

    def _open(self) -> str:
        place = self.gateway.converse()
        self.signed_in[place] = self.gpc[place] = False
        self.visitors = getattr(self, "visitors", {}) | {place: self.gateway.write(place, lambda s, c: c.visitor_id)}
        return place

    def _name(self, place: str) -> str:
        return "customer" if self.signed_in[place] else self.visitors[place]

    def _put(self, place: str, purpose: str, yes: Yes) -> None:
        self.model.yes[self._name(place), purpose] = yes
        self.model.no.pop((self._name(place), purpose), None)

    def _refuse(self, key: tuple[str, str], objected: bool) -> None:
        self.model.yes.pop(key, None)
        self.model.no[key] = (self.time, objected)

    def _held(self, place: str, purpose: str) -> Yes | None:
        """A yes that holds here, whatever the browser signals."""
        yes = self.model.yes.get((self._name(place), purpose))
        here = yes is not None and (yes.scope is Scope.UNTIL_WITHDRAWN or yes.place == place)
        return yes if yes is not None and here and yes.until > self.time else None

    def _yes(self, place: str, purpose: str) -> Yes | None:
        yes = self._held(place, purpose)
        off = yes is not None and self.gpc[place] and not yes.under_gpc and not purposes()[purpose].under_gpc
        return None if off else yes

    def _expected(self, place: str, purpose: str) -> set[str] | None:
        """The reasons the gate may give; None for a grant."""
        if purposes()[purpose].sign_in and not self.signed_in[place]:
            return {"not_signed_in"}
        if self._yes(place, purpose) is not None:
            return None
        if self.gpc[place] and not purposes()[purpose].under_gpc:
            return {"gpc"}
        lately = [self.model.no.get((name, purpose)) for name in {self._name(place), self.visitors[place]}]
        if any(no is not None and (no[1] or no[0] > self.time - timedelta(days=30)) for no in lately):
            return {"refused", "withdrawn"}
        return {"not_asked", "expired"}


def hold_to_the_model(steps: int, machine: type[Visits] = Visits) -> None:
    """Take so many steps, in rows of fifty. The first difference is told as it is: shrinking it would take minutes."""
    profile = settings(
        max_examples=steps // STEPS,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=profile)  # type: ignore[no-untyped-call]


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("steps", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_every_step_agrees_with_the_model(steps: int) -> None:
    hold_to_the_model(steps)


def test_the_machine_notices_a_yes_for_once_that_is_never_used_up() -> None:
    machine = Visits()
    machine.patch.setattr(machine.gateway.consents, "use_up", lambda *_: None)
    place = machine.one()
    machine.allow(place=place, purpose="improvement", scope=Scope.ONCE)
    machine.every_switch_shows_what_the_gate_would_say()
    machine.ask_the_gate(place=place, purpose="improvement")
    with pytest.raises(AssertionError):
        machine.every_switch_shows_what_the_gate_would_say()
    machine.teardown()
