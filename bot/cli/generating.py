"""``saqbol registry generate``."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from bot.cli.console import AsOf, clear_errors, err, fail, out
from bot.registry.generate import HEADER, generate_blocks
from bot.registry.new_file import new_file
from bot.registry.synthetic.iins import MAX_PEOPLE
from bot.registry.synthetic.people import Block, Recipe


def generate(
    people: Annotated[int, typer.Option(min=1, max=MAX_PEOPLE, help="How many.")],
    as_of: AsOf,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The CSV to write; .gz and .zst compress it.")
    ],
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 1,
    defects: Annotated[
        float,
        typer.Option(min=0, max=1, help="Spoil this share of rows; FILE.defects.csv lists them."),
    ] = 0.0,
) -> None:
    """Write a register of made-up people, born 2095-2099, with real shares.

    Example: saqbol registry generate --people 10000 --seed 1 --as-of 2026-11-21 -o people.csv
    """
    recipe = Recipe(seed, as_of.date(), defects)
    with clear_errors():
        try:
            spoiled = _write(output, recipe, people)
        except OSError as error:
            fail(
                f"cannot write {output}: {error.strerror}. No part of it was left: make room, or"
                " choose another folder, and start again"
            )
    out.print(f"{people:,} people written to {output}")
    if defects:
        out.print(f"{spoiled:,} lines have a defect or a twin: {_list_of(output)}")


def _write(output: Path, recipe: Recipe, people: int) -> int:
    """Write the file and the list of its defects; give their number."""
    spoiled = 0
    with ExitStack() as stack:
        write_list: Callable[[bytes], object] | None = None
        if recipe.defects:
            write_list = stack.enter_context(new_file(_list_of(output)))
            write_list(b"line,reason\n")
        write = stack.enter_context(new_file(output))
        write(f"{HEADER}\n".encode())
        for block in _with_progress(people, recipe):
            write(block.text)
            if write_list is not None:
                listed = [f"{line},{reason}\n" for line, reason in block.defects]
                write_list("".join(listed).encode())
            spoiled += len(block.defects)
    return spoiled


def _with_progress(people: int, recipe: Recipe) -> Iterator[Block]:
    with _progress() as progress:
        task = progress.add_task("people", total=people, rate="")
        for block in generate_blocks(people, recipe, os.cpu_count() or 1):
            yield block
            progress.update(task, advance=block.rows)
            speed = progress.tasks[0].speed
            progress.update(task, rate=f"{speed:,.0f} a second" if speed else "")


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )


def _list_of(output: Path) -> Path:
    return output.with_name(f"{output.name}.defects.csv")
