"""Corrections: proposed from reviews, decided by a maintainer, exported, and asked of later models."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner

from bot.api.schemas.review import ProposedCorrection
from bot.app import create_app
from bot.cli.main import app as candor
from bot.consent import Grant, GrantError, Scope
from bot.core.errors import BadRequest, Conflict, EngineError, NotFound
from bot.core.messages import MaskedMessage, Understanding
from bot.db.models import ConsentRow, CorrectionRow, DecisionRow
from bot.decisions.kinds import Kind
from bot.masking import DEFAULT_FINDER, Finder, mask_example
from bot.oversight.correction_checks import retry
from bot.oversight.corrections import Correction, Corrections, Ruling, accepted_examples
from bot.oversight.rasa_training_data import Example, training_file
from bot.oversight.repository.corrections import CorrectionState
from bot.oversight.reviews import NewReview, Verdict
from bot.policies import IMPROVEMENT
from bot.services import build
from tests.decisions.turns import reply, take_turn
from tests.http import serve
from tests.parts import PROJECT, Parts, make_parts
from tests.running import wait_until
from tests.scripted import ScriptedEngine
from tests.tools import engine_python, need

SAID = "did the parcel of FH-204817 get lost?"
MASKED = "did the parcel of [ORDER_1] get lost?"


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    with make_parts(tmp_path) as made:
        yield made


def turn(parts: Parts, text: str = SAID, language: str = "en", **changes: Any) -> dict[str, str]:
    """A turn, misunderstood as a question about stock by the model abc123: the ids of its decisions by kind."""
    conversation = parts.conversation(language)
    take_turn(parts, conversation, reply("stock", **changes), text)
    query = select(DecisionRow).where(DecisionRow.conversation_id == conversation)
    return {row.kind: row.id for row in parts.read(lambda s: s.scalars(query).all())}


def conversation_of(parts: Parts, decision_id: str) -> str:
    return parts.read(lambda s: s.get_one(DecisionRow, decision_id)).conversation_id


def review(parts: Parts, decision_id: str, intent: str = "order_status", example: str | None = None) -> str | None:
    """A review that says what was meant, as the reviewers' door takes it; the id of the correction it proposes."""
    reviews = parts.reviews
    new = NewReview(Verdict.WRONG, "wrong_intent", intent, example=example)
    quoted = parts.read(lambda s: reviews.quoted(s, decision_id, new))
    answer = asyncio.run(parts.gate.ask(parts.database, quoted, IMPROVEMENT, None)) if quoted else None
    grant = answer if isinstance(answer, Grant) else None
    _, correction_id = parts.write(lambda s: reviews.add(s, parts.people["ruth"], decision_id, new, grant))
    return correction_id


def proposed(parts: Parts, text: str = SAID, *, allowed: bool = True, **values: Any) -> str:
    """A proposal; `allowed`: of a visitor who lets their words be used for it."""
    decision_id = turn(parts, text)[Kind.UNDERSTANDING]
    if allowed:
        parts.allow(conversation_of(parts, decision_id), IMPROVEMENT)
    found = review(parts, decision_id, **values)
    assert found is not None
    return found


def listed(parts: Parts, state: CorrectionState | None = None) -> list[dict[str, Any]]:
    return [shown(one) for one in parts.read(lambda s: parts.corrections.listed(s, state))]


def shown(correction: Correction) -> dict[str, Any]:
    """As the API gives it."""
    return ProposedCorrection.of(correction).model_dump(mode="json")


def decide(parts: Parts, correction_id: str, text: str | None, finder: Finder = DEFAULT_FINDER) -> dict[str, Any]:
    """Accept with this wording, or refuse."""
    corrections = Corrections(parts.recorder, parts.keyring, finder, PROJECT)
    ruling = Ruling(text is not None, text, "As trained.")
    return shown(parts.write(lambda s: corrections.decide(s, parts.people["olga"], correction_id, ruling)))


def row_of(parts: Parts, correction_id: str) -> CorrectionRow:
    return parts.read(lambda s: s.get_one(CorrectionRow, correction_id))


# Proposing.


@pytest.mark.parametrize("kind", [Kind.UNDERSTANDING, Kind.ACTION, Kind.ANSWER])
def test_a_wrong_decision_of_a_turn_proposes_its_masked_message(parts: Parts, kind: Kind) -> None:
    decisions = turn(parts)
    parts.allow(conversation_of(parts, decisions[kind]), IMPROVEMENT)
    correction_id = review(parts, decisions[kind])
    (one,) = listed(parts)
    assert (one["id"], one["decision_id"]) == (correction_id, decisions[Kind.UNDERSTANDING])
    assert (one["text"], one["wrong_intent"], one["intent"]) == (MASKED, "stock", "order_status")
    assert (one["state"], one["proposed_by"], one["language"]) == ("proposed", "Ruth", "en")
    assert (one["model"], one["decided_by"], one["right_model"]) == ("abc123", None, None)


def test_the_reviewers_own_example_takes_the_messages_place(parts: Parts) -> None:
    proposed(parts, example="is my parcel lost", allowed=False)
    assert listed(parts)[0]["text"] == "is my parcel lost"
    assert "allowed" not in parts.outcomes(conversation_of(parts, listed(parts)[0]["decision_id"]))


@pytest.mark.parametrize("example", [None, MASKED, "Did the parcel of  [ORDER_1] get lost!"])
def test_without_consent_a_proposal_holds_no_words_of_the_visitor(parts: Parts, example: str | None) -> None:
    # Rule C1. Fails when Corrections.propose takes the message, or an example that repeats it, without a grant.
    correction_id = proposed(parts, allowed=False, example=example)
    (one,) = listed(parts)
    assert (one["id"], one["text"], one["state"], one["intent"]) == (correction_id, None, "proposed", "order_status")
    assert row_of(parts, correction_id).text_sealed is None
    conversation = conversation_of(parts, one["decision_id"])
    assert "refused:not_asked" in parts.outcomes(conversation)
    assert decide(parts, correction_id, "is my parcel lost")["text"] == "is my parcel lost"


def test_what_quotes_a_visitor_names_the_consent_it_rests_on(parts: Parts) -> None:
    row = row_of(parts, proposed(parts))
    consent = parts.read(lambda s: s.get_one(ConsentRow, row.consent_record_id))
    assert (consent.purpose, consent.state) == (IMPROVEMENT, "ConsentGiven")


def test_a_consent_for_once_serves_one_review(parts: Parts) -> None:
    decisions = turn(parts)
    conversation = conversation_of(parts, decisions[Kind.UNDERSTANDING])
    parts.allow(conversation, IMPROVEMENT, Scope.ONCE)
    review(parts, decisions[Kind.UNDERSTANDING], "invoice", example="where is it")
    review(parts, decisions[Kind.UNDERSTANDING])
    assert listed(parts)[0]["text"] == MASKED
    review(parts, decisions[Kind.UNDERSTANDING], "refund_status")
    assert listed(parts)[0]["text"] is None


def test_taking_the_consent_back_takes_the_words_out_of_the_proposal(parts: Parts) -> None:
    # Rule C2. Fails when WithdrawalCleanup leaves out `clear_quotes`.
    quoted, own = proposed(parts), proposed(parts, example="is my parcel lost")
    for correction_id in (quoted, own):
        parts.take_back(conversation_of(parts, row_of(parts, correction_id).decision_id), IMPROVEMENT)
    assert {one["id"]: one["text"] for one in listed(parts)} == {quoted: None, own: "is my parcel lost"}


def test_a_grant_quotes_its_own_conversation_only(parts: Parts) -> None:
    # Rule C1. Fails when `visitors_words` does not compare the conversations.
    decision = turn(parts)[Kind.UNDERSTANDING]
    elsewhere = parts.conversation()
    parts.allow(elsewhere, IMPROVEMENT)
    grant = asyncio.run(parts.gate.ask(parts.database, elsewhere, IMPROVEMENT, None))
    assert isinstance(grant, Grant)
    reviews, new = parts.reviews, NewReview(Verdict.WRONG, "wrong_intent", "invoice")
    with pytest.raises(GrantError):
        parts.write(lambda s: reviews.add(s, parts.people["ruth"], decision, new, grant))
    assert listed(parts) == []


@pytest.mark.parametrize("allowed", [True, False])
def test_the_visitors_words_are_never_trained_as_they_stand(parts: Parts, allowed: bool) -> None:
    # The notice promises other words. Fails when Corrections._wording does not compare them.
    correction_id = proposed(parts, "where is my nice parcel", allowed=allowed)
    with pytest.raises(BadRequest) as refusal:
        decide(parts, correction_id, "Where is my nice parcel?")
    assert refusal.value.code == "not_reworded"
    assert decide(parts, correction_id, "where has my parcel gone")["state"] == "accepted"


def test_a_proposal_is_sealed_and_goes_with_the_visitor(parts: Parts) -> None:
    correction_id = proposed(parts)
    row = row_of(parts, correction_id)
    assert row.text is None and row.text_sealed is not None and b"parcel" not in row.text_sealed
    parts.write(lambda s: parts.keyring.destroy(s, row.visitor_id))
    assert [(one["text"], one["state"]) for one in listed(parts)] == [(None, "proposed")]


def test_where_there_is_nothing_to_learn_nothing_is_proposed(parts: Parts) -> None:
    assert review(parts, turn(parts)[Kind.UNDERSTANDING], intent="stock") is None
    assert review(parts, turn(parts, "/stock", source="payload")[Kind.UNDERSTANDING]) is None
    handoff = parts.conversation()
    parts.request(handoff)
    (decision,) = parts.records(handoff)
    assert review(parts, decision["decision_id"]) is None
    assert listed(parts) == []


def test_a_newer_review_takes_the_earlier_proposal_back(parts: Parts) -> None:
    decision = turn(parts)[Kind.UNDERSTANDING]
    review(parts, decision, "invoice")
    newer = review(parts, decision, "refund_status")
    assert [(one["id"], one["intent"]) for one in listed(parts)] == [(newer, "refund_status")]
    assert newer is not None
    decide(parts, newer, "where is my money")
    review(parts, decision, "invoice")
    assert [(one["state"], one["intent"]) for one in listed(parts)] == [
        ("proposed", "invoice"),
        ("accepted", "refund_status"),
    ]


# Deciding.


def test_an_accepted_correction_holds_the_maintainers_words_only(parts: Parts) -> None:
    correction_id = proposed(parts)
    answer = decide(parts, correction_id, "  was [ORDER_1]   lost? ")
    assert (answer["state"], answer["text"], answer["decided_by"]) == ("accepted", "was [ORDER_1] lost?", "Olga")
    assert answer["note"] == "As trained." and listed(parts) == [answer]
    row = row_of(parts, correction_id)
    assert (row.text, row.text_sealed) == ("was [ORDER_1] lost?", None)
    source = parts.read(lambda s: s.get_one(DecisionRow, row.decision_id))
    record = parts.records(source.conversation_id)[-1]
    assert (record["kind"], record["outcome"]) == ("correction", "correction:accepted")
    assert record["input"]["maintainer"] == {"id": parts.people["olga"].id, "login": "olga"}
    assert record["input"]["decision_id"] == source.id and record["result"]["example"] == "was [ORDER_1] lost?"
    assert record["timestamp"].startswith(answer["decided_at"][:26])


def test_a_decision_stays_readable_when_the_visitor_is_erased(parts: Parts) -> None:
    correction_id = proposed(parts)
    parts.write(lambda s: parts.keyring.destroy(s, row_of(parts, correction_id).visitor_id))
    decide(parts, correction_id, None)
    (row,) = parts.read(lambda s: s.scalars(select(DecisionRow).where(DecisionRow.kind == Kind.CORRECTION)).all())
    (record,) = parts.records(row.conversation_id)
    assert (record["outcome"], record["result"]["example"]) == ("correction:refused", None)


def test_a_refused_correction_forgets_the_visitors_words(parts: Parts) -> None:
    correction_id = proposed(parts)
    assert decide(parts, correction_id, None)["state"] == "refused"
    row = row_of(parts, correction_id)
    assert (row.text, row.text_sealed) == (None, None)
    assert [one["text"] for one in listed(parts, CorrectionState.REFUSED)] == [None]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_missing"),
        ("  ", "text_missing"),
        ("where is FH-204817", "holds_identifier"),
        ("mail me at ann@example.com", "holds_identifier"),
        ("call +44 20 7946 0018", "holds_identifier"),
        ("我的订单号是204817", "holds_identifier"),
        ("where is [ORDER_7]", "holds_identifier"),
        ("charge [CARD_1]", "holds_identifier"),
        ("say [ANSWER_1]", "holds_identifier"),
        ("where is [my order](order)", "not_plain"),
        ('where is my {"order": 1}', "not_plain"),
        ("/order_status", "not_plain"),
        ("?!", "not_plain"),
    ],
)
def test_a_wording_that_may_not_be_trained_is_refused(parts: Parts, text: str, code: str) -> None:
    correction_id = proposed(parts)
    with pytest.raises(BadRequest) as refusal:
        decide(parts, correction_id, text)
    assert refusal.value.code == code and refusal.value.message.endswith(".")
    assert [one["state"] for one in listed(parts)] == ["proposed"]
    assert row_of(parts, correction_id).text_sealed is not None


def test_the_companys_own_order_numbers_are_refused(parts: Parts) -> None:
    with pytest.raises(BadRequest, match="number or address"):
        decide(parts, proposed(parts), "where is AB/77", Finder(r"AB/\d{2}"))
    with pytest.raises(BadRequest, match="number or address"):
        decide(parts, proposed(parts), "where is FH-204817", Finder(r"AB/\d{2}"))


def test_a_wording_is_what_the_engine_would_see_of_it() -> None:
    message = mask_example("  Ｗhere is\n[ORDER_1]（ＯＫ）\u200b? ", DEFAULT_FINDER, {"[ORDER_1]"})
    assert (message.text, message.placeholders) == ("Where is [ORDER_1] (OK)?", ("[ORDER_1]",))
    assert (message.conversation_id, message.message_id) == ("", "")
    assert mask_example("[ORDER_1]", DEFAULT_FINDER, {"[ORDER_1]"}).text == "[ORDER_1]"


def test_a_correction_is_decided_once(parts: Parts) -> None:
    correction_id = proposed(parts)
    decide(parts, correction_id, None)
    with pytest.raises(Conflict) as refusal:
        decide(parts, correction_id, "is my parcel lost")
    assert refusal.value.code == "already_decided"
    for unknown in ("cor_unknown", "\0"):
        with pytest.raises(NotFound):
            decide(parts, unknown, None)


def test_one_example_stands_for_one_intent(parts: Parts) -> None:
    decide(parts, proposed(parts), "is it lost")
    decide(parts, proposed(parts), "is it lost")
    with pytest.raises(Conflict) as refusal:
        decide(parts, proposed(parts, intent="complaint"), "is it lost")
    assert refusal.value.code == "stands_for_other" and "order_status" in refusal.value.message


def test_an_intent_that_has_left_the_domain_is_not_trained(parts: Parts) -> None:
    take_turn(parts, parts.conversation(), reply("an_intent_of_old"))
    with pytest.raises(BadRequest) as refusal:
        decide(parts, proposed(parts, intent="an_intent_of_old"), "hello there")
    assert refusal.value.code == "intent_unknown"


def test_those_to_decide_about_come_first(parts: Parts) -> None:
    first, second, third, fourth = (proposed(parts) for _ in range(4))
    decide(parts, first, None)
    decide(parts, second, "is it lost")
    assert [one["id"] for one in listed(parts)] == [third, fourth, second, first]
    assert [one["id"] for one in listed(parts, CorrectionState.PROPOSED)] == [third, fourth]
    assert [one["id"] for one in listed(parts, CorrectionState.ACCEPTED)] == [second]


# Exporting.

EXAMPLES = [
    Example("stock", "有货吗？", "dec_2", "2026-03-02", "wrong_intent"),
    Example("order_status", "off: is it?", "dec_3", "2026-03-01", "other"),
    Example("order_status", "[ORDER_1] - where", "dec_1", "2026-03-01", "wrong_intent"),
    Example("order_status", "off: is it?", "dec_4", "2026-03-05", "other"),
    Example("stock", "- yes #1 'or' \"so\"", "dec_5", "2026-03-05", "other"),
    Example("stock", "on", "dec_6", "2026-03-05", "other"),
]
FILE = """\
# Examples that reviewers proposed and a maintainer accepted. `candor corrections export` writes them anew.
version: "3.1"
nlu:
- intent: order_status
  examples:
  - text: '[ORDER_1] - where'
    metadata:
      source: dec_1
      accepted: '2026-03-01'
      reason: wrong_intent
  - text: 'off: is it?'
    metadata:
      source: dec_3
      accepted: '2026-03-01'
      reason: other
- intent: stock
  examples:
  - text: '- yes #1 ''or'' "so"'
    metadata:
      source: dec_5
      accepted: '2026-03-05'
      reason: other
  - text: 'on'
    metadata:
      source: dec_6
      accepted: '2026-03-05'
      reason: other
  - text: 有货吗？
    metadata:
      source: dec_2
      accepted: '2026-03-02'
      reason: wrong_intent
"""
READ = """
import json, sys
from rasa.shared.nlu.training_data.loading import load_data
for message in load_data(sys.argv[1]).training_examples:
    print(json.dumps([message.get("intent"), message.get("text"), message.get("metadata"), message.get("entities")]))
"""


def test_the_file_is_sorted_and_each_wording_stands_in_it_once() -> None:
    assert training_file(EXAMPLES) == training_file(reversed(EXAMPLES)) == FILE


@pytest.mark.engine
def test_rasa_reads_the_file_as_it_is_meant(tmp_path: Path) -> None:
    need("engine")
    path = tmp_path / "from_reviews.yml"
    path.write_text(training_file(EXAMPLES), encoding="utf-8")
    # Warnings are errors: Rasa only warns of what it leaves out.
    command = [str(engine_python()), "-W", "error::UserWarning", "-c", READ, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    read = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted((intent, text) for intent, text, _, _ in read) == sorted({(one.intent, one.text) for one in EXAMPLES})
    assert all(entities in (None, []) for _, _, _, entities in read)
    sources = {metadata["example"]["source"] for _, _, metadata, _ in read}
    assert sources == {"dec_1", "dec_2", "dec_3", "dec_5", "dec_6"}


def test_the_command_exports_what_was_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANDOR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CANDOR_DEMO", "false")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")
    out = tmp_path / "nlu" / "from_reviews.yml"
    command = ["corrections", "export", "--out", str(out)]
    empty = CliRunner().invoke(candor, command)
    assert (empty.exit_code, out.exists()) == (0, False) and "No correction" in empty.output
    with make_parts(tmp_path) as parts:
        decide(parts, proposed(parts), "is my parcel lost")
        decide(parts, proposed(parts), None)
        proposed(parts)
        (example,) = parts.read(accepted_examples)
    done = CliRunner().invoke(candor, command)
    assert done.exit_code == 0 and "make model" in done.output
    assert out.read_text("utf-8") == training_file([example])
    assert "is my parcel lost" in out.read_text("utf-8") and "wrong_intent" in out.read_text("utf-8")


# Asking a later model.


@dataclass
class Model:
    """An engine with a model that understands what `knows` says, and everything else as stock."""

    name: str
    knows: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    down: bool = False

    async def fingerprint(self) -> str:
        return self.name

    async def understand(self, messages: Sequence[MaskedMessage]) -> tuple[Understanding, ...]:
        if self.down:
            raise EngineError("The assistant is not reachable.")
        self.asked += [message.text for message in messages]
        return tuple(Understanding(self.knows.get(message.text, "stock"), 0.9, (), 0.4) for message in messages)


def ask(parts: Parts, model: Model, finder: Finder = DEFAULT_FINDER) -> int:
    return asyncio.run(retry(parts.database, model, finder, PROJECT))


def test_the_first_later_model_that_gets_it_right_is_linked(parts: Parts) -> None:
    correction_id = proposed(parts)
    decide(parts, correction_id, "is it lost")
    second, third, fourth = (Model(name) for name in ("model-2", "model-3", "model-4"))
    third.knows = fourth.knows = {"is it lost": "order_status"}
    assert [ask(parts, model) for model in (second, second, third, fourth)] == [0, 0, 1, 0]
    assert (second.asked, third.asked, fourth.asked) == (["is it lost"], ["is it lost"], [])
    (one,) = listed(parts)
    assert one["right_model"] == "model-3" and one["right_at"] > one["decided_at"]


def test_the_model_that_was_wrong_is_not_asked_again(parts: Parts) -> None:
    decide(parts, proposed(parts), "is it lost")
    same = Model("abc123", {"is it lost": "order_status"})
    assert ask(parts, same) == 0 and same.asked == []


def test_a_model_from_before_is_no_later_model(parts: Parts) -> None:
    turn(parts, "an earlier turn", fingerprint="older")
    decide(parts, proposed(parts), "is it lost")
    older = Model("older", {"is it lost": "order_status"})
    assert ask(parts, older) == 0 and older.asked == []
    turn(parts, "a later turn", fingerprint="newer")
    newer = Model("newer", {"is it lost": "order_status"})
    assert ask(parts, newer) == 1


def test_only_accepted_corrections_are_asked(parts: Parts) -> None:
    decide(parts, proposed(parts), None)
    proposed(parts)
    model = Model("model-2")
    assert ask(parts, model) == 0 and model.asked == []


def test_a_wording_that_would_be_refused_today_never_reaches_the_engine(parts: Parts) -> None:
    correction_id = proposed(parts)
    decide(parts, correction_id, "where is my AB/77 thing")
    model = Model("model-2")
    assert ask(parts, model, Finder(r"AB/\d{2}")) == 0 and model.asked == []


def test_an_engine_that_stops_answering_is_asked_again(parts: Parts) -> None:
    decide(parts, proposed(parts), "is it lost")
    model = Model("model-2", {"is it lost": "order_status"}, down=True)
    with pytest.raises(EngineError):
        ask(parts, model)
    model.down = False
    assert ask(parts, model) == 1


def test_a_gateway_asks_its_model_at_its_start(tmp_path: Path) -> None:
    with make_parts(tmp_path) as parts:
        correction_id = proposed(parts, intent="refund_policy")
        decide(parts, correction_id, "what of my refund")
        settings, engine = parts.settings, ScriptedEngine()
        with serve(lambda: create_app(build(settings, parts.database, engine))):
            wait_until(lambda: row_of(parts, correction_id).right_model == "scripted", 20)


def test_corrections_are_as_many_as_are_listed_at_once(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.oversight.corrections.LISTED", 2)
    for _ in range(3):
        proposed(parts)
    assert len(listed(parts)) == 2


def test_a_correction_whose_maintainer_was_never_asked_names_none(parts: Parts) -> None:
    """As an erasure leaves it (bot/privacy)."""
    correction_id = proposed(parts)
    ended = {"state": "refused", "text_sealed": None}
    parts.write(lambda s: s.execute(update(CorrectionRow).where(CorrectionRow.id == correction_id).values(**ended)))
    (one,) = listed(parts)
    assert (one["decided_by"], one["decided_at"], one["text"]) == (None, None, None)
