"""Turns answers into text: every word comes from the catalogues, every value is escaped here."""
