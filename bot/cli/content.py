"""``saqbol content``: checks, drawings and posters for editors and translators."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import clear_errors, err, fail, out, read_settings
from bot.config import SHARE
from bot.content.check import find_due_reviews, find_problems
from bot.content.library import Content, load_content
from bot.services.clock import clock

app = typer.Typer(help="Texts and figures.", no_args_is_help=True)


@app.command()
def check(
    reviews: Annotated[
        bool, typer.Option("--reviews", help="Fail on guides past their review date, too.")
    ] = False,
) -> None:
    """Find missing languages, unknown placeholders, misleading words and texts that are too long.

    Example: saqbol content check
    """
    problems = find_problems(SHARE)
    for problem in problems:
        err.print(problem, markup=False)
    if problems:
        fail(f"{len(problems)} problems in data/ and locales/")
    with clear_errors():
        today = clock(read_settings())()
    due = find_due_reviews(_content().guides, today)
    for guide in due:
        err.print(guide, markup=False)
    if reviews and due:
        fail(f"{len(due)} guides to check again")
    out.print("Content is complete in three languages.")


@app.command()
def graph() -> None:
    """Draw reason → guide ← way and the topics as a Mermaid flowchart.

    Example: saqbol content graph > routes.mmd
    """
    from bot.content.graph import draw_routes

    typer.echo(draw_routes(_content()), nl=False)


@app.command()
def words() -> None:
    """Count guides and their words in each language.

    Example: saqbol content words
    """
    content = _content()
    for locale in next(iter(content.guides.values())):
        guides = [by_locale[locale] for by_locale in content.guides.values()]
        number = sum(len(guide.body.split()) for guide in guides)
        asked = sum(map(len, content.questions[locale].values()))
        out.print(f"{locale.value}: {len(guides)} guides, {number} words, {asked} ways to ask")


@app.command()
def qr(
    slug: Annotated[str, typer.Argument(help="Slug of a guide, such as turned-18.")],
    bot: Annotated[str, typer.Option("--bot", help="Name of the bot, such as SaqbolBot.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="PNG or SVG; default <slug>.svg.")
    ] = None,
) -> None:
    """Make a QR code that opens a guide in the bot, for a poster.

    Example: saqbol content qr turned-18 --bot SaqbolBot -o turned-18.png
    """
    import segno

    from bot.content.links import deep_link
    from bot.content.search import Document

    content = _content()
    if slug not in content.guides:
        fail(f"there is no guide {slug!r}; `saqbol content graph` shows all of them")
    path = output or Path(f"{slug}.svg")
    if path.suffix not in {".svg", ".png"}:
        fail(f"{path} must end in .svg or .png")
    link = deep_link(bot.removeprefix("@"), Document(slug, is_guide=True))
    # A poster is photographed from afar, with folds and stains: the highest error correction.
    segno.make_qr(link, error="h").save(str(path), scale=10, border=4)
    out.print(f"{path} opens {link}")


def _content() -> Content:
    with clear_errors():
        return load_content(SHARE)
