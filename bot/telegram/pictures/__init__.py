"""Pictures: drawn from texts and signs, and sent so that Telegram gets each one once."""
