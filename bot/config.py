"""Settings: the only reader of the environment; every one has a safe default but the token."""

import os
import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

# Telegram's alphabet; its shortest secret would be one letter.
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_PACKAGE = Path(__file__).parent
# An installed package carries data/ and locales/ in bot/share; a checkout has them beside bot/.
SHARE = _PACKAGE / "share" if (_PACKAGE / "share").is_dir() else _PACKAGE.parent


class Disclosure(StrEnum):
    """Who sees the category, the level and the payers: the owner of the phone, or anybody."""

    OPEN = "open"
    OWNER = "owner"


class Settings(BaseSettings):
    """What a deployment may choose; secrets may come from files and never show in ``repr``."""

    model_config = SettingsConfigDict(
        env_file=".env",
        # A line without a value is left in many a file of settings.
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    bot_token: SecretStr | None = None
    bot_token_file: Path | None = None
    bot_api_url: str | None = None
    operators: Annotated[tuple[int, ...], NoDecode] = ()
    inbox_chat: int | None = None
    home_dir: Path = Path("var")
    database_url: SecretStr | None = None
    registry_pepper: SecretStr | None = None
    registry_pepper_file: Path | None = None
    registry_max_age_days: int = Field(default=7, ge=1)
    registry_kept: int = Field(default=3, ge=2)
    disclosure: Disclosure = Disclosure.OWNER
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    webhook_secret_file: Path | None = None
    web_host: str = "127.0.0.1"
    web_port: int | None = Field(default=None, ge=0, le=65535)
    lookups_per_day: int = Field(default=20, ge=1)
    misses_per_hour: int = Field(default=5, ge=1)
    broadcast_approval_above: int = Field(default=1000, ge=0)
    # Messages a second that nobody asked for, of all processes together.
    broadcast_rate: float = Field(default=25.0, gt=0, le=30)
    today: date | None = None
    log_format: Literal["console", "json"] = "console"

    @field_validator("inbox_chat", mode="before")
    @classmethod
    def _take_nothing_for_none(cls, value: object) -> object:
        return value or None

    @field_validator("operators", mode="before")
    @classmethod
    def _split_operators(cls, value: object) -> object:
        if isinstance(value, str):
            return [part for part in value.replace(",", " ").split() if part]
        return value

    @model_validator(mode="after")
    def _read_secret_files(self) -> Self:
        if self.bot_token is None and self.bot_token_file is not None:
            self.bot_token = SecretStr(self.bot_token_file.read_text(encoding="utf-8").strip())
        if self.webhook_secret is None and self.webhook_secret_file is not None:
            text = self.webhook_secret_file.read_text(encoding="utf-8").strip()
            self.webhook_secret = SecretStr(text)
        return self

    @model_validator(mode="after")
    def _keep_strangers_out(self) -> Self:
        """Refuse a webhook that anybody could write to."""
        if self.webhook_url is None:
            return self
        url = urlsplit(self.webhook_url)
        if url.scheme not in {"https", "http"} or not url.hostname:
            raise ValueError("WEBHOOK_URL must be a whole address such as https://example.kz/hook")
        secret = self.webhook_secret.get_secret_value() if self.webhook_secret else ""
        if not _WEBHOOK_SECRET.fullmatch(secret):
            raise ValueError(
                "WEBHOOK_URL needs a WEBHOOK_SECRET of 16 to 256 letters, digits, _ and -;"
                " make one with: openssl rand -hex 32"
            )
        return self

    @property
    def database(self) -> str:
        """Where people are kept: a SQLAlchemy URL."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.home_dir / 'saqbol.sqlite'}"

    @property
    def pepper_file(self) -> Path:
        """Where the pepper is: never beside what it protects.

        Raises:
            RuntimeError: nothing is set, and the user has no home folder.
        """
        if self.registry_pepper_file is not None:
            return self.registry_pepper_file
        folder = os.environ.get("XDG_CONFIG_HOME")
        return (Path(folder) if folder else Path.home() / ".config") / "saqbol" / "pepper"

    @property
    def erasures_file(self) -> Path:
        """Where it is kept who was erased, for restored backups."""
        return self.home_dir / "erasures"
