"""What is exported of the people database: every table that knows a person."""

import re

from bot.config import SHARE
from bot.storage.personal import personal_columns
from bot.storage.tables import metadata

_INVENTORY = re.compile(r"^\| (\w+) \| (\w+) \| ([^|]+) \|", re.MULTILINE)


def test_every_table_of_the_inventory_with_something_personal_is_exported() -> None:
    page = (SHARE / "docs" / "security.md").read_text(encoding="utf-8")
    inventory = [row for row in _INVENTORY.findall(page) if row[0] in metadata.tables]

    personal = {table for table, _, what in inventory if "personal" in what.partition("nothing")[0]}

    assert len(inventory) == sum(len(table.c) for table in metadata.sorted_tables)
    # Of what operators did in their office, nothing is about them.
    assert personal - {"audit", "broadcasts"} == set(personal_columns())
