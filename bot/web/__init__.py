"""The HTTP server: updates from Telegram, and what a supervisor asks."""
