"""What every command shares: settings, output, and errors as one clear line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from bot.config import Settings
from bot.content.errors import ContentError
from bot.domain.parameters import ParameterNotInForceError
from bot.registry.errors import RegistryError, TooManyErrorsError
from bot.services.clock import ZoneDataError
from bot.storage.errors import StorageError

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def read_settings(**changes: object) -> Settings:
    """Read the environment and ``.env``; a wrong value ends the command with its name."""
    try:
        return Settings(**changes)  # type: ignore[arg-type]  # pydantic checks each of them
    except ValidationError as error:
        problem = error.errors()[0]
        name = f"{problem['loc'][0]}: ".upper() if problem["loc"] else ""
        fail(f"setting {name}{problem['msg'].removeprefix('Value error, ')}", code=2)
    except OSError as error:
        fail(f"a secret's file cannot be read: {error}", code=2)


def fail(message: str, code: int = 1) -> NoReturn:
    """End the command with a line on stderr."""
    err.print(f"saqbol: {message}", markup=False)
    raise typer.Exit(code)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn expected errors into one line and exit code 1."""
    try:
        yield
    except TooManyErrorsError as error:
        fail(f"{error}. `--rejects FILE` lists the lines")
    except (
        RegistryError,
        StorageError,
        ContentError,
        ParameterNotInForceError,
        ZoneDataError,
        OSError,
    ) as error:
        fail(str(error))


def existing_file(path: Path) -> Path:
    """Check an argument that names a file."""
    if not path.is_file():
        raise typer.BadParameter(f"there is no file {path}")
    return path
