"""`candor engine understand`: tries the trained model on texts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.core.settings import ROOT, load_settings

engine = typer.Typer(help="The trained model, without gateway and dialogue.", no_args_is_help=True)


@engine.command()
def understand(
    file: Annotated[str, typer.Option(help="A file with one text per line, or - for standard input.")] = "-",
    model: Annotated[Path | None, typer.Option(help="The trained model; defaults to the newest in models/.")] = None,
) -> None:
    """Print one JSON line per text: intent, confidence, ranking and the threshold in force."""
    from bot.cli.context import find_model

    settings = load_settings()
    chosen = find_model(settings.model_copy(update={"model": model} if model else {}))
    command = [str(settings.engine_python), "-m", "engine.understand", "--model", str(chosen.resolve()), "--file"]
    source = file if file == "-" else str(Path(file).resolve())
    sys.exit(subprocess.run([*command, source], cwd=ROOT, check=False).returncode)
