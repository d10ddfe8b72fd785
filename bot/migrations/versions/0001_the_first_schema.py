"""The first schema."""

import sqlalchemy as sa
from alembic import op

import bot.db.models
from bot.migrations import guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("visitor_id", sa.String(length=64), nullable=False),
        sa.Column("turn_id", sa.String(length=64), nullable=True),
        sa.Column("at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("outcome", sa.String(length=96), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("leaf_index", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index("decision_at", ["at", "id"], unique=False)
        batch_op.create_index("decision_conversation", ["conversation_id", "at"], unique=False)
        batch_op.create_index("decision_intent", ["intent", "at"], unique=False)
        batch_op.create_index("decision_kind", ["kind", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_turn_id"), ["turn_id"], unique=False)

    op.create_table(
        "shop_customer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "shop_product",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("descriptions", sa.JSON(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.String(length=256), nullable=False),
        sa.Column("created_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "visitor",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("customer_hash", sa.String(length=64), nullable=True),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visitor_customer_hash"), ["customer_hash"], unique=False)

    op.create_table(
        "visitor_key",
        sa.Column("visitor_id", sa.String(length=64), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("destroyed_at", bot.db.models.Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("visitor_id"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("visitor_id", sa.String(length=64), nullable=False),
        sa.Column("door", sa.String(length=16), nullable=False),
        sa.Column("external_hash", sa.String(length=64), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("owner", sa.String(length=16), nullable=False),
        sa.Column("human_name", sa.String(length=80), nullable=True),
        sa.Column("signed_in", sa.Boolean(), nullable=False),
        sa.Column("gpc", sa.Boolean(), nullable=False),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.Column("created_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("door", "external_hash"),
    )
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversation_visitor_id"), ["visitor_id"], unique=False)

    op.create_table(
        "decision_payload",
        sa.Column("decision_id", sa.String(length=64), nullable=False),
        sa.Column("visitor_id", sa.String(length=64), nullable=False),
        sa.Column("payload_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
        ),
        sa.PrimaryKeyConstraint("decision_id"),
    )
    with op.batch_alter_table("decision_payload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_payload_visitor_id"), ["visitor_id"], unique=False)

    op.create_table(
        "shop_order",
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("placed_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("updated_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("expected_at", bot.db.models.Moment(timezone=True), nullable=True),
        sa.Column("carrier", sa.String(length=40), nullable=True),
        sa.Column("tracking", sa.String(length=40), nullable=True),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("refund_cents", sa.Integer(), nullable=True),
        sa.Column("refunded_at", bot.db.models.Moment(timezone=True), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["shop_customer.id"],
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    with op.batch_alter_table("shop_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shop_order_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("expires_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_table(
        "consent_event",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("visitor_id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("valid_until", bot.db.models.Moment(timezone=True), nullable=True),
        sa.Column("notice", sa.String(length=128), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"],
            ["visitor.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("consent_event", schema=None) as batch_op:
        batch_op.create_index("consent_state", ["visitor_id", "purpose", "at"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("client", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
        ),
        sa.PrimaryKeyConstraint("conversation_id", "client"),
    )
    op.create_table(
        "disclosure",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.Column("shown_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disclosure_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "handoff",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("trigger", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=160), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("requested_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("queued_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("accepted_at", bot.db.models.Moment(timezone=True), nullable=True),
        sa.Column("ended_at", bot.db.models.Moment(timezone=True), nullable=True),
        sa.Column("agent_id", sa.String(length=64), nullable=True),
        sa.Column("agent_name", sa.String(length=80), nullable=True),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["staff.id"],
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("handoff", schema=None) as batch_op:
        batch_op.create_index(
            "handoff_open",
            ["conversation_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('queued', 'accepted')"),
            postgresql_where=sa.text("state IN ('queued', 'accepted')"),
        )
        batch_op.create_index("handoff_state", ["state", "queued_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_handoff_conversation_id"), ["conversation_id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("client_message_id", sa.String(length=80), nullable=True),
        sa.Column("author", sa.String(length=16), nullable=False),
        sa.Column("author_name", sa.String(length=80), nullable=True),
        sa.Column("reply_to", sa.String(length=64), nullable=True),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("turn", sa.String(length=16), nullable=True),
        sa.Column("created_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("conversation_id", "client_message_id"),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("message_conversation", ["conversation_id", "created_at"], unique=False)
        batch_op.create_index(
            "message_open",
            ["turn"],
            unique=False,
            sqlite_where=sa.text("turn = 'accepted'"),
            postgresql_where=sa.text("turn = 'accepted'"),
        )

    op.create_table(
        "outbox",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=True),
        sa.Column("data_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq"),
    )
    op.create_table(
        "placeholder",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value_hash", sa.String(length=64), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
        ),
        sa.PrimaryKeyConstraint("conversation_id", "name"),
    )
    with op.batch_alter_table("placeholder", schema=None) as batch_op:
        batch_op.create_index("placeholder_value", ["conversation_id", "kind", "value_hash"], unique=False)
    guards.fix(
        "decision",
        "id, conversation_id, visitor_id, turn_id, at, kind, intent, confidence, outcome, language, commitment",
    )
    guards.fix(
        "consent_event", "id, visitor_id, conversation_id, purpose, state, at, valid_until, notice, language, evidence"
    )


def downgrade() -> None:
    with op.batch_alter_table("placeholder", schema=None) as batch_op:
        batch_op.drop_index("placeholder_value")

    op.drop_table("placeholder")
    op.drop_table("outbox")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "message_open", sqlite_where=sa.text("turn = 'accepted'"), postgresql_where=sa.text("turn = 'accepted'")
        )
        batch_op.drop_index("message_conversation")

    op.drop_table("message")
    with op.batch_alter_table("handoff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handoff_conversation_id"))
        batch_op.drop_index("handoff_state")
        batch_op.drop_index(
            "handoff_open",
            sqlite_where=sa.text("state IN ('queued', 'accepted')"),
            postgresql_where=sa.text("state IN ('queued', 'accepted')"),
        )

    op.drop_table("handoff")
    with op.batch_alter_table("disclosure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disclosure_conversation_id"))

    op.drop_table("disclosure")
    op.drop_table("delivery")
    with op.batch_alter_table("consent_event", schema=None) as batch_op:
        batch_op.drop_index("consent_state")

    op.drop_table("consent_event")
    op.drop_table("staff_session")
    with op.batch_alter_table("shop_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shop_order_customer_id"))

    op.drop_table("shop_order")
    with op.batch_alter_table("decision_payload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_payload_visitor_id"))

    op.drop_table("decision_payload")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversation_visitor_id"))

    op.drop_table("conversation")
    op.drop_table("visitor_key")
    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visitor_customer_hash"))

    op.drop_table("visitor")
    op.drop_table("staff")
    op.drop_table("shop_product")
    op.drop_table("shop_customer")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_turn_id"))
        batch_op.drop_index("decision_kind")
        batch_op.drop_index("decision_intent")
        batch_op.drop_index("decision_conversation")
        batch_op.drop_index("decision_at")

    op.drop_table("decision")
