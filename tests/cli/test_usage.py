"""Help, exit codes and wrong settings of every command."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from bot.cli import app

from .conftest import Saqbol


def every_command(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from every_command(command, (*path, name))
        else:
            yield (*path, name)


COMMANDS = list(every_command(typer.main.get_command(app)))
IDS = [" ".join(command) for command in COMMANDS]


@pytest.mark.parametrize("command", COMMANDS, ids=IDS)
def test_help_shows_an_example(saqbol: Saqbol, command: tuple[str, ...]) -> None:
    result = saqbol(*command, "--help", COLUMNS="200")

    assert result.exit_code == 0
    example = " ".join(result.stdout.split())
    assert "Example:" in example
    assert f"saqbol {' '.join(command)}" in example


@pytest.mark.parametrize("group", [(), ("registry",), ("db",), ("content",)], ids=str)
def test_help_lists_the_commands_of_a_group(saqbol: Saqbol, group: tuple[str, ...]) -> None:
    result = saqbol(*group, "--help")

    assert result.exit_code == 0
    inside = [command for command in COMMANDS if command[: len(group)] == group]
    assert all(command[len(group)] in result.stdout for command in inside)


@pytest.mark.parametrize("command", COMMANDS, ids=IDS)
def test_unknown_option_is_wrong_usage(saqbol: Saqbol, command: tuple[str, ...]) -> None:
    result = saqbol(*command, "--no-such-option")

    assert result.exit_code == 2
    assert "--no-such-option" in result.stderr


def test_unknown_command_is_wrong_usage(saqbol: Saqbol) -> None:
    result = saqbol("stat")

    assert result.exit_code == 2
    assert "stat" in result.stderr


@pytest.mark.usefixtures("own_logging")
def test_run_without_a_token_says_where_to_get_one(saqbol: Saqbol) -> None:
    result = saqbol("run")

    assert result.exit_code == 2
    assert "BOT_TOKEN" in result.stderr
    assert "BotFather" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.usefixtures("own_logging")
@pytest.mark.parametrize("token", ["", "not-a-token"], ids=["empty", "of a wrong form"])
def test_run_with_no_usable_token_says_so_and_not_the_token(saqbol: Saqbol, token: str) -> None:
    result = saqbol("run", BOT_TOKEN=token)

    assert result.exit_code == 2
    assert "BOT_TOKEN" in result.stderr
    assert token == "" or token not in result.output


@pytest.mark.usefixtures("own_logging")
def test_run_without_a_register_names_the_command_to_run(saqbol: Saqbol) -> None:
    result = saqbol("run", BOT_TOKEN="7000000000:test-token-that-opens-nothing-anywhere")

    assert result.exit_code == 1
    assert "saqbol registry import" in result.stderr


@pytest.mark.usefixtures("own_logging")
def test_worker_on_sqlite_says_who_sends_there_and_what_it_takes(saqbol: Saqbol) -> None:
    result = saqbol("worker", BOT_TOKEN="7000000000:test-token-that-opens-nothing-anywhere")

    assert result.exit_code == 2
    assert "`saqbol run` sends by itself" in result.stderr
    assert "PostgreSQL" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("TODAY", "abc", id="TODAY"),
        pytest.param("DISCLOSURE", "everybody", id="DISCLOSURE"),
        pytest.param("LOG_FORMAT", "xml", id="LOG_FORMAT"),
        pytest.param("REGISTRY_MAX_AGE_DAYS", "0", id="REGISTRY_MAX_AGE_DAYS"),
        pytest.param("OPERATORS", "12, somebody", id="OPERATORS"),
    ],
)
@pytest.mark.parametrize("command", [("registry", "info"), ("db", "upgrade")], ids=" ".join)
def test_wrong_setting_is_named(
    saqbol: Saqbol, command: tuple[str, ...], name: str, value: str
) -> None:
    result = saqbol(*command, **{name: value})

    assert result.exit_code == 2
    assert f"setting {name}" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_unreadable_token_file_is_named(saqbol: Saqbol) -> None:
    result = saqbol("registry", "info", BOT_TOKEN_FILE="/no/such/file")

    assert result.exit_code == 2
    assert "/no/such/file" in result.stderr
