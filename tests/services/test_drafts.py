"""A draft is begun for the people it is meant for."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.audience import Audience, Origin
from bot.domain.broadcasts import Choices
from bot.domain.locales import Locale
from bot.domain.wording import Wording, Wordings
from bot.services.broadcasts import Broadcasts
from bot.services.drafts import Drafts
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.drafts import DraftRepository
from tests.conftest import SAMPLE_DAY

AUTHOR = 42
NEWS = Wordings({Locale.RU: Wording("Новость")}, fallback=Locale.RU)
WRONG = Origin(generation="wrong-register")


@pytest.mark.parametrize(
    ("audience", "is_follow_up", "expected"),
    [
        pytest.param(
            Audience(answered_from=WRONG),
            True,
            Audience(uncertain_of=1, answered_from=WRONG),
            id="the-follow-up-of-a-correction-is-one",
        ),
        pytest.param(
            Audience(rest_days=1), True, Audience(uncertain_of=1), id="a-follow-up-of-other-news"
        ),
        pytest.param(Audience(answered_from=WRONG), False, Audience(), id="the-same-texts-anew"),
    ],
)
async def test_draft_made_of_a_broadcast_is_for(
    engine: AsyncEngine, audience: Audience, is_follow_up: bool, expected: Audience
) -> None:
    broadcasts = Broadcasts(BroadcastRepository(engine))
    drafts = Drafts(DraftRepository(engine), broadcasts, 1000, lambda: SAMPLE_DAY)
    number = await broadcasts.draft("n", 1, NEWS, audience, Choices(datetime.now(UTC)))
    broadcast = await broadcasts.get(number)
    assert broadcast is not None

    draft = await drafts.start_from(AUTHOR, "press", broadcast, is_follow_up=is_follow_up)
    again = await drafts.start_from(AUTHOR, "press", broadcast, is_follow_up=is_follow_up)

    assert draft is not None
    assert (draft.audience, draft.wordings) == (expected, NEWS)
    assert again == draft
