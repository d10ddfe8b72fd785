"""`candor retention` and `candor hold`: what is kept for how long, and what is kept all the same."""

from __future__ import annotations

import asyncio
import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from bot.core.errors import NotFound
from bot.core.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.db import Database
    from bot.db.models import HoldRow, RetentionRunRow
    from bot.decisions import Recorder
    from bot.privacy.retention import Retention, Round

retention = typer.Typer(help="What is kept for how long, and clearing what was kept long enough.", no_args_is_help=True)
hold = typer.Typer(help="Legal holds: conversations that are kept, whatever else is due.", no_args_is_help=True)
KEPT_BY = {"hold": "a legal hold is on them", "handoff": "somebody waits for a person", "contest": "a check is open"}
By = Annotated[str, typer.Option(help="Who does it, for the record; your login when left out.")]


@retention.command()
def show() -> None:
    """Print each category with its days and what is due now, what is left alone, and the last rounds."""
    from bot.privacy.repository import runs

    database, job = _job()
    found = asyncio.run(job.due())
    rows = database.read_now(runs)
    database.close()
    typer.echo("\n".join([*_table(found), "", *_rounds(rows)]))


@retention.command()
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be removed.")] = False,
) -> None:
    """Clear now what was kept long enough, as a running Candor does every hour by itself."""
    database, job = _job()
    done = asyncio.run(job.due() if dry_run else job.run())
    database.purge_now()
    database.close()
    verb = "would be removed" if dry_run else "was removed"
    typer.echo("\n".join([f"{_counts(done.removed)} {verb}.", *_left_alone(done.left_alone)]))
    if not dry_run:
        typer.echo("What the engine remembers is cleared by a running Candor, within the hour or after its next start.")


@hold.command("set")
def set_hold(
    conversation: Annotated[str, typer.Argument(help="The conversation, con_…")],
    reason: Annotated[str, typer.Option(help="Why; it stands in the record, so name no visitor.")],
    by: By = "",
) -> None:
    """Keep a conversation: neither a visitor's request nor retention clears it until the hold ends."""
    from bot.privacy.legal_holds import hold as put

    database, recorder = _recorder()
    row = database.write_now(lambda s: put(s, recorder, conversation, reason, by or getpass.getuser()))
    database.close()
    typer.echo(f"{row.conversation_id} is on hold. The hold's number is {row.id}.")


@hold.command()
def release(
    number: Annotated[str, typer.Argument(help="The hold, hld_…, as 'candor hold list' prints it.")], by: By = ""
) -> None:
    """End a hold. Whatever is due by then is cleared in the next round."""
    from bot.privacy.legal_holds import release as end

    if not number.startswith("hld_"):
        raise NotFound("Give the hold's number, hld_…: 'candor hold list' prints it.")
    database, recorder = _recorder()
    row = database.write_now(lambda s: end(s, recorder, number, by or getpass.getuser()))
    database.close()
    typer.echo(f"The hold on {row.conversation_id} has ended.")


@hold.command("list")
def list_holds() -> None:
    """Print the holds in force, the oldest first."""
    from bot.privacy.legal_holds import in_force

    database, _ = _recorder()
    rows = database.read_now(in_force)
    database.close()
    typer.echo("\n".join(map(_hold, rows)) if rows else "No conversation is on hold.")


def _job() -> tuple[Database, Retention]:
    from bot.cli.context import prepare
    from bot.cli.erasing import make_eraser
    from bot.privacy.retention import Retention

    settings = load_settings()
    database, _ = prepare(settings)
    eraser, _ = make_eraser(settings)
    return database, Retention(database, eraser)


def _recorder() -> tuple[Database, Recorder]:
    from bot.cli.context import prepare
    from bot.cli.erasing import make_eraser

    settings = load_settings()
    database, _ = prepare(settings)
    return database, make_eraser(settings)[1]


def _table(found: Round) -> list[str]:
    from bot.policies import processing
    from bot.privacy.categories.registry import CATEGORIES, together

    kept, names = processing().kept, together()
    longest = max(kept[name]["days"] for name in names if name in kept)
    lines = [f"{'':14}{'days':>5}{'due now':>9}"]
    for name, entry in kept.items():
        days = longest if name in names else entry["days"]
        lines.append(f"{name:14}{days:5}{found.removed[name]:9,}  {entry['title']['en']}")
    extra = [f"{name:14}{'':5}{count:9,}" for name, count in sorted(found.removed.items()) if name not in kept]
    lines += [*extra, "", "Days count from a conversation's last message."]
    if len({kept[name]["days"] for name in names if name in kept}) > 1:
        lines.append(f"{', '.join(names)} go together, after the longest of their days.")
    if unknown := set(kept) - set(CATEGORIES):
        lines.append(f"Nothing clears {', '.join(sorted(unknown))}: Candor knows no such category.")
    return [*lines, *_left_alone(found.left_alone)]


def _left_alone(counts: Mapping[str, int]) -> list[str]:
    return [
        f"{count:,} conversations are left alone: {KEPT_BY[why]}." for why, count in sorted(counts.items()) if count
    ]


def _rounds(rows: Sequence[RetentionRunRow]) -> list[str]:
    if not rows:
        return ["There has been no round yet. A running Candor has one shortly after its start and then every hour."]
    return ["The last rounds:", *(f"{row.at:%Y-%m-%d %H:%M:%S} UTC  {_counts(row.removed)}" for row in rows)]


def _counts(removed: Mapping[str, int]) -> str:
    counts = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in sorted(removed.items()) if count)
    return counts or "nothing"


def _hold(row: HoldRow) -> str:
    return f"{row.id}  {row.conversation_id}  since {row.at:%Y-%m-%d %H:%M} UTC, by {row.by}: {row.reason}"
