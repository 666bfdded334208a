"""Broadcasts against the emulator over HTTP, on real databases, in real processes."""
