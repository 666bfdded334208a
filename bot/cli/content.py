"""``saqbol content``: checks for editors and translators."""

import typer

from bot.cli.console import err, fail, out
from bot.config import SHARE
from bot.content.check import find_problems

app = typer.Typer(help="Texts and figures.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `check` a named command while it is the only one."""


@app.command()
def check() -> None:
    """Find missing languages, unknown placeholders, empty strings and texts that are too long.

    Example: saqbol content check
    """
    problems = find_problems(SHARE)
    for problem in problems:
        err.print(problem, markup=False)
    if problems:
        fail(f"{len(problems)} problems in data/ and locales/")
    out.print("Content is complete in three languages.")
