"""What operators may do."""

from enum import StrEnum


class Role(StrEnum):
    """A right of an operator; one may have several."""

    ADMINISTRATOR = "administrator"  # operators and their roles, settings, the audit log
    AUTHOR = "author"  # writes broadcasts
    SENDER = "sender"  # lets broadcasts go
    SUPPORT = "support"  # answers people


Roles = frozenset[Role]
EVERY_ROLE: Roles = frozenset(Role)
