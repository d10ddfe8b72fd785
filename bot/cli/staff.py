"""`candor staff add`: accounts for the desk and the review console."""

from __future__ import annotations

from typing import Annotated

import typer

staff = typer.Typer(help="Accounts of agents, reviewers, maintainers and operators.", no_args_is_help=True)


@staff.command()
def add(
    login: Annotated[str, typer.Argument(help="The login to sign in with.")],
    name: Annotated[str, typer.Option(help="The name that visitors and colleagues see.")],
    role: Annotated[
        list[str], typer.Option(help="agent, reviewer, maintainer or operator; may be given several times.")
    ],
) -> None:
    """Add an account for the desk or the review console. Prompts for the password."""
    from bot.cli.context import services
    from bot.staff.accounts import create

    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with services() as s, s.database.transaction() as session:
        create(session, login, name, tuple(role), password)
    typer.echo(f"{name} can sign in now.")
