"""`candor log`: verifies the transparency log, proves that it includes a record, exports it."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot.cli.context import By, CommandError, existing_database, existing_file
from bot.core.settings import Settings, load_settings
from bot.db.keyring import MASTER_FILE, load_secret, read_masters
from bot.decisions.kinds import Kind
from bot.decisions.models import Decision
from bot.transparency_log import log_export, proofs
from bot.transparency_log.checkpoint import Signer, split_notes
from bot.transparency_log.repository import newest
from bot.transparency_log.sequencer import KEPT
from bot.transparency_log.verifier import Given, Log, Progress, audit

KEY_FILE = "log.key"

log = typer.Typer(help="The sealed log: verify it, prove a record, export it.", no_args_is_help=True)


class Form(StrEnum):
    """The format of a proof."""

    JSON = "json"
    TLOG = "tlog-proof"


@log.command()
def verify(
    against: Annotated[
        list[Path] | None, typer.Option(help="A file with checkpoints kept elsewhere; may be given several times.")
    ] = None,
    key: Annotated[str, typer.Option(help="The verifier key; defaults to this log's own.")] = "",
    export: Annotated[Path | None, typer.Option(help="Verify this export, not the database; needs --key.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Recompute the whole log. Exits with 0 when it is whole and complete, with 1 when it is not."""
    given = [one for path in against or () for one in _given(path)]
    if export is not None and not key:
        raise typer.BadParameter("An export is checked with the log's verifier key: give --key.")
    with _progress() as progress:
        if export is not None:
            report = log_export.verify_export(existing_file(export), key, given, progress)
        else:
            report = audit(_log(load_settings(), key), given, progress)
    typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2) if as_json else report.as_text())
    raise typer.Exit(0 if report.ok else 1)


@log.command("export")
def export_log(
    file: Annotated[Path, typer.Argument(help="The file to write. It holds what was said, without identifiers.")],
    by: By = "",
) -> None:
    """Write the whole log as JSON lines, for others to verify. The export itself is recorded first."""
    settings = load_settings()
    whole = _log(settings)
    _record_export(settings, by)
    with _progress() as progress:
        count = log_export.export(whole, file, progress)
    typer.echo(f"{count:,} records are in {file.name}, with the checkpoint they can be checked against.")


@log.command()
def prove(
    decision_id: Annotated[str, typer.Argument(help="The record's id, dec_….")],
    form: Annotated[Form, typer.Option("--format", help="JSON, or text in the format of C2SP tlog-proof.")] = Form.JSON,
) -> None:
    """Print the proof that the log includes a record (RFC 9162)."""
    settings = load_settings()
    with existing_database(settings) as database, database.snapshot() as session:
        proof = proofs.prove(session, _signer(settings), decision_id)
    if not proofs.holds(proof):
        raise CommandError("The record is not as it was sealed: its proof does not hold. Run 'candor log verify'.")
    typer.echo(json.dumps(proof, indent=2) if form is Form.JSON else proofs.tlog_proof(proof), nl=form is Form.JSON)


@log.command()
def show_checkpoint() -> None:
    """Print the newest signed checkpoint. Keep it elsewhere: the log can be compared with it later."""
    with existing_database(load_settings()) as database, database.snapshot() as session:
        row = newest(session)
    if row is None:
        raise CommandError("Nothing is on record yet, so there is no checkpoint.")
    typer.echo(row.note, nl=False)


@log.command()
def show_key() -> None:
    """Print the verifier key, with which others check checkpoints and proofs."""
    typer.echo(_signer(load_settings()).verifier_key)


@contextlib.contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on standard error, where that is a terminal. The report on standard output stays by itself."""
    with typer.progressbar(length=1, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def show(done: int, size: int) -> None:
            bar.length = size
            bar.update(done - bar.pos)

        yield show


def _log(settings: Settings, key: str = "") -> Log:
    folder = settings.data_dir
    if not (folder / MASTER_FILE).is_file():
        raise CommandError("There is no master.key in the data folder: restore it, or check CANDOR_DATA_DIR.")
    verifier_key = key or _signer(settings).verifier_key
    return Log(settings.database_address, folder / KEPT, tuple(read_masters(folder)), verifier_key)


def _signer(settings: Settings) -> Signer:
    if not (settings.data_dir / KEY_FILE).is_file():
        raise CommandError(f"There is no {KEY_FILE} in the data folder: restore it, or check CANDOR_DATA_DIR.")
    return Signer(settings.log_origin, load_secret(settings.data_dir, KEY_FILE))


def _record_export(settings: Settings, by: str) -> None:
    """Record the access to everybody's data, and seal that record, before the first byte is written."""
    from bot.offline import build_offline

    access = Decision.by_person(
        Kind.ACCESS,
        conversation_id="",
        visitor_id="",
        outcome="export:log",
        input={"what": "export:log", "why": "audit"},
        result={"staff": {"login": by}},
        rule="access log",
    )
    with existing_database(settings) as database:
        services = build_offline(settings, database)
        with database.transaction() as session:
            services.recorder.record(session, access)
        # A running gateway may be sealing at this very moment; then it seals this record as well.
        with contextlib.suppress(SQLAlchemyError):
            with database.transaction() as session:
                note = services.sequencer.seal(session)
            if note is not None:
                services.sequencer.keep(note)


def _given(path: Path) -> list[Given]:
    """The checkpoints in a file."""
    notes = split_notes(existing_file(path).read_text(encoding="utf-8", errors="replace"))
    if len(notes) == 1:
        return [Given(f"The checkpoint in {path.name}", notes[0])]
    if not notes:
        raise CommandError(f"There is no checkpoint in {path.name}.")
    return [Given(f"Checkpoint {number} of those in {path.name}", note) for number, note in enumerate(notes, 1)]
