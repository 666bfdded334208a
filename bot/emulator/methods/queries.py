"""Answering presses and inline queries."""

from aiogram.methods import AnswerCallbackQuery, AnswerInlineQuery

from bot.emulator.call import Call
from bot.emulator.errors import bad_request
from bot.emulator.keyboards import is_button_url
from bot.emulator.world import Query

MAX_ANSWER = 200
MAX_RESULTS = 50

_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(call: Call, method: AnswerCallbackQuery) -> bool:
    """Answer a press; a second answer changes nothing."""
    if len(method.text or "") > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if method.url and not is_button_url(method.url):
        raise bad_request("URL_INVALID")
    query = _open_query(call, "callback", method.callback_query_id)
    if query.is_answered:
        return True
    query.is_answered = True
    call.world.events.publish(
        "callback_answer",
        callback_query_id=method.callback_query_id,
        from_id=query.from_id,
        text=method.text or "",
        show_alert=bool(method.show_alert),
        url=method.url or "",
    )
    return True


def answer_inline_query(call: Call, method: AnswerInlineQuery) -> bool:
    """Answer an inline query."""
    if len(method.results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [result.id for result in method.results]
    if len(ids) != len(set(ids)):
        raise bad_request("RESULT_ID_DUPLICATE")
    query = _open_query(call, "inline", method.inline_query_id)
    query.is_answered = True
    call.world.events.publish(
        "inline_answer",
        inline_query_id=method.inline_query_id,
        results=call.params["results"],
    )
    return True


def _open_query(call: Call, kind: str, query_id: str) -> Query:
    query = call.world.queries.get(query_id)
    settings = call.world.settings
    if (
        query is None
        or query.kind != kind
        or settings.clock() - query.asked_at > settings.callback_deadline_s
    ):
        raise bad_request(_TOO_OLD)
    return query


HANDLERS = {
    AnswerCallbackQuery: answer_callback_query,
    AnswerInlineQuery: answer_inline_query,
}
