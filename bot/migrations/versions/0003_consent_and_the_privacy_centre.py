"""consent and the privacy centre."""

import sqlalchemy as sa
from alembic import op

import bot.db.models
from bot.core.errors import CandorError
from bot.core.ids import new_id
from bot.migrations import guards

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FIXED = (
    "id, subject, visitor_id, conversation_id, purpose, state, scope, at, valid_until, notice, terms, language, "
    "evidence"
)


def upgrade() -> None:
    op.create_table(
        "customer",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hash"),
    )
    op.create_table(
        "identity_use",
        sa.Column("jti_hash", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("expires_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("jti_hash"),
    )
    with op.batch_alter_table("identity_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_use_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "policy",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("published_at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "version", "language"),
    )
    op.create_table(
        "retention_run",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("retention_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retention_run_at"), ["at"], unique=False)

    op.create_table(
        "shop_view",
        sa.Column("customer_id", sa.String(length=32), nullable=False),
        sa.Column("product_id", sa.String(length=32), nullable=False),
        sa.Column("at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["shop_customer.id"],
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["shop_product.id"],
        ),
        sa.PrimaryKeyConstraint("customer_id", "product_id"),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", bot.db.models.Moment(timezone=True), nullable=False),
        sa.Column("ended_at", bot.db.models.Moment(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hold_conversation_id"), ["conversation_id"], unique=False)

    for column in (
        sa.Column("subject", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("scope", sa.String(length=16), nullable=True),
        sa.Column("terms", sa.String(length=64), nullable=False, server_default=""),
    ):
        op.add_column("consent_event", column)
    # Choices made before belong to the device they were made on; their terms are unknown, so a yes is asked for anew.
    op.execute("UPDATE consent_event SET subject = visitor_id")
    op.drop_index("consent_state", table_name="consent_event")
    op.create_index("consent_state", "consent_event", ["subject", "purpose", "at"], unique=False)
    op.create_index("consent_ends", "consent_event", ["state", "valid_until"], unique=False)
    op.create_index(op.f("ix_consent_event_conversation_id"), "consent_event", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_consent_event_visitor_id"), "consent_event", ["visitor_id"], unique=False)
    guards.drop("consent_event", "fixed")
    guards.drop("consent_event", "kept")
    guards.fix("consent_event", FIXED)
    guards.fix("policy", "kind, version, language, text, sha256, change, published_at")

    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("policy_version", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("choices", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("engine_forgot_at", bot.db.models.Moment(timezone=True), nullable=True))
        batch_op.create_index("conversation_created", ["created_at", "id"], unique=False)

    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("request_id", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("receipt_hash", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_erasure_request_id"), ["request_id"], unique=False)

    op.add_column("handoff", sa.Column("contact_purpose", sa.String(length=64), nullable=True))
    op.add_column("correction", sa.Column("consent_record_id", sa.String(length=64), nullable=True))
    # Nobody was asked before: a maintainer words these proposals anew.
    op.execute("UPDATE correction SET text_sealed = NULL WHERE state = 'proposed'")
    with op.batch_alter_table("shop_customer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("address", sa.String(length=200), nullable=True))

    op.add_column("visitor", sa.Column("customer_id", sa.String(length=64), nullable=True))
    _customers_of_visitors()
    with op.batch_alter_table("visitor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visitor_customer_hash"))
        batch_op.create_index(batch_op.f("ix_visitor_customer_id"), ["customer_id"], unique=False)
        batch_op.create_foreign_key("visitor_customer", "customer", ["customer_id"], ["id"])
        batch_op.drop_column("customer_hash")


def _customers_of_visitors() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("SELECT customer_hash, min(created_at) FROM visitor WHERE customer_hash IS NOT NULL GROUP BY 1")
    ).all()
    for digest, moment in rows:
        values = {"id": new_id("cus"), "hash": digest, "at": moment}
        connection.execute(sa.text("INSERT INTO customer (id, hash, created_at) VALUES (:id, :hash, :at)"), values)
        connection.execute(sa.text("UPDATE visitor SET customer_id = :id WHERE customer_hash = :hash"), values)


def downgrade() -> None:
    raise CandorError("Consent records are not taken away again: restore a backup made before them.")
