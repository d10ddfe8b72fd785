"""`candor visitor erase` and `candor erasure reapply`: work beside a running gateway or without one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import By
from bot.privacy.erasure.reasons import Reason

if TYPE_CHECKING:
    from bot.core.ids import Json
    from bot.db import Database
    from bot.db.models import ErasureRow

PURGE_SECONDS = 3.0
visitor = typer.Typer(help="Visitors and the data stored about them.", no_args_is_help=True)
erasure = typer.Typer(help="Erasures that were made.", no_args_is_help=True)


@visitor.command()
def erase(
    reason: Annotated[Reason, typer.Option(help="The reason, for the record.")],
    visitor: Annotated[str, typer.Option(help="The visitor's id, vis_….")] = "",
    conversation: Annotated[str, typer.Option(help="Or the id of one of their conversations, con_….")] = "",
    customer: Annotated[str, typer.Option(help="Or all visitors of one customer, by the shop's customer id.")] = "",
    by: By = "",
) -> None:
    """Erase a visitor: what they said and what was recorded about them. The record of the erasure itself stays."""
    from bot.cli.context import services
    from bot.privacy.data_subject import visitors_of_customer
    from bot.privacy.erasure.receipt import receipt
    from bot.privacy.erasure.repository import visitor_of
    from bot.privacy.erasure.requests import Requests, What

    if [bool(visitor), bool(conversation), bool(customer)].count(True) != 1:
        raise typer.BadParameter("Give --visitor or --conversation, or --customer.")
    with services() as s:
        requests = Requests(s.keyring, s.eraser)
        with s.database.transaction() as session:
            if customer:
                ids, what = visitors_of_customer(session, s.keyring, customer), What.EVERYTHING
            else:
                ids, what = [visitor or visitor_of(session, conversation)], What.CONVERSATION
            rows = requests.ask(session, ids, what, reason, by)
            written = receipt(session, rows, "en")
        purged = purge(s.database)
    typer.echo(_receipt(rows, written, purged))


@erasure.command()
def reapply() -> None:
    """Repeat the erasures made since a backup, in a database restored by other tools such as pg_restore."""
    from bot.cli.context import services
    from bot.cli.restore import reapply_all
    from bot.privacy.erasure import ledger

    with services() as s:
        rows = reapply_all(s.database, s.settings, ledger.read(s.settings.data_dir))
        s.database.purge_now()
    typer.echo("\n".join(reapplied(rows)))


def purge(database: Database) -> bool:
    """Purge the database's files, retrying for `PURGE_SECONDS` while other readers prevent it; whether it was done."""
    deadline = time.monotonic() + PURGE_SECONDS
    while not database.purge_now():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def reapplied(rows: Sequence[ErasureRow]) -> list[str]:
    """The lines that report erasures made again."""
    if not rows:
        return ["Nobody had to be erased again."]
    lines = [
        f"Erased again: {row.visitor_id}, as on {row.begun_at:%Y-%m-%d at %H:%M:%S} UTC ({row.reason}, {row.id})."
        for row in rows
    ]
    return [*lines, "The engine's store is cleared at the next start, as soon as the engine is ready."]


def _receipt(rows: Sequence[ErasureRow], written: dict[str, Json], purged: bool) -> str:
    from bot.privacy.erasure.receipt import receipt_text

    lines = [
        f"Visitor {row.visitor_id} was erased on {row.begun_at:%Y-%m-%d at %H:%M:%S} UTC ({row.reason}). "
        f"It is on record as {row.record_id}."
        for row in rows
    ]
    return "\n".join([*lines, receipt_text(written), *_left_to_do(rows, purged)])


def _left_to_do(rows: Sequence[ErasureRow], purged: bool) -> list[str]:
    if all(row.done_at is not None for row in rows):
        return ["Nothing is left to do."]
    from bot.jobs import ERASE_SECONDS

    left = [
        "Left to do: clearing the engine's store. A running Candor looks for erasures every "
        f"{ERASE_SECONDS:.0f} seconds and clears it once its engine is ready and no message of the visitor's is being "
        "answered; one that is stopped does so at its next start."
    ]
    if not purged:
        left.append("The database is being read: its write-ahead log is emptied by then as well.")
    return [*left, f"Run the command again with --visitor {rows[0].visitor_id} to see whether it is done."]
