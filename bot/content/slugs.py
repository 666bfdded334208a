"""Short names of guides, letters, services and topics."""

from typing import Annotated

from pydantic import Field

# A part of callback data, which has 64 bytes, beside where the view was reached from.
Slug = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,24}$")]
