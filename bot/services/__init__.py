"""One use case a function; no aiogram and no SQLAlchemy here."""
