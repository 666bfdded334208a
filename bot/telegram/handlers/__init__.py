"""Handlers by feature: parse, call one service, render."""
