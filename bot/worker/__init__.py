"""Broadcasts on their way: claim, send, record."""
