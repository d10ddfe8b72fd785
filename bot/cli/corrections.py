"""`candor corrections export`: what reviewers' corrections add to the training data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.core.settings import ROOT
from bot.oversight.rasa_training_data import FROM_REVIEWS, training_file

corrections = typer.Typer(help="Training examples from reviews that a maintainer accepted.", no_args_is_help=True)


@corrections.command()
def export(
    out: Annotated[Path | None, typer.Option(help=f"The file to write; defaults to {FROM_REVIEWS}.")] = None,
) -> None:
    """Write the accepted corrections as training data. The same corrections give the same file."""
    from bot.cli.context import services
    from bot.oversight.corrections import accepted_examples

    path = out or ROOT / FROM_REVIEWS
    with services() as s, s.database.snapshot() as session:
        examples = accepted_examples(session)
    if not examples:
        typer.echo("No correction has been accepted yet: no file was written.")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(training_file(examples), encoding="utf-8")
    typer.echo(f"{len(examples)} accepted corrections are in {path.name}. Read it, commit it, then train: make model")
    typer.echo("At its next start Candor asks the new model what it makes of each, and the console shows it.")
