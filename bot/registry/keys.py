"""Keyed blocks: the only form in which the register knows an IIN or a phone."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.config import Settings
from bot.domain.iin import Iin
from bot.registry.errors import PepperError

KEY_BYTES = 16
MIN_PEPPER_BYTES = 32
E164 = r"\+[1-9][0-9]{6,14}"
_E164 = re.compile(E164)


class RegistryKey:
    """Turns an IIN or a phone into the key under which the register keeps it.

    There are only about 10^9 possible IINs, so what needs no secret is reversed in minutes, and so
    is this by who has the pepper: it must live outside the register and its backups. ``repr``
    shows the public id alone.

    Attributes:
        key_id: public name of the pepper, kept in every snapshot to notice a wrong one.

    Raises:
        PepperError: the pepper is shorter than 32 bytes.
    """

    __slots__ = ("_iin", "_phone", "_secret", "_subscriber", "key_id")

    def __init__(self, pepper: bytes) -> None:
        if len(pepper) < MIN_PEPPER_BYTES:
            raise PepperError(
                f"the pepper has {len(pepper)} bytes and needs {MIN_PEPPER_BYTES}; make one with"
                " openssl rand -hex 32"
            )
        self._derive(hashlib.blake2b(pepper, person=b"saqbol pepper").digest())

    def _derive(self, secret: bytes) -> None:
        self._secret = secret
        self._iin = _Blocks(_part(secret, b"saqbol iin", 32))
        self._phone = _Blocks(_part(secret, b"saqbol phone", 32))
        self._subscriber = hashlib.blake2b(
            key=secret, digest_size=KEY_BYTES, person=b"saqbol person"
        )
        self.key_id = _part(secret, b"saqbol aes id", 4).hex()

    def __repr__(self) -> str:
        return f"RegistryKey({self.key_id})"

    def __reduce__(self) -> str:
        raise TypeError("a registry key is not written anywhere")

    @property
    def secret(self) -> bytes:
        """What the same key is made of in another process of an import; never to be stored."""
        return self._secret

    @classmethod
    def of_secret(cls, secret: bytes) -> "RegistryKey":
        """Make the key that has this secret."""
        key = cls.__new__(cls)
        key._derive(secret)  # noqa: SLF001 - its own class
        return key

    def of_iin(self, iin: Iin) -> bytes:
        """Give the 16-byte key of a person."""
        return self._iin.one(iin.digits.encode())

    def of_iins(self, iins: Iterable[bytes]) -> bytes:
        """Give the keys of many IINs one after the other, each of 16 bytes."""
        return self._iin.many(iins)

    def of_phone(self, e164: str) -> bytes:
        """Give the 16-byte key of a phone, unrelated to that of any IIN.

        Raises:
            ValueError: not in the form +77001234567; another spelling would never match.
        """
        if not is_e164(e164):
            raise ValueError("a phone must be in the form + and 7 to 15 digits")
        return self._phone.one(e164.encode())

    def of_phones(self, phones: Iterable[bytes]) -> bytes:
        """Give the keys of many phones in that form one after the other, each of 16 bytes."""
        return self._phone.many(phones)

    def of_subscriber(self, telegram_id: int) -> bytes:
        """Give the 16-byte key of somebody who uses the bot, unrelated to any IIN or phone."""
        hasher = self._subscriber.copy()
        hasher.update(str(telegram_id).encode())
        return hasher.digest()


class _Blocks:
    """AES-256 of one block for each text of at most 16 bytes.

    No hash is needed where every text fits into a block: nobody without the key can tell what the
    cipher gives from chance, no two texts get the same block, and millions of them take a
    hundredth of the time. Who has the key can turn a whole block back, where a keyed hash of so
    few numbers would take minutes.
    """

    def __init__(self, key: bytes) -> None:
        # Blocks are neither chained nor put together to a message.
        self._cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - as just said
        self._encryptor = self._cipher.encryptor()

    def one(self, text: bytes) -> bytes:
        return self._encryptor.update(text.ljust(KEY_BYTES, b"\0"))

    def many(self, texts: Iterable[bytes]) -> bytes:
        blocks = b"".join([text.ljust(KEY_BYTES, b"\0") for text in texts])
        return self._cipher.encryptor().update(blocks)


def _part(secret: bytes, purpose: bytes, size: int) -> bytes:
    return hashlib.blake2b(key=secret, digest_size=size, person=purpose).digest()


def is_e164(text: str) -> bool:
    """Tell whether a text is a phone in the international form: ``+`` and 7 to 15 digits."""
    return _E164.fullmatch(text) is not None


def load_or_create_pepper(path: Path) -> bytes:
    """Read the pepper file, or make one that only its owner may read.

    Two processes that start together end up with the same pepper: the file appears complete or
    not at all, and the one that comes second reads it.

    Raises:
        PepperError: the file cannot be read, or is too short.
    """
    try:
        if not path.exists():
            _create_pepper(path)
        pepper = path.read_bytes()
    except OSError as error:
        raise PepperError(f"pepper file {path}: {error.strerror}") from None
    if len(pepper) < MIN_PEPPER_BYTES:
        raise PepperError(
            f"pepper file {path} has {len(pepper)} bytes and needs {MIN_PEPPER_BYTES};"
            " restore it from its backup: a new one makes every snapshot unreadable"
        )
    return pepper


def _create_pepper(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(MIN_PEPPER_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(temporary)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def registry_key(settings: Settings) -> RegistryKey:
    """Read the pepper from the setting or its file; the file is made where it is missing.

    Raises:
        PepperError: the pepper cannot be read or is too short.
    """
    if settings.registry_pepper is not None:
        return RegistryKey(settings.registry_pepper.get_secret_value().encode())
    return RegistryKey(load_or_create_pepper(settings.pepper_file))
