"""Who counts as the owner of a record."""

from dataclasses import replace

import pytest

from bot.config import Disclosure
from bot.domain.iin import Iin

from .conftest import AIGUL, ANNA, AskOn

# In the sample register: a pensioner with a phone, and somebody without one.
WITH_PHONE, PHONE = Iin("950317601018"), "+77000000001"
WITHOUT_PHONE = Iin("950101500019")
NOBODY = Iin("991231500719")


@pytest.mark.parametrize(
    ("iin", "can_prove"),
    [
        pytest.param(WITH_PHONE, True, id="record with a phone"),
        pytest.param(WITHOUT_PHONE, False, id="record without a phone"),
        pytest.param(NOBODY, False, id="no record"),
    ],
)
async def test_a_person_without_a_proved_phone_is_not_the_owner(
    answers_on: AskOn, iin: Iin, can_prove: bool
) -> None:
    asked = answers_on().ask(iin, ANNA)

    assert (asked.is_owner, asked.can_prove_phone) == (False, can_prove)


@pytest.mark.parametrize("spelling", [PHONE, PHONE[1:]], ids=["with plus", "without plus"])
async def test_the_proved_phone_of_the_record_makes_the_owner(
    answers_on: AskOn, spelling: str
) -> None:
    answers = answers_on()
    owner = replace(ANNA, phone_key=answers.phone_key(spelling))

    asked = answers.ask(WITH_PHONE, owner)

    assert (asked.is_owner, asked.can_prove_phone) == (True, False)


async def test_the_phone_of_somebody_else_opens_nothing(answers_on: AskOn) -> None:
    answers = answers_on()
    stranger = replace(AIGUL, phone_key=answers.phone_key("+77000000002"))

    asked = answers.ask(WITH_PHONE, stranger)
    without_phone = answers.ask(WITHOUT_PHONE, stranger)

    assert (asked.is_owner, asked.can_prove_phone) == (False, True)
    assert without_phone.is_owner is False


async def test_an_open_deployment_shows_everybody_and_asks_for_no_phone(answers_on: AskOn) -> None:
    asked = answers_on(disclosure=Disclosure.OPEN).ask(WITH_PHONE, ANNA)

    assert (asked.is_owner, asked.can_prove_phone) == (True, False)


@pytest.mark.parametrize("phone", ["", "12", "eight", "7 700 000 00 01"], ids=repr)
async def test_what_is_not_a_phone_is_refused(answers_on: AskOn, phone: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        answers_on().phone_key(phone)
