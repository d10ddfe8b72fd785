"""`candor erase` and `candor keys rotate`: beside a running gateway or without one."""

from __future__ import annotations

import getpass
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from bot.core.settings import load_settings
from bot.privacy.erasure.reasons import Reason

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.core.ids import Json
    from bot.core.settings import Settings
    from bot.db import Database, Keyring
    from bot.db.models import ErasureRow

PURGE_SECONDS = 3.0
keys = typer.Typer(help="The operator's key, which locks every visitor's.", no_args_is_help=True)


def erase(
    reason: Annotated[Reason, typer.Option(help="Why; it stands in the record.")],
    visitor: Annotated[str, typer.Option(help="The visitor's id, vis_…")] = "",
    conversation: Annotated[str, typer.Option(help="Or the id of one of their conversations, con_…")] = "",
    customer: Annotated[str, typer.Option(help="Or all visitors of a customer, as the shop knows them.")] = "",
    by: Annotated[str, typer.Option(help="Who does it, for the record; your login when left out.")] = "",
) -> None:
    """Erase a visitor: what they said and what was recorded about them. That it was done stays on record."""
    from bot.cli.context import prepare

    if [bool(visitor), bool(conversation), bool(customer)].count(True) != 1:
        raise typer.BadParameter("Give --visitor or --conversation, or --customer.")
    settings = load_settings()
    database, _ = prepare(settings)
    who = _Who(visitor, conversation, customer)
    rows, told = database.write_now(lambda s: _erase(s, settings, who, reason, by or getpass.getuser()))
    purged = _purged(database)
    database.close()
    typer.echo(_receipt(rows, told, purged))


@keys.command()
def rotate() -> None:
    """Put a new key into master.key. Nothing that is sealed is rewritten; visitors notice nothing."""
    from bot.cli.context import prepare
    from bot.db.key_rotation import rotate as run

    settings = load_settings()
    database, _ = prepare(settings)
    wrapped = run(database, settings.data_dir, lambda so_far: typer.echo(f"{so_far:,} keys wrapped anew …"))
    purged = _purged(database)
    database.close()
    typer.echo(f"master.key holds a new key; {wrapped:,} visitors' keys are locked with it. Back the file up now.")
    if not purged:
        typer.echo("The database is being read: what the old key locked leaves its write-ahead log within a while.")


@dataclass(frozen=True)
class _Who:
    """Who is to be erased; one of these is given."""

    visitor: str
    conversation: str
    customer: str

    def ids(self, session: Session, keyring: Keyring) -> list[str]:
        """The visitors.

        Raises:
            NotFound: there is no such conversation or customer.
        """
        from bot.privacy.data_subject import visitors_of_customer
        from bot.privacy.erasure.repository import visitor_of

        if self.customer:
            return visitors_of_customer(session, keyring, self.customer)
        return [self.visitor or visitor_of(session, self.conversation)]


def _erase(
    session: Session, settings: Settings, who: _Who, reason: Reason, by: str
) -> tuple[Sequence[ErasureRow], dict[str, Json]]:
    """The erasures, and their receipt."""
    from bot.cli.erasing import make_eraser
    from bot.db import Keyring
    from bot.privacy.erasure.receipt import receipt
    from bot.privacy.erasure.requests import Requests, What

    keyring = Keyring.from_folder(settings.data_dir)
    eraser, _ = make_eraser(settings)
    what = What.EVERYTHING if who.customer else What.CONVERSATION
    rows = Requests(keyring, eraser).ask(session, who.ids(session, keyring), what, reason, by)
    return rows, receipt(session, rows, "en")


def _purged(database: Database) -> bool:
    deadline = time.monotonic() + PURGE_SECONDS
    while not database.purge_now():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _receipt(rows: Sequence[ErasureRow], told: dict[str, Json], purged: bool) -> str:
    from bot.privacy.erasure.receipt_page import receipt_text

    lines = [
        f"Visitor {row.visitor_id} was erased on {row.begun_at:%Y-%m-%d at %H:%M:%S} UTC ({row.reason}). "
        f"It is on record as {row.record_id}."
        for row in rows
    ]
    return "\n".join([*lines, receipt_text(told), *_left_to_do(rows, purged)])


def _left_to_do(rows: Sequence[ErasureRow], purged: bool) -> list[str]:
    if all(row.done_at is not None for row in rows):
        return ["Nothing is left to do."]
    left = ["Left to do: clearing the engine's store. A running Candor does it within seconds, else at its next start."]
    if not purged:
        left.append("The database is being read: its write-ahead log is emptied by then as well.")
    return [*left, f"Run the command again with --visitor {rows[0].visitor_id} to see whether it is done."]
