"""What can go wrong with the register; no message ever carries an IIN or a phone."""

from enum import StrEnum

from bot.registry.row_problems import RowProblem


class RegistryError(Exception):
    """Anything that keeps the register from being read or replaced."""


class PepperError(RegistryError):
    """The secret behind the keys is missing or too short."""


class RegistryMissingError(RegistryError):
    """Nothing has been imported yet."""


class RegistryKeyError(RegistryError):
    """The register was built with another pepper, so every look-up would miss."""


class RegistryBrokenError(RegistryError):
    """The file is damaged or is not a register; it must not be taken for "not found"."""


class ImportRunningError(RegistryError):
    """Another import holds the lock."""


class ImportStoppedError(RegistryError):
    """The import gave up; the generation that was current stays current."""


class TooManyErrorsError(ImportStoppedError):
    """A larger share of rows was rejected than the caller allows.

    Attributes:
        read: rows read.
        rejected: rows rejected.
        reasons: how many rows for which reason, most frequent first.
    """

    def __init__(self, read: int, rejected: int, reasons: dict[RowProblem, int]) -> None:
        super().__init__(
            f"{rejected:,} of {read:,} rows are wrong. Nothing was changed: correct the"
            " file by the list of rejected lines, or allow a larger share of errors"
        )
        self.read = read
        self.rejected = rejected
        self.reasons = reasons


class Suspicion(StrEnum):
    """What makes an import suspicious."""

    UNREADABLE = "unreadable"  # the current register, so that nothing can be compared
    OLDER = "older"
    SMALLER = "smaller"
    TURNED_OVER = "turned_over"  # twice or half the share of uninsured people
    OTHER_PEOPLE = "other_people"


class SuspiciousImportError(ImportStoppedError):
    """The new file differs so much from the current one that a person must decide."""

    def __init__(self, suspicion: Suspicion, text: str) -> None:
        super().__init__(text)
        self.suspicion = suspicion
