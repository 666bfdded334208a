"""Numbers of people are found in what would be sent to many; public ones may be named."""

import pytest

from bot.services.personal_numbers import has_personal_number


@pytest.mark.parametrize(
    "text",
    [
        "950101500019",
        "950101-500-019",
        "950101\u00a0500 019 и ещё",
        "<b>950101</b>500019",
        "950101500018",
        "12 950101500019",
        "87011234567",
        "+7 (701) 123-45-67",
        '<a href="tel:+77011234567">звоните</a>',
        "+996 555 123 456",
    ],
)
def test_number_of_a_person_is_found_however_it_is_typed(text: str) -> None:
    assert has_personal_number(text)


@pytest.mark.parametrize(
    "text",
    ["1414", "160440007161", "4 250 ₸", "25.11.2026 10:30", "1 000 000 000 ₸", "https://a.kz/123"],
)
def test_number_that_is_public_is_none_of_a_person(text: str) -> None:
    assert not has_personal_number(text)
