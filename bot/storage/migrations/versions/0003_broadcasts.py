"""Broadcasts, a row for each recipient, and what answers must keep for them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ANSWERED = (
    ("message_id", sa.BigInteger()),
    ("status", sa.String(11)),
    ("reason", sa.String(32)),
    ("region", sa.String(2)),
    ("covered_until", sa.Date()),
    ("rules_version", sa.String(12)),
    ("generation", sa.String(64)),
)


def upgrade() -> None:
    # Not by copying the table: that would take the rows that refer to it along.
    op.add_column("subscribers", sa.Column("inactive_since", sa.DateTime(timezone=True)))
    for name, kind in _ANSWERED:
        op.add_column("answers", sa.Column(name, kind))
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("author", sa.BigInteger(), nullable=False),
        sa.Column("approver", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(17), nullable=False),
        sa.Column("pause_reason", sa.String(8), nullable=True),
        sa.Column("wordings", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("rather_twice", sa.Boolean(), nullable=False),
        sa.Column("is_paid", sa.Boolean(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totals", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_broadcasts"),
    )
    op.create_index("ix_broadcasts_nonce", "broadcasts", ["nonce"], unique=True)
    op.create_index("ix_broadcasts_state", "broadcasts", ["state"])
    op.create_table(
        "deliveries",
        sa.Column("broadcast_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger(), nullable=False),
        sa.Column("locale", sa.String(2), nullable=False),
        sa.Column("state", sa.String(11), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("token", sa.String(22), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply_to", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(64), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawal", sa.String(6), nullable=True),
        sa.PrimaryKeyConstraint("broadcast_id", "subscriber_id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["broadcast_id"],
            ["broadcasts.id"],
            name="fk_deliveries_broadcast_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name="fk_deliveries_subscriber_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_deliveries_broadcast_id", "deliveries", ["broadcast_id", "state", "subscriber_id"]
    )
    op.create_index("ix_deliveries_subscriber_id", "deliveries", ["subscriber_id"])


def downgrade() -> None:
    op.drop_table("deliveries")
    op.drop_table("broadcasts")
    for name, _kind in _ANSWERED:
        op.drop_column("answers", name)
    op.drop_column("subscribers", "inactive_since")
