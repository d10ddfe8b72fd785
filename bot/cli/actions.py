"""`candor actions serve`: the custom actions alone, for Rasa's own tools."""

from __future__ import annotations

from typing import Annotated

import typer

actions = typer.Typer(help="The custom actions in actions/, without gateway and engine.", no_args_is_help=True)


@actions.command()
def serve(port: Annotated[int, typer.Option(help="Port on 127.0.0.1; endpoints.yml names 5055.")] = 5055) -> None:
    """Serve actions/ for `rasa shell` and `rasa test`. No visitor is signed in there."""
    from bot.cli.main import with_logging

    settings = with_logging()
    from bot.cli import serve as serving  # after the settings, so that a wrong one is reported at once

    serving.run(serving.serve_actions(settings, port))
