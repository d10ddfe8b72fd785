"""Every table, and the triggers that guard records. Replaces revisions 0001 to 0003, which were never released."""

from typing import Any

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)

from bot.core.errors import CandorError
from bot.db.models import Moment
from bot.migrations import guards

revision = "0003"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_tables()
    guards.fix(
        "decision",
        "id, conversation_id, visitor_id, turn_id, at, kind, intent, confidence, outcome, language, model, commitment",
    )
    guards.fill_once("decision", "leaf_index")
    guards.only_empty("decision_payload", "payload_sealed")
    guards.fix("log_checkpoint", "size, root, note, at")
    guards.fix("review", "id, record_id, decision_id, reviewer_id, verdict, reason, correct_intent, at")
    guards.fix(
        "consent_event",
        "id, subject, visitor_id, conversation_id, purpose, state, scope, at, valid_until, notice, terms, language, "
        "evidence",
    )
    guards.fix("policy", "kind, version, language, text, sha256, change, published_at")


def downgrade() -> None:
    raise CandorError("There is no schema before this one: restore a backup.")


def _where(condition: str) -> dict[str, Any]:
    """The condition of a partial index, in both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def _create_tables() -> None:
    op.create_table(
        "customer",
        Column("id", String(64), primary_key=True),
        Column("hash", String(64), unique=True),
        Column("created_at", Moment, nullable=False),
    )
    op.create_table(
        "decision",
        Column("id", String(64), primary_key=True),
        Column("conversation_id", String(64), nullable=False),
        Column("visitor_id", String(64), nullable=False),
        Column("turn_id", String(64), index=True),
        Column("at", Moment, nullable=False),
        Column("kind", String(24), nullable=False),
        Column("intent", String(64)),
        Column("confidence", Float),
        Column("outcome", String(96), nullable=False),
        Column("language", String(8), nullable=False),
        Column("model", String(64)),
        Column("commitment", String(64), nullable=False),
        Column("leaf_index", Integer),
        Index("decision_at", "at", "id"),
        Index("decision_conversation", "conversation_id", "at"),
        Index("decision_intent", "intent", "at"),
        Index("decision_kind", "kind", "at"),
        Index("decision_language", "language", "at"),
        Index("decision_leaf", "leaf_index", unique=True),
        Index("decision_model", "model", "at"),
        Index("decision_outcome", "outcome", "at"),
        Index("decision_unsealed", "at", "id", **_where("leaf_index IS NULL")),
        Index("decision_unsure", "at", "kind", **_where("confidence < 0.5")),
        Index("decision_visitor", "visitor_id", "at"),
    )
    op.create_table(
        "decision_day",
        Column("kind", String(24), primary_key=True),
        Column("day", String(10), primary_key=True),
        Column("intent", String(64), primary_key=True),
        Column("outcome", String(96), primary_key=True),
        Column("language", String(8), primary_key=True),
        Column("model", String(64), primary_key=True),
        Column("band", Integer, primary_key=True),
        Column("records", Integer, nullable=False),
        Column("confidence_sum", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "identity_use",
        Column("jti_hash", String(64), primary_key=True),
        Column("conversation_id", String(64), nullable=False),
        Column("expires_at", Moment, nullable=False, index=True),
    )
    op.create_table(
        "log_checkpoint",
        Column("size", Integer, primary_key=True, autoincrement=False),
        Column("root", String(64), nullable=False),
        Column("note", Text, nullable=False),
        Column("at", Moment, nullable=False),
        Column("anchored_at", Moment),
    )
    op.create_table(
        "log_tile",
        Column("level", Integer, primary_key=True, autoincrement=False),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("hashes", LargeBinary, nullable=False),
    )
    op.create_table(
        "policy",
        Column("kind", String(16), primary_key=True),
        Column("version", String(32), primary_key=True),
        Column("language", String(8), primary_key=True),
        Column("text", Text, nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("change", Text, nullable=False),
        Column("published_at", Moment, nullable=False),
    )
    op.create_table(
        "retention_run",
        Column("id", String(64), primary_key=True),
        Column("at", Moment, nullable=False, index=True),
        Column("removed", JSON, nullable=False),
    )
    op.create_table(
        "shop_customer",
        Column("id", String(32), primary_key=True),
        Column("name", String(80), nullable=False),
        Column("email", String(120), nullable=False),
        Column("phone", String(40)),
        Column("address", String(200)),
        Column("note", String(200), nullable=False),
    )
    op.create_table(
        "shop_product",
        Column("id", String(32), primary_key=True),
        Column("names", JSON, nullable=False),
        Column("descriptions", JSON, nullable=False),
        Column("price_cents", Integer, nullable=False),
        Column("stock", Integer, nullable=False),
    )
    op.create_table(
        "staff",
        Column("id", String(64), primary_key=True),
        Column("login", String(80), nullable=False, unique=True),
        Column("name", String(80), nullable=False),
        Column("roles", JSON, nullable=False),
        Column("password_hash", String(256), nullable=False),
        Column("created_at", Moment, nullable=False),
    )
    op.create_table(
        "visitor_key",
        Column("visitor_id", String(64), primary_key=True),
        Column("wrapped", LargeBinary),
        Column("created_at", Moment, nullable=False),
        Column("destroyed_at", Moment),
    )
    op.create_table(
        "decision_payload",
        Column("decision_id", String(64), ForeignKey("decision.id"), primary_key=True),
        Column("visitor_id", String(64), nullable=False, index=True),
        Column("payload_sealed", LargeBinary),
    )
    op.create_table(
        "erasure",
        Column("id", String(64), primary_key=True),
        Column("visitor_id", String(64), nullable=False, unique=True),
        Column("record_id", String(64), ForeignKey("decision.id"), nullable=False),
        Column("reason", String(64), nullable=False),
        Column("begun_at", Moment, nullable=False),
        Column("done_at", Moment),
        Column("receipt", JSON, nullable=False),
        Column("request_id", String(64), index=True),
        Column("receipt_hash", String(64)),
    )
    op.create_table(
        "review",
        Column("id", String(64), primary_key=True),
        Column("record_id", String(64), ForeignKey("decision.id"), nullable=False),
        Column("decision_id", String(64), ForeignKey("decision.id"), nullable=False),
        Column("reviewer_id", String(64), ForeignKey("staff.id"), nullable=False),
        Column("verdict", String(16), nullable=False),
        Column("reason", String(32), nullable=False),
        Column("correct_intent", String(64)),
        Column("at", Moment, nullable=False),
        Index("review_at", "at"),
        Index("review_decision", "decision_id", "reviewer_id"),
        Index("review_reviewer", "reviewer_id", "at"),
    )
    op.create_table(
        "shop_order",
        Column("number", String(32), primary_key=True),
        Column("customer_id", String(32), ForeignKey("shop_customer.id"), nullable=False, index=True),
        Column("status", String(24), nullable=False),
        Column("placed_at", Moment, nullable=False),
        Column("updated_at", Moment, nullable=False),
        Column("expected_at", Moment),
        Column("carrier", String(40)),
        Column("tracking", String(40)),
        Column("total_cents", Integer, nullable=False),
        Column("refund_cents", Integer),
        Column("refunded_at", Moment),
        Column("items", JSON, nullable=False),
    )
    op.create_table(
        "shop_view",
        Column("customer_id", String(32), ForeignKey("shop_customer.id"), primary_key=True),
        Column("product_id", String(32), ForeignKey("shop_product.id"), primary_key=True),
        Column("at", Moment, nullable=False),
    )
    op.create_table(
        "staff_session",
        Column("token_hash", String(64), primary_key=True),
        Column("staff_id", String(64), ForeignKey("staff.id"), nullable=False),
        Column("expires_at", Moment, nullable=False),
    )
    op.create_table(
        "stop",
        Column("id", String(64), primary_key=True),
        Column("topic", String(64)),
        Column("reason", String(400), nullable=False),
        Column("at", Moment, nullable=False),
        Column("by_id", String(64), ForeignKey("staff.id"), nullable=False),
        Column("ended_at", Moment),
        Column("ended_by", String(64), ForeignKey("staff.id")),
        Index("stop_active", "at", **_where("ended_at IS NULL")),
    )
    op.create_table(
        "visitor",
        Column("id", String(64), primary_key=True),
        Column("customer_id", String(64), ForeignKey("customer.id"), index=True),
        Column("identity_sealed", LargeBinary),
        Column("created_at", Moment, nullable=False),
    )
    op.create_table(
        "conversation",
        Column("id", String(64), primary_key=True),
        Column("visitor_id", String(64), ForeignKey("visitor.id"), nullable=False, index=True),
        Column("door", String(16), nullable=False),
        Column("external_hash", String(64)),
        Column("token_hash", String(64)),
        Column("language", String(8), nullable=False),
        Column("owner", String(16), nullable=False),
        Column("human_name", String(80)),
        Column("signed_in", Boolean, nullable=False),
        Column("gpc", Boolean, nullable=False),
        Column("policy_version", String(32)),
        Column("choices", String(8)),
        Column("last_event", Integer, nullable=False),
        Column("created_at", Moment, nullable=False),
        Column("engine_forgot_at", Moment),
        UniqueConstraint("door", "external_hash"),
        Index("conversation_created", "created_at", "id"),
    )
    op.create_table(
        "correction",
        Column("id", String(64), primary_key=True),
        Column("review_id", String(64), ForeignKey("review.id"), nullable=False, unique=True),
        Column("decision_id", String(64), ForeignKey("decision.id"), nullable=False, index=True),
        Column("visitor_id", String(64), nullable=False, index=True),
        Column("state", String(16), nullable=False),
        Column("language", String(8), nullable=False),
        Column("wrong_intent", String(64)),
        Column("intent", String(64), nullable=False),
        Column("text_sealed", LargeBinary),
        Column("consent_record_id", String(64)),
        Column("text", Text),
        Column("model", String(64)),
        Column("proposed_at", Moment, nullable=False),
        Column("decided_at", Moment),
        Column("decided_by", String(64), ForeignKey("staff.id")),
        Column("note", String(400)),
        Column("tried_model", String(64)),
        Column("right_model", String(64)),
        Column("right_at", Moment),
        Index("correction_state", "state", "proposed_at"),
    )
    op.create_table(
        "consent_event",
        Column("id", String(64), primary_key=True),
        Column("subject", String(64), nullable=False),
        Column("visitor_id", String(64), ForeignKey("visitor.id"), nullable=False, index=True),
        Column("conversation_id", String(64), ForeignKey("conversation.id"), nullable=False, index=True),
        Column("purpose", String(64), nullable=False),
        Column("state", String(32), nullable=False),
        Column("scope", String(16)),
        Column("at", Moment, nullable=False),
        Column("valid_until", Moment),
        Column("notice", String(128), nullable=False),
        Column("terms", String(64), nullable=False),
        Column("language", String(8), nullable=False),
        Column("evidence", JSON, nullable=False),
        Index("consent_ends", "state", "valid_until"),
        Index("consent_state", "subject", "purpose", "at"),
    )
    op.create_table(
        "delivery",
        Column("conversation_id", String(64), ForeignKey("conversation.id"), primary_key=True),
        Column("client", String(32), primary_key=True),
        Column("seq", Integer, nullable=False),
    )
    op.create_table(
        "disclosure",
        Column("id", String(64), primary_key=True),
        Column("conversation_id", String(64), ForeignKey("conversation.id"), nullable=False, index=True),
        Column("version", String(32), nullable=False),
        Column("language", String(8), nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("how", String(32), nullable=False),
        Column("shown_at", Moment, nullable=False),
    )
    op.create_table(
        "handoff",
        Column("id", String(64), primary_key=True),
        Column("conversation_id", String(64), ForeignKey("conversation.id"), nullable=False, index=True),
        Column("state", String(16), nullable=False),
        Column("trigger", String(16), nullable=False),
        Column("reason", String(160), nullable=False),
        Column("language", String(8), nullable=False),
        Column("requested_at", Moment, nullable=False),
        Column("queued_at", Moment, nullable=False),
        Column("expires_at", Moment, nullable=False),
        Column("accepted_at", Moment),
        Column("ended_at", Moment),
        Column("agent_id", String(64), ForeignKey("staff.id")),
        Column("agent_name", String(80)),
        Column("contact_sealed", LargeBinary),
        Column("contact_purpose", String(64)),
        Index("handoff_open", "conversation_id", unique=True, **_where("state IN ('queued', 'accepted')")),
        Index("handoff_state", "state", "queued_at"),
    )
    op.create_table(
        "hold",
        Column("id", String(64), primary_key=True),
        Column("conversation_id", String(64), ForeignKey("conversation.id"), nullable=False, index=True),
        Column("reason", String(400), nullable=False),
        Column("by", String(80), nullable=False),
        Column("at", Moment, nullable=False),
        Column("ended_at", Moment),
        Column("ended_by", String(80)),
    )
    op.create_table(
        "message",
        Column("id", String(64), primary_key=True),
        Column("conversation_id", String(64), ForeignKey("conversation.id"), nullable=False),
        Column("client_message_id", String(80)),
        Column("author", String(16), nullable=False),
        Column("author_name", String(80)),
        Column("reply_to", String(64)),
        Column("body_sealed", LargeBinary, nullable=False),
        Column("turn", String(16)),
        Column("created_at", Moment, nullable=False),
        UniqueConstraint("conversation_id", "client_message_id"),
        Index("message_conversation", "conversation_id", "created_at"),
        Index("message_open", "turn", **_where("turn = 'accepted'")),
    )
    op.create_table(
        "outbox",
        Column("conversation_id", String(64), ForeignKey("conversation.id"), primary_key=True),
        Column("seq", Integer, primary_key=True),
        Column("kind", String(16), nullable=False),
        Column("message_id", String(64)),
        Column("data_sealed", LargeBinary, nullable=False),
        Column("created_at", Moment, nullable=False),
    )
    op.create_table(
        "placeholder",
        Column("conversation_id", String(64), ForeignKey("conversation.id"), primary_key=True),
        Column("name", String(32), primary_key=True),
        Column("kind", String(16), nullable=False),
        Column("value_hash", String(64), nullable=False),
        Column("value_sealed", LargeBinary, nullable=False),
        Column("purpose", String(64)),
        Index("placeholder_value", "conversation_id", "kind", "value_hash"),
    )
    op.create_table(
        "contest",
        Column("id", String(64), primary_key=True),
        Column("conversation_id", String(64), ForeignKey("conversation.id"), nullable=False, index=True),
        Column("message_id", String(64), ForeignKey("message.id"), nullable=False, unique=True),
        Column("decision_id", String(64), ForeignKey("decision.id"), index=True),
        Column("state", String(16), nullable=False),
        Column("reason_sealed", LargeBinary),
        Column("contact_sealed", LargeBinary),
        Column("language", String(8), nullable=False),
        Column("at", Moment, nullable=False),
        Column("decided_at", Moment),
        Column("reviewer_id", String(64), ForeignKey("staff.id")),
        Column("answer_sealed", LargeBinary),
        Index("contest_state", "state", "at"),
    )
