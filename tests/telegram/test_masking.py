"""What is taken for a number of a person on its way to the operators' group, and what is not."""

import pytest
from aiogram.types import MessageEntity

from bot.telegram.masking import has_iin, hide_numbers, is_only_number, kept_entities


@pytest.mark.parametrize(
    "text",
    [
        "950101500019",
        "950101 500 019",
        "95-01-01-500-019",
        "950101\u00a0500019",
        "950101\u200b500019",
        "950101.500019",
        "мой: 950101 500019!",
        "950101500019 и 960919501016",
        "9501015000",
        "+7 701 123 45 67",
        "8(701)1234567",
        "тел. +996 (700) 123-456",
        "https://example.kz/?iin=950101500019",
        "𝟗𝟓𝟎𝟏𝟎𝟏𝟓𝟎𝟎𝟎𝟏𝟗",
    ],
)
def test_numbers_of_people_leave_no_digit_and_nothing_moves(text: str) -> None:
    hidden = hide_numbers(text)

    assert not any(character.isdigit() for character in hidden)
    assert len(hidden.encode("utf-16-le")) == len(text.encode("utf-16-le"))


@pytest.mark.parametrize(
    "text",
    [
        "85 000 тенге",
        "с 01.06.2026 по 31.08.2026",
        "статья 26, пункт 1, за 12 месяцев",
        "приказ 123456",
        "за 2024, 2025, 2026 годы",
        "звоните 1414",
        "",
    ],
)
def test_sums_days_and_short_numbers_stay(text: str) -> None:
    assert hide_numbers(text) == text


def test_links_that_carry_a_number_go_and_form_stays() -> None:
    bold = MessageEntity(type="bold", offset=0, length=4)
    clean = MessageEntity(type="text_link", offset=0, length=4, url="https://example.kz/a")
    dirty = MessageEntity(
        type="text_link", offset=0, length=4, url="https://example.kz/950101500019"
    )
    phone = MessageEntity(type="phone_number", offset=0, length=4)

    assert kept_entities([bold, clean, dirty, phone]) == [bold, clean]


@pytest.mark.parametrize(
    ("text", "is_only"),
    [
        ("950101500019", True),
        ("ИИН 950101500019", True),
        ("Помогите, мой ИИН 950101500019, что делать", False),
        ("Здравствуйте", False),
        ("+7 701 123 45 67", True),
        ("95010150001", True),
        ("01.06.2026", False),
        ("850000", False),
    ],
)
def test_number_alone_is_told_from_a_message_with_a_number(text: str, is_only: bool) -> None:
    assert is_only_number(text) is is_only


def test_phone_alone_is_no_reason_to_delete_a_message() -> None:
    assert has_iin("мой ИИН 950101500019")
    assert not has_iin("позвоните мне: +7 701 123 45 67, жду")
