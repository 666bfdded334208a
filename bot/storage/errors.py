"""What can go wrong with the people database as a whole; no message carries personal data."""


class StorageError(Exception):
    """The people database cannot be used; the message says why and what to do."""
