"""Turns that several processes share."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "turns",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_turns"),
    )
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    names = ("bulk", "paid", "reminder", "broadcast")
    op.bulk_insert(table, [{"name": name, "free_at": long_ago} for name in names])


def downgrade() -> None:
    op.drop_table("turns")
