"""Legal holds: put, listed and ended by people, each time on record."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.core.errors import BadRequest, Conflict, NotFound
from bot.db.models import DecisionPayloadRow, DecisionRow
from bot.decisions.kinds import Kind
from bot.decisions.models import BY_A_PERSON
from bot.privacy.legal_holds import held, hold, in_force, release
from tests.parts import Parts, make_parts


@pytest.fixture
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    with make_parts(tmp_path_factory.mktemp("holds")) as made:
        yield made


def put(parts: Parts, conversation_id: str, reason: str = "Claim 12") -> str:
    return parts.write(lambda s: hold(s, parts.recorder, conversation_id, reason, "olga").id)


def ends(parts: Parts, hold_id: str) -> None:
    parts.write(lambda s: release(s, parts.recorder, hold_id, "sam"))


def test_a_hold_is_in_force_until_it_ends(parts: Parts) -> None:
    ann, bob = parts.conversation(), parts.conversation()
    hold_id = put(parts, ann)
    assert {id_: row.id for id_, row in parts.read(lambda s: held(s, [ann, bob])).items()} == {ann: hold_id}
    assert [row.reason for row in parts.read(in_force)] == ["Claim 12"]
    ends(parts, hold_id)
    assert parts.read(lambda s: held(s, [ann, bob])) == {} and parts.read(in_force) == []


def test_of_two_holds_each_ends_by_itself(parts: Parts) -> None:
    ann = parts.conversation()
    first, second = put(parts, ann), put(parts, ann, "Another matter")
    assert parts.read(lambda s: held(s, [ann]))[ann].id == first
    ends(parts, first)
    assert parts.read(lambda s: held(s, [ann]))[ann].id == second
    ends(parts, second)
    assert parts.read(lambda s: held(s, [ann])) == {}


def test_both_steps_are_on_record_by_a_person_and_outlive_the_visitor(parts: Parts) -> None:
    ann = parts.conversation()
    ends(parts, put(parts, ann))
    records = [record for record in parts.records(ann) if record["kind"] == Kind.HOLD]
    assert [(r["outcome"], r["input"]["by"], r["automation_level"]) for r in records] == [
        ("held", "olga", BY_A_PERSON),
        ("released", "sam", BY_A_PERSON),
    ]
    assert {r["input"]["reason"] for r in records} == {"Claim 12"}
    assert {r["requested_by"] for r in records} == {parts.row(ann).visitor_id}
    holders = select(DecisionPayloadRow.visitor_id).join(DecisionRow).where(DecisionRow.kind == Kind.HOLD)
    assert set(parts.read(lambda s: s.scalars(holders).all())) == {"operator"}


def test_what_cannot_be_held_or_released_is_said(parts: Parts) -> None:
    ann = parts.conversation()
    with pytest.raises(NotFound):
        put(parts, "con_unknown")
    for reason in ("", "  ", "x" * 401):
        with pytest.raises(BadRequest, match="why it is held"):
            put(parts, ann, reason)
    with pytest.raises(NotFound):
        ends(parts, "hld_unknown")
    hold_id = put(parts, ann)
    ends(parts, hold_id)
    with pytest.raises(Conflict, match="ended already"):
        ends(parts, hold_id)


def test_of_an_erased_visitor_nothing_is_left_to_hold(parts: Parts) -> None:
    ann = parts.conversation()
    hold_id = put(parts, ann)
    ends(parts, hold_id)
    visitor_id = parts.row(ann).visitor_id
    parts.write(lambda s: parts.keyring.destroy(s, visitor_id))
    with pytest.raises(Conflict, match="nothing left to hold"):
        put(parts, ann)
