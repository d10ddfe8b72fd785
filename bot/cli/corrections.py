"""`candor corrections export`: what reviewers' corrections add to the training data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.core.settings import ROOT, load_settings
from bot.oversight.rasa_training_data import FROM_REVIEWS, training_file

corrections = typer.Typer(help="Training examples from reviews that a maintainer accepted.", no_args_is_help=True)


@corrections.callback()
def _group() -> None:
    """A single command would otherwise take the place of its group."""


@corrections.command()
def export(
    out: Annotated[Path | None, typer.Option(help=f"The file to write; {FROM_REVIEWS} when left out.")] = None,
) -> None:
    """Write the accepted corrections as training data. The same corrections give the same file."""
    from bot.cli.context import prepare
    from bot.oversight.corrections import accepted_examples

    path = out or ROOT / FROM_REVIEWS
    database, _ = prepare(load_settings())
    examples = database.read_now(accepted_examples)
    database.close()
    if not examples:
        typer.echo("No correction has been accepted yet: no file was written.")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(training_file(examples), encoding="utf-8")
    typer.echo(f"{len(examples)} accepted corrections are in {path.name}. Read it, commit it, then train: make model")
    typer.echo("At its next start Candor asks the new model what it makes of each, and the console shows it.")
