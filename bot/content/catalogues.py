"""Reads the gettext catalogues and compiles them in memory."""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from bot.content.errors import ContentError
from bot.domain.locales import Locale


def read_catalogue(folder: Path, locale: Locale) -> Catalog:
    """Read ``<folder>/<locale>/LC_MESSAGES/bot.po``.

    Raises:
        ContentError: the file is missing or is not a catalogue.
    """
    path = folder / locale / "LC_MESSAGES" / "bot.po"
    try:
        with path.open("rb") as file:
            return read_po(file, locale=locale.value, abort_invalid=True)
    except (FileNotFoundError, PoFileError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: {error}") from error


def compile_catalogue(catalogue: Catalog) -> GNUTranslations:
    """Compile in memory; no .mo file is kept beside the text."""
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    buffer.seek(0)
    return GNUTranslations(buffer)


def message_texts(message: Message) -> tuple[str, ...]:
    """Give the translations of a message, one a plural form."""
    text = message.string
    return (text,) if isinstance(text, str) else tuple(text or ("",))
