"""People who use the bot: SQLAlchemy tables, repositories and migrations."""
