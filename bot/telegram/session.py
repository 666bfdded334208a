"""The HTTP session to the Bot API: calls without files go as JSON of the fields that are set."""

from contextlib import suppress
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile
from aiohttp import BytesPayload, ClientError, ClientTimeout, JsonPayload
from pydantic import ValidationError

from bot.telegram.prepared import PreparedMessage, Receipt

# A message is a matter of a second; who waits for an answer holds up what they write next.
_TIMEOUT = ClientTimeout(total=30, sock_connect=5)
_Receipts = Response[Receipt]


class JsonSession(AiohttpSession):
    """Spends a third less on a message with buttons than a form does (docs/benchmarks.md).

    A connection has five seconds to come about, and its failure is told from that of a call.
    """

    def __init__(self, timeout: ClientTimeout = _TIMEOUT, **options: Any) -> None:
        super().__init__(**options)
        self._patience = timeout
        # pydantic forgets a generic class that nobody holds; to build one anew takes milliseconds.
        self._response_types: set[type[Response[Any]]] = set()

    def build_form_data(self, bot: Bot, method: TelegramMethod[Any]) -> Any:
        """Give the body of the call: JSON, or a form where files go along."""
        if isinstance(method, PreparedMessage):
            return BytesPayload(method.body, content_type="application/json")
        files: dict[str, InputFile] = {}
        fields = {
            name: prepared
            for name, value in method.model_dump(exclude_none=True, warnings=False).items()
            if (prepared := self.prepare_value(value, bot, files, _dumps_json=False)) is not None
        }
        if files:
            return super().build_form_data(bot, method)
        return JsonPayload(fields, dumps=self.json_dumps)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's own
    ) -> TelegramType:
        """Make the call; an answer that is no text, such as a broken page, is an error like others.

        The error does not carry what came.
        """
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        body = self.build_form_data(bot, method)
        patience = self._patience if timeout is None else ClientTimeout(total=timeout)
        try:
            async with session.post(url, data=body, timeout=patience) as response:
                content = await response.read()
        except TimeoutError as error:
            raise TelegramNetworkError(method, "no answer in time") from error
        except ClientError as error:
            raise TelegramNetworkError(method, f"{type(error).__name__}: {error}") from error
        if isinstance(method, PreparedMessage) and response.ok:
            with suppress(ValidationError):
                return cast("TelegramType", _Receipts.model_validate_json(content).result)
        try:
            text = content.decode()
        except UnicodeDecodeError:
            raise TelegramServerError(method, "the answer is no text") from None
        return cast("TelegramType", self.check_response(bot, method, response.status, text).result)

    def check_response(
        self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str
    ) -> Response[Any]:
        """Read the answer; what is no answer of the Bot API, such as a proxy's page, is an error.

        The error does not carry the text: it may be what people wrote.
        """
        self._response_types.add(Response[method.__returning__])  # type: ignore[name-defined]  # known at run time
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError:
            message = f"status {status_code} with {len(content)} characters that are no answer"
        raise TelegramServerError(method=method, message=message)
