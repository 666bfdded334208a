"""Settings come from the environment, ``.env`` and files; secrets do not come out again."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.config import Disclosure, Settings

TOKEN = "7000000000:test-token-that-opens-nothing-anywhere"
PEPPER = "a pepper for the tests, not for you"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder in which settings are read: no developer's ``.env`` there."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults_are_safe() -> None:
    settings = Settings()

    assert settings.bot_token is None
    assert settings.disclosure is Disclosure.OWNER
    assert settings.operators == ()
    assert settings.today is None
    assert settings.registry_max_age_days == 7
    assert settings.log_format == "console"
    assert settings.home_dir == Path("var")
    assert settings.database == "sqlite+aiosqlite:///var/saqbol.sqlite"
    assert settings.registry_kept == 3


def test_pepper_is_outside_the_home_folder_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/srv/config")
    in_config = Settings().pepper_file
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", "/home/somebody")
    at_home = Settings().pepper_file
    named = Settings(registry_pepper_file=Path("/run/secrets/pepper")).pepper_file

    assert in_config == Path("/srv/config/saqbol/pepper")
    assert at_home == Path("/home/somebody/.config/saqbol/pepper")
    assert named == Path("/run/secrets/pepper")


@pytest.mark.parametrize(
    ("name", "secret", "value"),
    [
        pytest.param("bot_token", TOKEN, TOKEN, id="token"),
        pytest.param("registry_pepper", PEPPER, PEPPER, id="pepper"),
        pytest.param(
            "database_url",
            "word-of-pass",
            "postgresql+asyncpg://saqbol:word-of-pass@db/saqbol",
            id="password of the database",
        ),
    ],
)
def test_secret_is_shown_by_no_repr(name: str, secret: str, value: str) -> None:
    changes: dict[str, Any] = {name: value}

    settings = Settings(**changes)

    assert secret not in f"{settings!r} {settings}"


def test_token_is_read_from_its_file_without_the_line_end(folder: Path) -> None:
    (folder / "token").write_text(f"{TOKEN}\n")

    settings = Settings(bot_token_file=folder / "token")

    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == TOKEN
    assert TOKEN not in repr(settings)


def test_token_of_the_environment_goes_before_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "token").write_text("7000000000:the-token-of-the-file")
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("BOT_TOKEN_FILE", str(folder / "token"))

    settings = Settings()

    assert settings.bot_token is not None
    assert settings.bot_token.get_secret_value() == TOKEN


@pytest.mark.parametrize("name", ["no-such-file", "."], ids=["missing", "folder"])
def test_token_file_that_cannot_be_read_is_an_error(name: str) -> None:
    with pytest.raises(OSError, match=name):
        Settings(bot_token_file=Path(name))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("12", (12,), id="one"),
        pytest.param("12,34", (12, 34), id="comma"),
        pytest.param("12, 34 ,56", (12, 34, 56), id="comma and spaces"),
        pytest.param("12 34", (12, 34), id="space"),
        pytest.param("7000000001", (7_000_000_001,), id="more than 32 bits"),
        pytest.param("", (), id="empty"),
        pytest.param(" , ", (), id="nothing but separators"),
    ],
)
def test_operators_are_a_list_of_ids(
    monkeypatch: pytest.MonkeyPatch, text: str, expected: tuple[int, ...]
) -> None:
    monkeypatch.setenv("OPERATORS", text)

    assert Settings().operators == expected


@pytest.mark.parametrize("text", ["somebody", "12;34", "12, x", "1.5"])
def test_wrong_operators_are_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("OPERATORS", text)

    with pytest.raises(ValidationError, match="operators"):
        Settings()


def test_dot_env_is_read_and_the_environment_goes_before_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text(
        f"BOT_TOKEN={TOKEN}\nDISCLOSURE=open\nTODAY=2027-02-01\nOPERATORS=12, 34\nOTHER=1\n"
        "LOG_FORMAT=json\n"
    )
    monkeypatch.setenv("LOG_FORMAT", "console")

    settings = Settings()

    assert settings.bot_token is not None
    assert settings.disclosure is Disclosure.OPEN
    assert settings.today == date(2027, 2, 1)
    assert settings.operators == (12, 34)
    assert settings.log_format == "console"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_empty_setting_is_no_setting(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    without = Settings()

    (folder / ".env").write_text(f"{name.upper()}=\n")
    assert Settings() == without
    monkeypatch.setenv(name.upper(), "")
    assert Settings() == without


def test_file_of_a_secret_is_read_where_the_secret_itself_is_empty(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "token").write_text(TOKEN)
    monkeypatch.setenv("BOT_TOKEN", "")
    monkeypatch.setenv("BOT_TOKEN_FILE", str(folder / "token"))

    token = Settings().bot_token

    assert token is not None
    assert token.get_secret_value() == TOKEN


def test_database_follows_the_home_folder() -> None:
    assert Settings(home_dir=Path("/srv")).database == "sqlite+aiosqlite:////srv/saqbol.sqlite"


def test_no_wrong_value_of_a_secret_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TODAY", "abc")

    with pytest.raises(ValidationError) as caught:
        Settings()

    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        pytest.param("https://bot.example.kz/hook", None, id="no secret"),
        pytest.param("https://bot.example.kz/hook", "k3yTooShort", id="short secret"),
        pytest.param("https://bot.example.kz/hook", "a secret with spaces", id="unallowed letters"),
        pytest.param("bot.example.kz/hook", "a" * 32, id="no whole address"),
    ],
)
def test_webhook_that_strangers_could_write_to_is_refused(url: str, secret: str | None) -> None:
    with pytest.raises(ValidationError, match="WEBHOOK_") as caught:
        Settings(webhook_url=url, webhook_secret=secret)

    assert secret is None or secret not in str(caught.value)


def test_webhook_secret_is_read_from_its_file_and_not_shown(folder: Path) -> None:
    (folder / "secret").write_text("a-secret-of-the-tests\n")

    settings = Settings(
        webhook_url="https://bot.example.kz/hook", webhook_secret_file=folder / "secret"
    )

    assert settings.webhook_secret is not None
    assert settings.webhook_secret.get_secret_value() == "a-secret-of-the-tests"
    assert "a-secret-of-the-tests" not in repr(settings)
