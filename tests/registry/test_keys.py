import pickle

import pytest

from bot.registry.errors import PepperError
from bot.registry.keys import RegistryKey

from .samples import IINS, KEY, PHONE

PEPPER = bytes(range(32))


def test_key_of_an_iin_is_sixteen_bytes_and_repeatable() -> None:
    assert len(KEY.of_iin(IINS[0])) == 16
    assert RegistryKey(PEPPER).of_iin(IINS[0]) == RegistryKey(PEPPER).of_iin(IINS[0])
    assert KEY.of_iin(IINS[0]) != KEY.of_iin(IINS[1])


def test_key_made_of_the_secret_is_the_same_key() -> None:
    other = RegistryKey.of_secret(KEY.secret)

    assert other.key_id == KEY.key_id
    assert other.of_iin(IINS[0]) == KEY.of_iin(IINS[0])
    assert other.of_phone(PHONE) == KEY.of_phone(PHONE)
    assert other.of_subscriber(1) == KEY.of_subscriber(1)


def test_keys_of_many_are_those_of_each() -> None:
    phones = [PHONE, "+79990000000", "+123456789012345"]

    many = KEY.of_iins(iin.digits.encode() for iin in IINS)

    assert many == b"".join(map(KEY.of_iin, IINS))
    assert KEY.of_phones(map(str.encode, phones)) == b"".join(map(KEY.of_phone, phones))


def test_keys_differ_by_pepper_and_by_what_is_hashed() -> None:
    assert RegistryKey(PEPPER).of_iin(IINS[0]) != KEY.of_iin(IINS[0])
    assert RegistryKey(PEPPER).key_id != KEY.key_id
    assert KEY.of_phone(PHONE) not in {KEY.of_iin(iin) for iin in IINS}


@pytest.mark.parametrize("phone", ["77000001234", "8 700 000 12 34", "", "+7٧٠٠٠٠٠١٢٣٤"])
def test_phone_in_another_form_is_refused_instead_of_never_matching(phone: str) -> None:
    with pytest.raises(ValueError, match="must be in the form") as caught:
        KEY.of_phone(phone)

    assert not phone or phone not in str(caught.value)


def test_pepper_below_32_bytes_is_refused() -> None:
    with pytest.raises(PepperError, match="31 bytes"):
        RegistryKey(bytes(31))


def test_key_shows_and_gives_away_nothing_of_the_pepper() -> None:
    key = RegistryKey(PEPPER)

    assert repr(key) == f"RegistryKey({key.key_id})"
    assert PEPPER.hex() not in repr(key)
    assert PEPPER not in key.secret
    with pytest.raises(TypeError):
        pickle.dumps(key)
