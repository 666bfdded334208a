"""The command line: ``saqbol --help``."""

import os
import resource
import sys
from typing import NoReturn

import typer

from bot.cli import audit, content, db, registry, running, stats, status

_NICE = 10

app = typer.Typer(
    help="Saqbol: am I insured, why not, and what do I do now.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
running.add_to(app)
status.add_to(app)
stats.add_to(app)
app.add_typer(registry.app, name="registry")
app.add_typer(db.app, name="db")
app.add_typer(audit.app, name="audit")
app.add_typer(content.app, name="content")


def main() -> NoReturn:
    """Run the command; 0 done, 1 something went wrong, 2 wrong usage."""
    _keep_to_owner()
    if sys.argv[1:2] == ["registry"]:
        # Imports and comparisons take whole processors, and people wait for the bot.
        os.nice(_NICE)
    app()
    sys.exit(0)


def _keep_to_owner() -> None:
    """Let nobody else read what is written, and write no memory to disk after a crash."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
