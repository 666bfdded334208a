"""Saqbol: am I insured, why not, and what do I do now."""
