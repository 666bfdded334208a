"""Schema of the people database, step by step (Alembic)."""
