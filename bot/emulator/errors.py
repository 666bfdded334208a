"""What the server says when it refuses."""

from typing import Any


class ApiError(Exception):
    """A refusal of a Bot API call, in Telegram's words."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(reason: str) -> ApiError:
    """Return the 400 that Telegram words as ``Bad Request: <reason>``."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """Return the 403 that Telegram words as ``Forbidden: <reason>``."""
    return ApiError(403, f"Forbidden: {reason}")


class ClientError(Exception):
    """A refusal of a ``/client/`` call: what happened and what to do."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
