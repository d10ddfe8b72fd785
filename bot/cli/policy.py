"""`candor policy`: compares the drafts of the policies with the published versions, publishes and verifies them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import CommandError, existing_database, services
from bot.core.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.policies import Document

MAX_SENTENCE = 200
ENDS = ".!?。！？"
NOTHING = "Nothing was published yet"
policy = typer.Typer(help="Disclosure, privacy notice and purposes: compare, publish, verify.", no_args_is_help=True)


@dataclass(frozen=True)
class Compared:
    """The drafts that differ, with what is in force. `ended`: active consents that each purpose with new terms ends."""

    new: list[Document]
    old: list[Document]
    ended: Mapping[str, int]


@policy.command()
def show() -> None:
    """Print what is in force: kind, language, version, date and hash."""
    from bot.policies import in_force

    with _published():
        documents = in_force().documents.values()
    for document in documents:
        when = f"{document.published_at:%Y-%m-%d %H:%M} UTC" if document.published_at else "-"
        typer.echo(f"{document.file:16} {document.version:14} {when:21} sha256:{document.sha256}")


@policy.command()
def diff() -> None:
    """Compare the drafts in CANDOR_POLICY_DIR with what is in force: changed lines, and consents that would end."""
    from bot.policies.difference import unified
    from bot.policies.validation import checked
    from bot.privacy.categories.registry import published_as

    drafted = checked(load_settings().policy_dir, published_as())
    with _published() as session:
        found = _compared(session, drafted)
    for before, after in zip(found.old, found.new, strict=True):
        typer.echo(unified(before, after))
    typer.echo(_verdict(found))


@policy.command()
def publish(
    change: Annotated[str, typer.Option(help="What changed, in one English sentence for visitors.")] = "",
    change_zh: Annotated[str, typer.Option(help="The same in Simplified Chinese.")] = "",
) -> None:
    """Publish the drafts that differ from what is in force. Publishes nothing unless all of them are valid."""
    from bot.policies import repository
    from bot.policies.validation import checked
    from bot.privacy.categories.registry import published_as

    drafted = checked(load_settings().policy_dir, published_as())
    with services() as s:
        with s.database.snapshot() as session:
            found = _compared(session, drafted)
        if not found.new:
            typer.echo("The drafts are what is in force: nothing was published.")
            return
        sentences = {"en": _sentence("--change", change, "."), "zh": _sentence("--change-zh", change_zh, "。")}
        with s.database.transaction() as session:
            published = repository.publish(session, drafted, sentences)
    typer.echo(f"Published as version {published[0].version}: {', '.join(d.file for d in published)}.")
    typer.echo(_consequences(found))
    typer.echo(f"Returning visitors are told: {sentences['en']} {sentences['zh']}")
    typer.echo("A running Candor takes it up within two seconds.")


@policy.command()
def verify() -> None:
    """Recompute the hash of every published text. Exits with 0 when all are unaltered, with 1 when one is not."""
    from bot.policies.repository import damaged, editions

    with _published() as session:
        bad, count = damaged(session), sum(len(edition.texts) for edition in editions(session))
    for name in bad:
        typer.echo(f"{name} is not what was published: its hash is another. Restore it from a backup.")
    if bad:
        raise typer.Exit(1)
    typer.echo(f"All {count} published texts are what was published.")


def _compared(session: Session, drafted: tuple[Document, ...]) -> Compared:
    from bot.consent.repository import in_force_by_terms
    from bot.policies import Kind, in_force
    from bot.policies.difference import purposes_with_other_terms
    from bot.policies.repository import changed

    new = changed(drafted)
    old = [in_force().documents[document.kind, document.language] for document in new]
    purposes = next(d for d in drafted if d.kind is Kind.PURPOSES)
    given = in_force_by_terms(session)
    others = purposes_with_other_terms(in_force().purposes, purposes)
    counts = {name: sum(n for (purpose, _), n in given.items() if purpose == name) for name in others}
    return Compared(new, old, counts)


def _verdict(found: Compared) -> str:
    if not found.new:
        return "The drafts are what is in force: there is nothing to publish."
    names = ", ".join(document.file for document in found.new)
    return f"To be published: {names}.\n{_consequences(found)}"


def _consequences(found: Compared) -> str:
    if not found.ended:
        return "No purpose's terms changed: consents stay, and nobody is asked again."
    lines = ["The terms of these purposes changed; visitors are asked again when it is needed:"]
    lines += [f"  {name}: ends {n:,} consent{'' if n == 1 else 's'} in force." for name, n in found.ended.items()]
    return "\n".join(lines)


def _sentence(option: str, text: str, end: str) -> str:
    """One sentence for visitors, with its full stop."""
    text = text.strip()
    if not text:
        raise CommandError(f"{option}: say in one sentence what changed; returning visitors read it in the chat.")
    if len(text) > MAX_SENTENCE or "\n" in text:
        wanted = f"write one sentence on one line, at most {MAX_SENTENCE} characters"
        raise CommandError(f"{option}: {wanted}; it has {len(text)}.")
    return text if text[-1] in ENDS else text + end


@contextmanager
def _published() -> Iterator[Session]:
    """A snapshot, with the newest published policies in force. Creates nothing and migrates nothing.

    Raises:
        CommandError: nothing was published yet.
    """
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from bot.policies.repository import editions, load

    nothing = CommandError(f"{NOTHING}: start Candor once, or check CANDOR_DATA_DIR and DATABASE_URL.")
    with existing_database(load_settings(), NOTHING) as database, database.snapshot() as session:
        try:
            if not editions(session):
                raise nothing
            load(session)
        except (OperationalError, ProgrammingError):
            raise nothing from None
        yield session
