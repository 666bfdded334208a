"""Keyed hashes: the only form in which the register knows an IIN or a phone."""

import hashlib
import re

from bot.config import Settings
from bot.domain.iin import Iin
from bot.registry.errors import PepperError
from bot.registry.peppers import MIN_PEPPER_BYTES, load_pepper

KEY_BYTES = 16
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class RegistryKey:
    """Turns an IIN or a phone into the key under which the register keeps it.

    There are only about 10^9 possible IINs, so a hash without a secret is reversed in minutes: the
    pepper must live outside the register and its backups. ``repr`` shows the public id alone.

    Attributes:
        key_id: public name of the pepper, kept in every snapshot to notice a wrong one.

    Raises:
        PepperError: the pepper is shorter than 32 bytes.
    """

    __slots__ = ("_iin", "_phone", "_subscriber", "key_id")

    def __init__(self, pepper: bytes) -> None:
        if len(pepper) < MIN_PEPPER_BYTES:
            raise PepperError(
                f"the pepper has {len(pepper)} bytes and needs {MIN_PEPPER_BYTES}; make one with"
                " openssl rand -hex 32"
            )
        key = hashlib.blake2b(pepper, person=b"saqbol pepper").digest()
        self._iin = hashlib.blake2b(key=key, digest_size=KEY_BYTES, person=b"saqbol iin")
        self._phone = hashlib.blake2b(key=key, digest_size=KEY_BYTES, person=b"saqbol phone")
        self._subscriber = hashlib.blake2b(key=key, digest_size=KEY_BYTES, person=b"saqbol person")
        self.key_id = hashlib.blake2b(key=key, digest_size=4, person=b"saqbol id").hexdigest()

    def __repr__(self) -> str:
        return f"RegistryKey({self.key_id})"

    def __reduce__(self) -> str:
        raise TypeError("a registry key is not written anywhere")

    def of_iin(self, iin: Iin) -> bytes:
        """Give the 16-byte key of a person."""
        hasher = self._iin.copy()
        hasher.update(iin.digits.encode())
        return hasher.digest()

    def of_phone(self, e164: str) -> bytes:
        """Give the 16-byte key of a phone, unrelated to that of any IIN.

        Raises:
            ValueError: not in the form +77001234567; another spelling would never match.
        """
        if not is_e164(e164):
            raise ValueError("a phone must be in the form + and 7 to 15 digits")
        hasher = self._phone.copy()
        hasher.update(e164.encode())
        return hasher.digest()

    def of_subscriber(self, telegram_id: int) -> bytes:
        """Give the 16-byte key of somebody who uses the bot, unrelated to any IIN or phone."""
        hasher = self._subscriber.copy()
        hasher.update(str(telegram_id).encode())
        return hasher.digest()


def is_e164(text: str) -> bool:
    """Tell whether a text is a phone in the international form: ``+`` and 7 to 15 digits."""
    return _E164.fullmatch(text) is not None


def registry_key(settings: Settings) -> RegistryKey:
    """Read the pepper from the setting or its file, which is made where nothing was imported yet.

    Raises:
        PepperError: there is none that may be used; the message says the way out.
    """
    if settings.registry_pepper is not None:
        return RegistryKey(settings.registry_pepper.get_secret_value().encode())
    try:
        path = settings.pepper_file
    except RuntimeError:
        raise PepperError("this user has no home folder: set REGISTRY_PEPPER_FILE") from None
    return RegistryKey(load_pepper(path, settings.home_dir))
