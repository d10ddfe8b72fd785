"""the sealed log."""

import sqlalchemy as sa
from alembic import op

import bot.db.models
from bot.core.errors import CandorError
from bot.migrations import guards

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM decision")):
        # Only unreleased versions wrote such records; sealing them would make evidence of what is none.
        raise CandorError(
            "This database is from before the sealed log. Start with an empty one: set CANDOR_DATA_DIR or DATABASE_URL."
        )
    op.create_table(
        "decision_day",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=96), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("confidence_sum", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "day", "intent", "outcome", "language", "model", "band"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("anchored_at", bot.db.models.Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "log_tile",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number"),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("visitor_id", sa.String(length=64), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("begun_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("done_at", bot.db.models.Moment(timezone=True), nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["decision.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("visitor_id"),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("decision_id", sa.String(length=64), nullable=False),
        sa.Column("reviewer_id", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("correct_intent", sa.String(length=64), nullable=True),
        sa.Column("at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["decision.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index("review_at", ["at"], unique=False)
        batch_op.create_index("review_decision", ["decision_id", "reviewer_id"], unique=False)
        batch_op.create_index("review_reviewer", ["reviewer_id", "at"], unique=False)

    op.create_table(
        "stop",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("ended_at", bot.db.models.Moment(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("stop", schema=None) as batch_op:
        batch_op.create_index(
            "stop_active",
            ["at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
    op.create_table(
        "correction",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("review_id", sa.String(length=64), nullable=False),
        sa.Column("decision_id", sa.String(length=64), nullable=False),
        sa.Column("visitor_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("wrong_intent", sa.String(length=64), nullable=True),
        sa.Column("intent", sa.String(length=64), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("model", sa.String(length=64), nullable=True),
        sa.Column("proposed_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("decided_at", bot.db.models.Moment(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("tried_model", sa.String(length=64), nullable=True),
        sa.Column("right_model", sa.String(length=64), nullable=True),
        sa.Column("right_at", bot.db.models.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["review.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("review_id"),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index("correction_state", ["state", "proposed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_correction_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_correction_visitor_id"), ["visitor_id"], unique=False)

    op.create_table(
        "contest",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("decision_id", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("decided_at", bot.db.models.Moment(timezone=True), nullable=True),
        sa.Column("reviewer_id", sa.String(length=64), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
    )
    with op.batch_alter_table("contest", schema=None) as batch_op:
        batch_op.create_index("contest_state", ["state", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_contest_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contest_decision_id"), ["decision_id"], unique=False)

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("model", sa.String(length=64), nullable=True))
        batch_op.create_index("decision_language", ["language", "at"], unique=False)
        batch_op.create_index("decision_leaf", ["leaf_index"], unique=True)
        batch_op.create_index("decision_model", ["model", "at"], unique=False)
        batch_op.create_index("decision_outcome", ["outcome", "at"], unique=False)
        batch_op.create_index(
            "decision_unsealed",
            ["at", "id"],
            unique=False,
            sqlite_where=sa.text("leaf_index IS NULL"),
            postgresql_where=sa.text("leaf_index IS NULL"),
        )
        batch_op.create_index(
            "decision_unsure",
            ["at", "kind"],
            unique=False,
            sqlite_where=sa.text("confidence < 0.5"),
            postgresql_where=sa.text("confidence < 0.5"),
        )
        batch_op.create_index("decision_visitor", ["visitor_id", "at"], unique=False)

    guards.drop("decision", "fixed")
    guards.drop("decision", "kept")
    guards.fix(
        "decision",
        "id, conversation_id, visitor_id, turn_id, at, kind, intent, confidence, outcome, language, model, commitment",
    )
    guards.fill_once("decision", "leaf_index")
    guards.only_empty("decision_payload", "payload_sealed")
    guards.fix("log_checkpoint", "size, root, note, at")
    guards.fix("review", "id, record_id, decision_id, reviewer_id, verdict, reason, correct_intent, at")


def downgrade() -> None:
    raise CandorError("The sealed log is not taken away again: restore a backup made before it.")
