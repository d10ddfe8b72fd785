"""`candor retention`: how long each category of data is kept, and clearing what is due."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import services

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.db.models import RetentionRunRow
    from bot.privacy.retention import Round

retention = typer.Typer(help="Retention periods, and clearing the data that exceeded them.", no_args_is_help=True)
KEPT_BY = {"hold": "a legal hold is on them", "handoff": "somebody waits for a person", "contest": "a check is open"}


@retention.command()
def show() -> None:
    """Print each category with its days and what is due now, what is exempt, and the last runs."""
    from bot.privacy.repository import runs

    with services() as s:
        found = asyncio.run(s.retention.due())
        with s.database.snapshot() as session:
            rows = runs(session)
    typer.echo("\n".join([*_table(found), "", *_rounds(rows)]))


@retention.command()
def run(dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be removed.")] = False) -> None:
    """Clear what is due now, as a running Candor does every hour."""
    with services() as s:
        done = asyncio.run(s.retention.due() if dry_run else s.retention.run())
        s.database.purge_now()
    verb = "would be removed" if dry_run else "was removed"
    typer.echo("\n".join([f"{_counts(done.removed)} {verb}.", *_left_alone(done.left_alone)]))
    if not dry_run:
        typer.echo("What the engine remembers is cleared by a running Candor, within the hour or after its next start.")


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
