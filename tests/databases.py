"""Tests that run on SQLite and on PostgreSQL alike: ``pytestmark = on_both``."""

import os
from collections.abc import Iterator

import pytest

from tests.postgres import Postgres, PostgresMissingError, running_postgres

on_both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Give a server; skip where there is none, and fail where there must be one."""
    try:
        with running_postgres() as server:
            yield server
    except PostgresMissingError as error:
        if os.environ.get("CI"):
            pytest.fail(f"{error}: add Debian's package postgresql")
        pytest.skip(f"{error} (Debian: postgresql)")


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """Give the kind of database: SQLite, where the test says nothing."""
    return str(getattr(request, "param", "sqlite"))
