"""Behaviour through the real thing: real files, real HTTP, a real browser."""
