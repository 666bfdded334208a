"""The people's side over HTTP: ``/client/`` for the chat page and the tests."""

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiohttp import web

from bot.emulator.asking import ask_inline, press_button, put_update
from bot.emulator.client_bodies import (
    Block,
    EditedMessage,
    InlineQuestion,
    NewChat,
    NewMessage,
    NewPerson,
    Press,
    check_body,
)
from bot.emulator.errors import ClientError
from bot.emulator.faults import FaultSchedule
from bot.emulator.incoming import edit_message, find_person, write_message
from bot.emulator.journal import Journal
from bot.emulator.shapes import JSON
from bot.emulator.world import World

KEEP_ALIVE_S = 15

Answer = Callable[[web.Request], Awaitable[Any]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ClientApi:
    """Everything under ``/client/``."""

    def __init__(self, world: World, faults: FaultSchedule, journal: Journal) -> None:
        self._world = world
        self._faults = faults
        self._journal = journal

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the people's side."""
        chat = r"/client/chats/{chat_id:-?\d+}/messages"
        return [
            web.get("/client/state", _as_json(self.state)),
            web.post("/client/people", _as_json(self.add_person)),
            web.post("/client/chats", _as_json(self.add_chat)),
            web.get(chat, _as_json(self.list_messages)),
            web.post(chat, _as_json(self.write)),
            web.patch(chat + r"/{message_id:\d+}", _as_json(self.edit)),
            web.post("/client/press", _as_json(self.press)),
            web.post("/client/inline", _as_json(self.inline)),
            web.post("/client/block", _as_json(self.block)),
            web.post("/client/updates", _as_json(self.put_update)),
            web.get("/client/updates", _as_json(self.list_updates)),
            web.get("/client/journal", _as_json(self.list_calls)),
            web.post("/client/faults", _as_json(self.add_fault)),
            web.delete("/client/faults", _as_json(self.clear_faults)),
            web.get("/client/events", self.stream_events),
            web.get("/client/files/{file_id}", self.show_file),
        ]

    async def state(self, _request: web.Request) -> JSON:
        """Return what a page needs when it opens."""
        world = self._world
        return {
            "bot": world.bot,
            "people": [person.as_json() for person in world.people.values()],
            "chats": [chat.as_json() for chat in world.chats.values() if not chat.is_private],
            "commands": list(world.profile.commands.values()),
            "samples": list(world.settings.samples),
            "notice": world.settings.notice,
            "last_event": world.events.last_id,
        }

    async def add_person(self, request: web.Request) -> JSON:
        """Let somebody in."""
        body = check_body(NewPerson, await _read(request))
        user = body.model_dump(exclude_none=True, exclude={"phone", "is_operator"})
        person = self._world.add_person(user, phone=body.phone, is_operator=body.is_operator)
        return person.as_json()

    async def add_chat(self, request: web.Request) -> JSON:
        """Open a group or channel."""
        body = check_body(NewChat, await _read(request))
        for member in body.members:
            find_person(self._world, member)
        about: JSON = {"type": body.type, "title": body.title}
        if body.is_forum:
            about["is_forum"] = True
        chat = self._world.add_chat(
            about,
            body.members,
            bot_is_administrator=body.bot_is_administrator,
            bot_lacks=body.bot_lacks,
        )
        return chat.as_json()

    async def list_messages(self, request: web.Request) -> list[JSON]:
        """List what a client would show."""
        chat_id = int(request.match_info["chat_id"])
        chat = self._world.chats.get(chat_id)
        if chat is None and chat_id not in self._world.people:
            raise ClientError(f"There is no chat {chat_id}.", 404)
        return chat.shown() if chat else []

    async def write(self, request: web.Request) -> JSON:
        """Write a message as a person."""
        body = check_body(NewMessage, await _read(request))
        return write_message(self._world, int(request.match_info["chat_id"]), body)

    async def edit(self, request: web.Request) -> JSON:
        """Edit a message as its author."""
        body = check_body(EditedMessage, await _read(request))
        place = request.match_info
        return edit_message(self._world, int(place["chat_id"]), int(place["message_id"]), body)

    async def press(self, request: web.Request) -> JSON:
        """Tap a button."""
        body = check_body(Press, await _read(request))
        return {"callback_query_id": press_button(self._world, body)}

    async def inline(self, request: web.Request) -> JSON:
        """Ask inline."""
        body = check_body(InlineQuestion, await _read(request))
        return {"inline_query_id": ask_inline(self._world, body)}

    async def block(self, request: web.Request) -> JSON:
        """Block or unblock the bot."""
        body = check_body(Block, await _read(request))
        self._world.set_blocked(find_person(self._world, body.user_id), blocked=body.blocked)
        return {}

    async def put_update(self, request: web.Request) -> JSON:
        """Queue any update."""
        return {"update_id": put_update(self._world, await _read(request))}

    async def list_updates(self, request: web.Request) -> list[JSON]:
        """List the updates and what became of each."""
        return self._world.updates.after(_number(request.query.get("after")))

    async def list_calls(self, request: web.Request) -> list[JSON]:
        """List the calls of the bot."""
        return self._journal.after(_number(request.query.get("after")))

    async def add_fault(self, request: web.Request) -> JSON:
        """Schedule a fault."""
        return {"fault_id": self._faults.add(await _read(request))}

    async def clear_faults(self, _request: web.Request) -> JSON:
        """Forget all faults."""
        self._faults.clear()
        return {}

    async def show_file(self, request: web.Request) -> web.Response:
        """Serve the bytes of a file; only pictures are shown, the rest is for saving."""
        stored = self._world.files.find(request.match_info["file_id"])
        if stored is None:
            return web.json_response({"error": "There is no such file."}, status=404)
        is_picture = stored.content_type in {"image/png", "image/jpeg"}
        return web.Response(
            body=stored.data,
            content_type=stored.content_type if is_picture else "application/octet-stream",
            headers={"X-Content-Type-Options": "nosniff"},
        )

    async def stream_events(self, request: web.Request) -> web.StreamResponse:
        """Stream events from a number on; a browser that reconnects says where it was."""
        seen = _number(request.headers.get("Last-Event-ID") or request.query.get("after"))
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        await response.prepare(request)
        events = self._world.events
        with suppress(ConnectionResetError):
            while not events.is_closed:
                fresh = events.after(seen)
                lines = [f"id: {event['id']}\ndata: {json.dumps(event)}\n\n" for event in fresh]
                await response.write("".join(lines).encode() or b": alive\n\n")
                seen = fresh[-1]["id"] if fresh else seen
                await events.wait(seen, KEEP_ALIVE_S)
        return response


def _as_json(answer: Answer) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return web.json_response(await answer(request))
        except ClientError as error:
            return web.json_response({"error": str(error)}, status=error.status)

    return handle


async def _read(request: web.Request) -> JSON:
    try:
        body = await request.json()
    except ValueError as error:
        raise ClientError("The body is not JSON. Send a JSON object.") from error
    if not isinstance(body, dict):
        raise ClientError("The body is not a JSON object. Send one.")
    return body


def _number(text: str | None) -> int:
    if text and not text.isdecimal():
        raise ClientError(f"after={text} is not a number. Give the last number you have seen.")
    return int(text or 0)
