"""What administrators were told of new generations of the register."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register_news",
        sa.Column("generation", sa.String(64), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("generation", "operator_id", name="pk_register_news"),
    )


def downgrade() -> None:
    op.drop_table("register_news")
