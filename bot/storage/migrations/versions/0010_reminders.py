"""Reminders with a row for each thing told, and who wants no broadcasts."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not by copying the table: that would take the rows that refer to it along.
    op.add_column(
        "subscribers",
        sa.Column("accepts_broadcasts", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger(), nullable=False),
        sa.Column("record_key", sa.LargeBinary(), nullable=False),
        sa.Column("last4", sa.String(4), nullable=False),
        sa.Column("is_covered", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("looked_on", sa.Date(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.String(22), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
        sa.UniqueConstraint("subscriber_id", "record_key", name="uq_reminders_subscriber_id"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name="fk_reminders_subscriber_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_reminders_ends_on", "reminders", ["ends_on", "id"])
    op.create_table(
        "reminder_notices",
        sa.Column("reminder_id", sa.String(22), nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subscriber_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(11), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reminder_id", "kind", "day", name="pk_reminder_notices"),
        sa.ForeignKeyConstraint(
            ["reminder_id"],
            ["reminders.id"],
            name="fk_reminder_notices_reminder_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name="fk_reminder_notices_subscriber_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_reminder_notices_state", "reminder_notices", ["state", "lease_until"])
    op.create_index("ix_reminder_notices_changed_at", "reminder_notices", ["changed_at"])
    op.create_index("ix_reminder_notices_subscriber_id", "reminder_notices", ["subscriber_id"])


def downgrade() -> None:
    op.drop_table("reminder_notices")
    op.drop_table("reminders")
    op.drop_column("subscribers", "accepts_broadcasts")
