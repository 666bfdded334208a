"""One bot for all who write broadcasts; more than two people need an approval."""

from collections.abc import AsyncIterator

import pytest

from tests.telegram.drafts.author import MOST_ALONE
from tests.telegram.office import Office, open_office


@pytest.fixture(scope="session")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    home = tmp_path_factory.mktemp("drafts")
    async with open_office(home, chiefs=3, broadcast_approval_above=MOST_ALONE) as office:
        yield office
