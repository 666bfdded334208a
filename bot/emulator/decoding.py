"""Request bodies: JSON, forms and multipart, down to named fields and uploaded files."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import ClientResponse, MultipartReader, web

from bot.emulator.errors import bad_request
from bot.emulator.shapes import JSON, Upload


@dataclass(slots=True)
class Body:
    """The fields and files of one call."""

    fields: JSON = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)


async def decode_request(request: web.Request) -> Body:
    """Read the parameters of a call from its address and its body."""
    body = Body(dict(request.query)) if request.query_string else Body()
    if request.content_type.startswith("multipart/"):
        await _read_parts(await request.multipart(), body)
    elif request.can_read_body:
        _read_flat(request.content_type, await request.read(), body)
    return body


async def decode_response(response: ClientResponse) -> Body:
    """Read the method call with which a webhook may answer; no fields if there is none."""
    body = Body()
    if response.content_type.startswith("multipart/"):
        await _read_parts(MultipartReader.from_response(response), body)  # type: ignore[arg-type]
    else:
        _read_flat(response.content_type, await response.read(), body)
    return body


def decode_field(name: str, value: str, kind: str) -> Any:
    """Read one string of a form; what does not fit is left for the validation to refuse."""
    if kind == "json":
        if value[:1] not in {"{", "["}:
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {name}: it is not JSON") from error
    if kind == "int" and value.removeprefix("-").isdecimal() and value.isascii():
        return int(value)
    if kind == "bool":
        return {"true": True, "false": False, "1": True, "0": False}.get(value.lower(), value)
    return value


def describe_uploads(value: Any, uploads: dict[str, Upload]) -> Any:
    """Replace each ``attach://`` in decoded parameters by the file's name and size."""
    if not uploads:
        return value
    if isinstance(value, dict):
        return {key: describe_uploads(item, uploads) for key, item in value.items()}
    if isinstance(value, list):
        return [describe_uploads(item, uploads) for item in value]
    if isinstance(value, str) and value.startswith("attach://"):
        upload = uploads.get(value.removeprefix("attach://"))
        return {"name": upload.name, "size": len(upload.data)} if upload else value
    return value


def _read_flat(content_type: str, raw: bytes, body: Body) -> None:
    if content_type == "application/json":
        try:
            fields = json.loads(raw or b"{}")
        except ValueError as error:
            raise bad_request("can't parse the request body: it is not JSON") from error
        if not isinstance(fields, dict):
            raise bad_request("can't parse the request body: expected a JSON object")
        body.fields |= {key: value for key, value in fields.items() if value is not None}
    elif content_type == "application/x-www-form-urlencoded":
        body.fields |= dict(parse_qsl(raw.decode(errors="replace"), keep_blank_values=True))


async def _read_parts(reader: MultipartReader, body: Body) -> None:
    """Take the fields and files; a file sent under a parameter's own name becomes its value."""
    try:
        while (part := await reader.next()) is not None:
            if isinstance(part, MultipartReader) or part.name is None:
                raise bad_request("can't parse the request body: a part has no name")
            data = bytes(await part.read(decode=True))
            if part.filename is None:
                body.fields[part.name] = data.decode(errors="replace")
                continue
            kind = part.headers.get("Content-Type", "application/octet-stream")
            body.uploads[part.name] = Upload(part.filename, kind, data)
    except ValueError as error:
        raise bad_request("can't parse the request body: broken multipart") from error
    referred = json.dumps(body.fields)
    for name in body.uploads:
        if f"attach://{name}" not in referred:
            body.fields.setdefault(name, f"attach://{name}")
