"""What the people's side may ask for: the bodies of ``/client/`` calls."""

from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.emulator.errors import ClientError


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewPerson(_Body):
    """Somebody new."""

    first_name: str = Field(min_length=1, max_length=64)
    language_code: str = Field(min_length=2)
    last_name: str | None = None
    username: str | None = None
    phone: str | None = None
    is_operator: bool = False


class NewChat(_Body):
    """A new group or channel with the bot in it."""

    type: Literal["group", "supergroup", "channel"]
    title: str = Field(min_length=1)
    members: list[int]
    is_forum: bool = False
    bot_is_administrator: bool | None = None
    bot_lacks: list[str] = []

    @model_validator(mode="after")
    def _only_supergroups_have_topics(self) -> "NewChat":
        if self.is_forum and self.type != "supergroup":
            raise ValueError("only a supergroup can be a forum")
        return self


class NewDocument(_Body):
    """A file to send."""

    name: str = Field(min_length=1)
    base64: str


class ForwardFrom(_Body):
    """From whom a message is forwarded: somebody known, or a name that hides the account."""

    id: int | None = None
    name: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "ForwardFrom":
        if (self.id is None) == (self.name is None):
            raise ValueError("give either id or name")
        return self


class UsersShared(_Body):
    """People chosen by a button that asks for them."""

    request_id: int
    user_ids: list[int] = Field(min_length=1, max_length=10)


class NewMessage(_Body):
    """A message of a person."""

    from_id: int
    text: str | None = None
    contact: Literal[True] | None = None
    users_shared: UsersShared | None = None
    photo: str | None = None
    document: NewDocument | None = None
    voice: str | None = None
    caption: str | None = None
    forward_from: ForwardFrom | None = None
    via_bot: bool = False
    parse_mode: Literal["HTML"] | None = None
    reply_markup: dict[str, Any] | None = None
    reply_to_message_id: int | None = None
    message_thread_id: int | None = None

    @model_validator(mode="after")
    def _one_content(self) -> "NewMessage":
        files = [self.photo, self.document, self.voice]
        contents = [self.text, self.contact, self.users_shared, *files]
        if sum(content is not None for content in contents) != 1:
            raise ValueError(
                "give exactly one of text, contact, users_shared, photo, document and voice"
            )
        if self.caption and all(file is None for file in files):
            raise ValueError("only a photo, a document or a voice message has a caption")
        if (self.parse_mode or self.reply_markup) and not self.via_bot:
            raise ValueError("only a bot's card has marks and buttons")
        return self


class EditedMessage(_Body):
    """A new text or caption for a message of the same person."""

    from_id: int
    text: str


class Press(_Body):
    """A tap on a button; the data may be anything, as with a forged client."""

    from_id: int
    chat_id: int
    message_id: int
    data: str


class InlineQuestion(_Body):
    """Text typed after the bot's name in any chat."""

    from_id: int
    query: str = Field(max_length=256)


class Block(_Body):
    """Blocking or unblocking the bot."""

    user_id: int
    blocked: bool


BodyT = TypeVar("BodyT", bound=BaseModel)


def check_body(model: type[BodyT], body: object) -> BodyT:
    """Return a body as *model*, or say what is wrong with it."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        reasons = "; ".join(
            f"{'.'.join(map(str, item['loc'])) or 'body'}: {item['msg']}" for item in error.errors()
        )
        raise ClientError(
            f"This body does not fit: {reasons}. Compare it with docs/emulator.md."
        ) from error
