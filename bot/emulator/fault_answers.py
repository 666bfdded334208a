"""What a scripted fault does to a call."""

from http import HTTPStatus

from aiohttp import web

from bot.emulator.errors import ApiError
from bot.emulator.faults import Broken, Fault, ServerError, TooManyRequests

_USUAL = {
    400: "Bad Request: chat not found",
    403: "Forbidden: bot was blocked by the user",
    409: (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    ),
}


def refusal_of(fault: Fault | None) -> ApiError | None:
    """Return the error a fault puts in the place of the call, if it keeps it from happening."""
    if isinstance(fault, TooManyRequests):
        return ApiError(
            429,
            f"Too Many Requests: retry after {fault.retry_after}",
            {"retry_after": fault.retry_after},
        )
    if isinstance(fault, ServerError):
        return ApiError(fault.status, fault.description or _usual_description(fault.status))
    if isinstance(fault, Broken) and fault.kind == "reset_before":
        return ApiError(500, "connection closed before the call was carried out")
    return None


def break_connection(request: web.Request) -> None:
    """Close the connection without an answer."""
    if request.transport:
        request.transport.abort()


def _usual_description(status: int) -> str:
    if status in _USUAL:
        return _USUAL[status]
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Error {status}"
