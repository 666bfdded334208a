"""What can be wrong with data/ and locales/."""


class ContentError(ValueError):
    """A text or a figure is missing or not of its form; the message names the file."""
