"""Every Bot API method that aiogram knows, and what a call of it must look like."""

import types
import typing
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import aiogram.methods
from aiogram.methods import TelegramMethod
from pydantic import BaseModel, ValidationError

from bot.emulator.decoding import decode_field
from bot.emulator.errors import ApiError, bad_request
from bot.emulator.shapes import JSON

_MISSING = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "chat_id is empty",
    "message_id": "message identifier is not specified",
    "text": "message text is empty",
    "user_id": "invalid user_id specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "video": "there is no video in the request",
}
_NOT_BUILT_IN = {
    "business_connection_id",
    "direct_messages_topic_id",
    "ephemeral_message_parameters",
    "receiver_user_id",
    "rich_message",
    "suggested_post_parameters",
}


@dataclass(frozen=True)
class ApiMethod:
    """One Bot API method and its aiogram model."""

    name: str
    model: type[TelegramMethod[Any]]

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return {name: _kind(field.annotation) for name, field in self.model.model_fields.items()}

    def decode(self, fields: JSON) -> JSON:
        """Turn the strings of a form into numbers, booleans and JSON where the method has them."""
        kinds = self._kinds
        return {
            name: decode_field(name, value, kinds.get(name, "str"))
            if isinstance(value, str)
            else value
            for name, value in fields.items()
        }

    def validate(self, params: JSON) -> TelegramMethod[Any]:
        """Return the model of a call, or refuse the call."""
        try:
            method = self.model.model_validate(params)
        except ValidationError as error:
            raise _describe(error) from error
        if unbuilt := _NOT_BUILT_IN & params.keys():
            raise bad_request(f"parameter {min(unbuilt)} is known but not built in this server")
        _refuse_unknown(method, "")
        return method


def load_methods() -> dict[str, ApiMethod]:
    """Return all methods by their name in lower case."""
    models = [getattr(aiogram.methods, name) for name in aiogram.methods.__all__]
    return {
        model.__api_method__.lower(): ApiMethod(model.__api_method__, model)
        for model in models
        if isinstance(getattr(model, "__api_method__", None), str)
    }


def _kind(annotation: object) -> str:
    """Say how a string in a form is to be read for a field of this type."""
    members = set(_flatten(annotation))
    if any(
        typing.get_origin(member) in {list, dict}
        or (isinstance(member, type) and issubclass(member, BaseModel))
        for member in members
    ):
        return "json"
    return next((kind.__name__ for kind in (int, float, bool, str) if kind in members), "str")


def _flatten(annotation: object) -> list[object]:
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _flatten(typing.get_args(annotation)[0])
    if origin in {typing.Union, types.UnionType}:
        return [part for member in typing.get_args(annotation) for part in _flatten(member)]
    return [annotation]


def _refuse_unknown(model: BaseModel, path: str) -> None:
    if model.model_extra:
        raise bad_request(f"unknown parameter {path}{next(iter(model.model_extra))}")
    for name in model.model_fields_set:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            _refuse_unknown(value, f"{path}{name}.")
        elif isinstance(value, list):
            _refuse_unknown_in_list(value, f"{path}{name}")


def _refuse_unknown_in_list(values: list[object], path: str) -> None:
    for index, value in enumerate(values):
        if isinstance(value, BaseModel):
            _refuse_unknown(value, f"{path}[{index}].")
        elif isinstance(value, list):
            _refuse_unknown_in_list(value, f"{path}[{index}]")


def _describe(error: ValidationError) -> ApiError:
    first = error.errors(include_url=False)[0]
    location = [str(part) for part in first["loc"]]
    if first["type"] == "missing" and len(location) == 1:
        name = location[0]
        return bad_request(_MISSING.get(name, f"parameter {name} is required"))
    return bad_request(f"can't parse {'.'.join(location)}: {first['msg']}")
