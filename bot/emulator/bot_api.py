"""The Bot API: from a request over its fault to the method and the answer."""

import asyncio
import inspect
import json
import re
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.emulator.call import Call
from bot.emulator.decoding import Body, decode_request, describe_uploads
from bot.emulator.errors import ApiError, bad_request
from bot.emulator.fault_answers import break_connection, refusal_of
from bot.emulator.faults import Broken, Fault, FaultSchedule, ServerError, Slow
from bot.emulator.journal import Journal
from bot.emulator.methods import HANDLERS
from bot.emulator.receiving import Receiving
from bot.emulator.registry import ApiMethod, load_methods
from bot.emulator.shapes import JSON
from bot.emulator.world import World

_TOKEN = re.compile(r"[1-9]\d{0,15}:[A-Za-z0-9_-]{1,80}")
_HTML = "<html><head><title>{0} Error</title></head><body><center>nginx</center></body></html>"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call."""

    result: Any = None
    error: ApiError | None = None
    fault: Fault | None = None

    def as_json(self) -> JSON:
        """Return the body of the answer."""
        if self.error is None:
            return {"ok": True, "result": self.result}
        return {"ok": False} | _error_json(self.error)


class BotApi:
    """Everything under ``/bot<token>/``."""

    def __init__(self, world: World, faults: FaultSchedule, journal: Journal) -> None:
        self._world = world
        self._faults = faults
        self._journal = journal
        self._methods = load_methods()
        self._receiving = Receiving(self._execute_webhook_answer)
        self._handlers = HANDLERS | self._receiving.handlers()
        self._stopping = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the Bot API."""
        return [
            web.route("*", "/bot{token:[^/]*}/{method}", self.answer),
            web.get("/file/bot{token:[^/]*}/{path:.+}", self.download),
        ]

    async def stop(self) -> None:
        """Let go of everything that waits."""
        self._stopping.set()
        self._world.updates.stop()
        await self._receiving.stop()

    async def answer(self, request: web.Request) -> web.Response:
        """Carry out one call."""
        if not _TOKEN.fullmatch(request.match_info["token"]):
            return _respond(Outcome(error=ApiError(401, "Unauthorized: invalid token specified")))
        self._world.know_bot(request.match_info["token"])
        try:
            body = await decode_request(request)
        except web.HTTPRequestEntityTooLarge:
            return _respond(Outcome(error=ApiError(413, "Request Entity Too Large")))
        except ApiError as error:
            return _respond(Outcome(error=error))
        outcome = await self._execute(request.match_info["method"], body)
        if isinstance(outcome.fault, Broken):
            if outcome.fault.kind == "hang":
                await self._stopping.wait()
            break_connection(request)
        return _respond(outcome)

    async def download(self, request: web.Request) -> web.Response:
        """Serve the bytes of a file."""
        stored = self._world.files.at_path(request.match_info["path"])
        if stored is None or not _TOKEN.fullmatch(request.match_info["token"]):
            return _respond(Outcome(error=ApiError(404, "Not Found")))
        return web.Response(body=stored.data, content_type="application/octet-stream")

    async def _execute_webhook_answer(self, body: Body) -> None:
        await self._execute(str(body.fields.pop("method")), body)

    async def _execute(self, name: str, body: Body) -> Outcome:
        """Decode the parameters, meet the fault, carry out, write down."""
        at, monotonic = self._world.settings.clock(), time.monotonic()
        api_method = self._methods.get(name.lower())
        params = body.fields
        fault: Fault | None = None
        try:
            if api_method is None:
                raise ApiError(404, "Not Found: method not found")
            params = api_method.decode(body.fields)
            fault = self._faults.take(api_method.name, self._chat_of(params))
            if isinstance(fault, Slow):
                await self._pause(fault.seconds)
            elif refusal := refusal_of(fault):
                raise refusal
            outcome = Outcome(await self._carry_out(api_method, params, body), fault=fault)
        except ApiError as error:
            outcome = Outcome(error=error, fault=fault)
        self._journal.add(
            {
                "at": at,
                "monotonic": monotonic,
                "method": api_method.name if api_method else name,
                "chat_id": params.get("chat_id"),
                "params": describe_uploads(params, body.uploads),
            },
            **_written_down(outcome),
        )
        return outcome

    def _chat_of(self, params: JSON) -> object:
        """Return the chat of a call; a query belongs to the private chat of who asked."""
        query = self._world.queries.get(
            str(params.get("callback_query_id") or params.get("inline_query_id"))
        )
        return query.from_id if query else params.get("chat_id")

    async def _carry_out(self, api_method: ApiMethod, params: JSON, body: Body) -> Any:
        method = api_method.validate(params)
        handler = self._handlers.get(api_method.name.lower())
        if handler is None:
            raise bad_request(f"method {api_method.name} is known but not built in this server")
        result = handler(Call(self._world, self._world.require_bot(), params, body.uploads), method)
        return await result if inspect.isawaitable(result) else result

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass


def _written_down(outcome: Outcome) -> JSON:
    fault = outcome.fault.kind if outcome.fault else None
    if outcome.error:
        return {"error": _error_json(outcome.error), "fault": fault}
    return {"result": outcome.result, "fault": fault}


def _error_json(error: ApiError) -> JSON:
    described: JSON = {"error_code": error.code, "description": error.description}
    return described | {"parameters": error.parameters} if error.parameters else described


def _respond(outcome: Outcome) -> web.Response:
    status = outcome.error.code if outcome.error else 200
    if isinstance(outcome.fault, ServerError) and outcome.fault.html:
        return web.Response(status=status, text=_HTML.format(status), content_type="text/html")
    headers = {}
    if outcome.error and outcome.error.parameters:
        headers["Retry-After"] = str(outcome.error.parameters["retry_after"])
    return web.Response(
        body=json.dumps(outcome.as_json()).encode(),
        status=status,
        content_type="application/json",
        headers=headers,
    )
