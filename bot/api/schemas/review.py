"""Models of the review console: decisions, the log, reviews, contests, corrections, charts and stops."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field, StringConstraints

from bot.api.schemas.base import Moment, Schema, StrictBody, WrittenText
from bot.api.schemas.chat import ContestState
from bot.core.messages import Author
from bot.oversight.repository.corrections import CorrectionState
from bot.oversight.repository.metrics import By
from bot.oversight.reviews import Verdict

Trimmed: TypeAlias = StringConstraints(strip_whitespace=True)  # type: ignore[valid-type]
Share = Annotated[float | None, Field(description="0 to 1; null where there is nothing to share.")]


class DecisionSummary(Schema):
    """One record as lists show it, from its open columns."""

    decision_id: str
    timestamp: Moment
    kind: str = Field(description="As `GET /api/review/choices` lists them.", examples=["answer"])
    intent: str | None
    confidence: float | None
    outcome: str
    conversation_id: str = Field(description="Empty when it is about none.")
    language: str
    model: str | None = Field(description="The model's fingerprint.")
    leaf_index: int | None = Field(description="Its place in the log; null until it is sealed.")
    summary: str = Field(description="One line in words.")
    verdict: Verdict | None = Field(description="Of the newest review that this reader may see.")
    contest: ContestState | None


class DecisionPage(Schema):
    """A page of records, newest first."""

    decisions: list[DecisionSummary]
    next_cursor: str | None
    more: bool = Field(description="Go on with `next_cursor`; the page may be short or empty all the same.")


class Fact(Schema):
    """One fact about a record."""

    label: str
    value: str


class ExplainedRecord(Schema):
    """A record in plain words."""

    title: str
    text: str
    facts: list[Fact]


class RankedIntent(Schema):
    """One of the meanings that were considered."""

    name: str
    confidence: float


class Erasure(Schema):
    """The erasure that emptied a record. What is not known of it is null."""

    at: Moment | None
    reason: str | None
    record_id: str | None


class PersonalData(Schema):
    """A category of personal data that was read in the turn, and the consent behind it."""

    category: str
    category_title: str
    purpose: str | None
    purpose_title: str | None
    consent_record_id: str | None
    consent_state: str | None
    consent_at: Moment | None
    lawful_basis: str | None


class Step(Schema):
    """A step of the turn, or a record written in it."""

    name: str
    title: str
    start_ms: float = Field(description="From the turn's start.")
    ms: float


class DecisionReview(Schema):
    """A reviewer's verdict. Texts that were erased are null."""

    review_id: str
    decision_id: str
    reviewer: str
    verdict: Verdict
    reason: str
    correct_intent: str | None
    correct_answer: str | None
    note: str | None
    at: Moment
    record_id: str


class AddedReview(DecisionReview):
    """The review that was recorded."""

    correction_id: str | None = Field(description="The training example that it proposes.")


class ContestedDecision(Schema):
    """A contest. Its texts are null in lists, where they were not written, and once erased."""

    id: str
    decision_id: str | None
    conversation_id: str
    message_id: str
    state: ContestState
    language: str
    at: Moment
    reason: str | None = Field(description="The visitor's words.")
    contact: str | None = Field(description="The address that the visitor left.")
    reply: str | None = Field(description="The contested reply.")
    decided_at: Moment | None
    reviewer: str | None
    words: str | None = Field(description="The reviewer's, to the visitor.")


class ReadContest(ContestedDecision):
    """A contest as its reviewer reads it."""

    contact_note: str | None = Field(description="What is asked of the reviewer where an address was left.")


class Contests(Schema):
    """Contests, longest waiting first."""

    contests: list[ContestedDecision]


class ContestRuling(StrictBody):
    """A reviewer's decision about a contested reply."""

    outcome: Literal["upheld", "overturned"] = Field(description="upheld: the reply stands; overturned: it was wrong.")
    words: WrittenText = Field(
        max_length=2000, description="To the visitor, who reads them in the chat as the reviewer's."
    )
    written: bool = Field(
        False,
        description="Recorded as said: the reviewer wrote to the address left, too. Candor itself sends no mail.",
    )


class Decision(Schema):
    """One record with all that belongs to it.

    Beside the fields named here it has those of the payload (`/log/schema`), while it can be opened; of an erased or
    damaged record the fields of its summary are left.
    """

    model_config = ConfigDict(extra="allow")

    decision_id: str
    timestamp: Moment
    kind: str = Field(description="As `GET /api/review/choices` lists them.", examples=["answer"])
    intent: str | None
    confidence: float | None
    outcome: str
    conversation_id: str
    language: str
    turn_id: str | None
    commitment: str
    erased: list[str] = Field(description="JSON Pointers to what is not there; `/` for all of it.")
    header: str = Field(description="The text whose hash is the record's leaf.")
    salt: str | None = Field(description="Hex; null when it cannot be opened.")
    payload: str | None = Field(description="The text that was committed to; null when it cannot be opened.")
    leaf_index: int | None
    explanation: ExplainedRecord
    ranking: list[RankedIntent]
    threshold: float | None
    turn: list[DecisionSummary] = Field(description="All records of the turn, in order.")
    erasure: Erasure | None
    damaged: bool = Field(description="What is stored is not what was sealed.")
    personal: list[PersonalData]
    waterfall: list[Step]
    reviews: list[DecisionReview]
    contest: ContestedDecision | None


class Proof(Schema):
    """The proof that a record is in the log (RFC 9162). Hashes are hex."""

    decision_id: str
    leaf_index: int
    tree_size: int
    leaf_data: str = Field(description="Base64.")
    leaf_hash: str
    path: list[str]
    root: str
    checkpoint: str = Field(description="A signed note.")
    verifier_key: str


class SaidMessage(Schema):
    """A message of a conversation."""

    id: str
    author: Author
    author_name: str | None
    text: str
    created_at: Moment
    reply_to: str | None


class ReviewedConversation(Schema):
    """The newest messages and decisions of a conversation, in order."""

    conversation_id: str
    language: str
    erased: bool
    messages: list[SaidMessage]
    decisions: list[DecisionSummary]


class LogState(Schema):
    """How much of the log is signed, and whether anything is wrong with it."""

    size: int
    pending: int = Field(description="Records that are not sealed yet; at most 10,000 are counted.")
    sealed_at: Moment | None
    checkpoint: str | None = Field(description="A signed note.")
    verifier_key: str
    trouble: str | None = Field(description="Why nothing is sealed now.")


class NamedChoice(Schema):
    """A name and its title in words."""

    name: str
    title: str


class ModelInUse(Schema):
    """A model and its time in use."""

    fingerprint: str
    first_day: str = Field(examples=["2026-03-01"])
    last_day: str


class ReviewReason(Schema):
    """A reason that a review may give."""

    code: str
    title: str
    verdicts: list[Verdict] = Field(description="The verdicts that it can explain.")


class Choices(Schema):
    """What filters can choose from, which is what is on record, and what reviews can."""

    kinds: list[NamedChoice]
    intents: list[str]
    outcomes: list[str]
    languages: list[str]
    models: list[ModelInUse]
    reasons: list[ReviewReason]
    right_intents: list[str] = Field(description="The intents that the assistant can learn.")


class QueueHint(Schema):
    """A queue of decisions to review."""

    name: str
    title: str
    count_hint: int | None = Field(description="At most 100; null for a sample, which has no length.")


class ReviewQueue(Schema):
    """The next decisions of a queue."""

    queue: str
    title: str
    explanation: str
    decisions: list[DecisionSummary]


class NewReview(StrictBody):
    """A verdict with its reason; empty texts count as left out."""

    verdict: Verdict
    reason: Annotated[str, Field(max_length=32)]
    correct_intent: Annotated[str | None, Field(max_length=64), Trimmed] = None
    correct_answer: Annotated[str | None, Field(max_length=2000), Trimmed] = None
    note: Annotated[str | None, Field(max_length=2000), Trimmed] = None
    example: Annotated[str | None, Field(max_length=500), Trimmed] = Field(
        None, description="The reviewer's wording of what the visitor said, for training."
    )


class GivenVerdict(Schema):
    """One of two verdicts that disagree."""

    reviewer: str
    verdict: Verdict


class Disagreement(Schema):
    """A decision that two reviewers judged differently."""

    decision_id: str
    summary: str
    verdicts: list[GivenVerdict]


class Agreement(Schema):
    """How far two reviewers of the same decision came to the same verdict."""

    reviewed: int
    twice: int = Field(description="Decisions that two reviewers judged.")
    agreed: int
    share: Share
    kappa: float | None = Field(description="Cohen's: 1 is full agreement, 0 what chance would give.")
    disagreements: list[Disagreement]


class ProposedCorrection(Schema):
    """A training example that a review proposed."""

    id: str
    decision_id: str
    review_id: str
    language: str
    wrong_intent: str | None
    intent: str
    text: str | None = Field(description="Null when nobody has worded it, or it was erased.")
    quoted: bool = Field(description="The text is the visitor's own, under their consent.")
    state: CorrectionState
    proposed_at: Moment
    proposed_by: str
    decided_at: Moment | None
    decided_by: str | None
    note: str | None
    model: str | None = Field(description="The fingerprint of the model that was wrong.")
    right_model: str | None = Field(description="The first later model that understands it rightly.")
    right_at: Moment | None


class Corrections(Schema):
    """Corrections, those to decide about first."""

    corrections: list[ProposedCorrection]


class CorrectionRuling(StrictBody):
    """Accept, with the example in the maintainer's own words, or refuse."""

    accept: bool
    text: Annotated[str | None, Field(max_length=500), Trimmed] = None
    note: Annotated[str | None, Field(max_length=400, pattern=r"^[^\x00]*$"), Trimmed] = None


class ChartRow(Schema):
    """The figures of one day, language or model. Rates are per turn."""

    key: str = Field(description="A day (UTC), a language's tag, or a model's fingerprint; empty for no model.")
    turns: int
    handoffs: int
    handoff_rate: Share
    fallbacks: int
    fallback_rate: Share
    failures: int
    confidence_mean: Share
    confidence_low_share: Share
    human_wait_seconds_median: float | None
    agreement: Share


class Charts(Schema):
    """The rows that have anything to show."""

    by: By
    rows: list[ChartRow]


class Stop(Schema):
    """A stop of the assistant or of one topic."""

    id: str
    topic: str | None = Field(description="Null: the whole assistant.")
    title: str
    reason: str
    at: Moment
    by: str | None
    ended_at: Moment | None
    ended_by: str | None


class StopSentences(Schema):
    """What visitors read."""

    everything: str
    topic: str


class Stops(Schema):
    """Stops, those that are on first; and what can be stopped."""

    stops: list[Stop]
    topics: list[NamedChoice]
    told: StopSentences


class NewStop(StrictBody):
    """What is to be stopped, and why."""

    topic: str | None = Field(max_length=64, description="A topic's name; null stops the whole assistant.")
    reason: WrittenText = Field(max_length=400, description="For the record and for colleagues; no visitor's data.")
