"""The main job: an IIN in, an answer out."""

import pytest

from tests.telegram.client import labels
from tests.telegram.conftest import Newcomer


@pytest.mark.parametrize(
    ("language", "headline"),
    [
        ("kk", "⛔ Сақтандырылмаған"),
        ("ru", "⛔ Статус: не застрахован"),
        ("ky", "⛔ Камсыздандырылган эмес"),
    ],
)
async def test_uninsured_person_gets_status_reason_and_sum(
    newcomer: Newcomer, language: str, headline: str
) -> None:
    resident = await newcomer(language)

    answer = await resident.send("950101 500-019")

    assert answer["text"].startswith(headline)
    assert "0019" in answer["text"]
    assert "51\u00a0000\u00a0₸" in answer["text"]
    assert len(labels(answer)) == 9
