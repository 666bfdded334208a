"""Loads data/ and locales/ into domain objects and checks them."""
