"""`candor hold`: legal holds on conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import By, CommandError, services

if TYPE_CHECKING:
    from bot.db.models import HoldRow

hold = typer.Typer(
    help="Legal holds: conversations exempt from erasure and retention until the hold ends.", no_args_is_help=True
)


@hold.command("add")
def add_hold(
    conversation: Annotated[str, typer.Argument(help="The conversation's id, con_….")],
    reason: Annotated[str, typer.Option(help="The reason, for the record. Name no visitor in it.")],
    by: By = "",
) -> None:
    """Put a conversation on hold. Neither a visitor's request nor retention clears it until the hold ends."""
    from bot.privacy.legal_holds import hold as add

    with services() as s, s.database.transaction() as session:
        row = add(session, s.recorder, conversation, reason, by)
    typer.echo(f"{row.conversation_id} is on hold. The hold's number is {row.id}.")


@hold.command("end")
def end_hold(
    number: Annotated[str, typer.Argument(help="The hold's number, hld_…, as 'candor hold list' prints it.")],
    by: By = "",
) -> None:
    """End a hold. Data that is due by then is cleared in the next retention run."""
    from bot.privacy.legal_holds import release

    if not number.startswith("hld_"):
        raise CommandError("Give the hold's number, hld_…: 'candor hold list' prints it.")
    with services() as s, s.database.transaction() as session:
        row = release(session, s.recorder, number, by)
    typer.echo(f"The hold on {row.conversation_id} has ended.")


@hold.command("list")
def list_holds() -> None:
    """Print the holds in force, the oldest first."""
    from bot.privacy.legal_holds import in_force

    with services() as s, s.database.snapshot() as session:
        rows = in_force(session)
    typer.echo("\n".join(map(_line, rows)) if rows else "No conversation is on hold.")


def _line(row: HoldRow) -> str:
    return f"{row.id}  {row.conversation_id}  since {row.at:%Y-%m-%d %H:%M} UTC, by {row.by}: {row.reason}"
