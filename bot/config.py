"""Settings: the only reader of the environment; every one has a safe default but the token."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_PACKAGE = Path(__file__).parent
# An installed package carries data/ and locales/ in bot/share; a checkout has them beside bot/.
SHARE = _PACKAGE / "share" if (_PACKAGE / "share").is_dir() else _PACKAGE.parent


class Disclosure(StrEnum):
    """Who sees the category, the level and the payers: the owner of the phone, or anybody."""

    OPEN = "open"
    OWNER = "owner"


class Settings(BaseSettings):
    """What a deployment may choose; secrets may come from files and never show in ``repr``."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    bot_token: SecretStr | None = None
    bot_token_file: Path | None = None
    bot_api_url: str | None = None
    operators: Annotated[tuple[int, ...], NoDecode] = ()
    home_dir: Path = Path("var")
    database_url: SecretStr | None = None
    registry_pepper: SecretStr | None = None
    registry_pepper_file: Path | None = None
    registry_max_age_days: int = Field(default=7, ge=1)
    disclosure: Disclosure = Disclosure.OWNER
    lookups_per_day: int = Field(default=20, ge=1)
    misses_per_hour: int = Field(default=5, ge=1)
    today: date | None = None
    log_format: Literal["console", "json"] = "console"

    @field_validator("operators", mode="before")
    @classmethod
    def _split_operators(cls, value: object) -> object:
        if isinstance(value, str):
            return [part for part in value.replace(",", " ").split() if part]
        return value

    @model_validator(mode="after")
    def _read_secret_files(self) -> Self:
        if self.bot_token is not None and not self.bot_token.get_secret_value().strip():
            self.bot_token = None
        if self.bot_token is None and self.bot_token_file is not None:
            self.bot_token = SecretStr(self.bot_token_file.read_text(encoding="utf-8").strip())
        return self

    @property
    def database(self) -> str:
        """Where people are kept: a SQLAlchemy URL."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.home_dir / 'saqbol.sqlite'}"

    @property
    def pepper_file(self) -> Path:
        return self.registry_pepper_file or self.home_dir / "pepper"
