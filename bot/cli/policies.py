"""`candor policy`: what visitors are told, from a folder of drafts to what is in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.core.errors import BadRequest, CandorError
from bot.core.settings import Settings, load_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.policies import Document

T = TypeVar("T")
LONGEST = 200
ENDS = ".!?。！？"
policy = typer.Typer(help="Disclosure, privacy notice and purposes: compare, publish, verify.", no_args_is_help=True)


@dataclass(frozen=True)
class Compared:
    """The drafts against what is in force. `ended`: how many consents in force each purpose with other terms ends."""

    new: list[Document]
    old: list[Document]
    ended: Mapping[str, int]


@policy.command()
def show() -> None:
    """Print what is in force: kind, language, version, date and hash."""
    from bot.policies import in_force

    _read(load_settings(), lambda _session: None)
    for document in in_force().documents.values():
        when = f"{document.published_at:%Y-%m-%d %H:%M} UTC" if document.published_at else "-"
        typer.echo(f"{document.file:16} {document.version:14} {when:21} sha256:{document.sha256}")


@policy.command()
def diff() -> None:
    """Compare the drafts in CANDOR_POLICY_DIR with what is in force: the lines, and the consents that would end."""
    from bot.policies.difference import unified
    from bot.policies.validation import checked
    from bot.privacy.categories.registry import published_as

    settings = load_settings()
    drafted = checked(settings.policy_dir, published_as())
    found = _read(settings, lambda session: _compared(session, drafted))
    for before, after in zip(found.old, found.new, strict=True):
        typer.echo(unified(before, after))
    typer.echo(_verdict(found))


@policy.command()
def publish(
    change: Annotated[str, typer.Option(help="What changed, in one English sentence for visitors.")] = "",
    change_zh: Annotated[str, typer.Option(help="The same in Simplified Chinese.")] = "",
) -> None:
    """Publish the drafts that differ from what is in force. All of them have to be valid, or nothing is published."""
    from bot.cli.context import prepare
    from bot.policies import repository
    from bot.policies.validation import checked
    from bot.privacy.categories.registry import published_as

    settings = load_settings()
    drafted = checked(settings.policy_dir, published_as())
    database, _ = prepare(settings)
    try:
        found = database.read_now(lambda session: _compared(session, drafted))
        if not found.new:
            typer.echo("The drafts are what is in force: nothing was published.")
            return
        sentences = {"en": _sentence("--change", change, "."), "zh": _sentence("--change-zh", change_zh, "。")}
        published = database.write_now(lambda session: repository.publish(session, drafted, sentences))
    finally:
        database.close()
    typer.echo(f"Published as version {published[0].version}: {', '.join(d.file for d in published)}.")
    typer.echo(_consequences(found))
    typer.echo(f"Returning visitors are told: {sentences['en']} {sentences['zh']}")
    typer.echo("A running Candor takes it up within two seconds.")


@policy.command()
def verify() -> None:
    """Compute the hash of every published text again. Ends with 0 when each is what was published, with 1 when not."""
    from bot.policies.repository import damaged, editions

    bad, count = _read(load_settings(), lambda s: (damaged(s), sum(len(edition.texts) for edition in editions(s))))
    for name in bad:
        typer.echo(f"{name} is not what was published: its hash is another. Restore it from a backup.")
    if bad:
        raise typer.Exit(1)
    typer.echo(f"All {count} published texts are what was published.")


def _compared(session: Session, drafted: tuple[Document, ...]) -> Compared:
    from bot.consent.active_counts import in_force_by_terms
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
        raise BadRequest(f"{option}: say in one sentence what changed; returning visitors read it in the chat.")
    if len(text) > LONGEST or "\n" in text:
        raise BadRequest(f"{option}: write one sentence on one line, at most {LONGEST} characters; it has {len(text)}.")
    return text if text[-1] in ENDS else text + end


def _read(settings: Settings, work: Callable[[Session], T]) -> T:
    """Run `work` with what was published last in force. Nothing is made or brought up to date here."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from bot.db import Database
    from bot.policies.repository import editions, load

    nothing = CandorError("Nothing was published yet: start Candor once, or check CANDOR_DATA_DIR and DATABASE_URL.")
    if settings.database_url is None and not (settings.data_dir / "candor.db").is_file():
        raise nothing

    def loaded(session: Session) -> T:
        if not editions(session):
            raise nothing
        load(session)
        return work(session)

    database = Database(settings.database_address)
    try:
        return database.read_now(loaded)
    except (OperationalError, ProgrammingError):
        raise nothing from None
    finally:
        database.close()
