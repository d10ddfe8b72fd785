"""`candor log`: check the sealed log, prove that a record is in it, hand it to others."""

from __future__ import annotations

import contextlib
import getpass
import json
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot.core.errors import BadRequest, CandorError, Conflict, NotFound
from bot.core.settings import Settings, load_settings
from bot.db import Database, Keyring
from bot.db.keyring import MASTER_FILE, load_secret, read_masters
from bot.decisions import Recorder
from bot.decisions.models import BY_A_PERSON, Decision, Kind
from bot.transparency_log import log_export, proofs
from bot.transparency_log.audit import audit
from bot.transparency_log.checkpoint import Signer
from bot.transparency_log.sequencer import KEPT, newest
from bot.transparency_log.signed_notes import split_notes
from bot.transparency_log.verifier import Given, Log

KEY_FILE = "log.key"
TOLD_SECONDS = 5.0
"""How often progress is told where it is no terminal that listens."""
BAR = 40

log = typer.Typer(help="The sealed log: check it, prove a record, export it.", no_args_is_help=True)


class Form(StrEnum):
    """How a proof is written."""

    JSON = "json"
    TLOG = "tlog-proof"


@log.command()
def verify(
    against: Annotated[
        list[Path] | None, typer.Option(help="A file with checkpoints kept elsewhere; may be given several times.")
    ] = None,
    key: Annotated[str, typer.Option(help="The verifier key; this log's own when left out.")] = "",
    export: Annotated[Path | None, typer.Option(help="Check this export instead of the database; needs --key.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Recompute everything. Ends with 0 when the log is whole and complete, with 1 when it is not."""
    given = [one for path in against or () for one in _given(path)]
    progress = Progress()
    if export is not None:
        if not key:
            raise typer.BadParameter("An export is checked with the log's verifier key: give --key.")
        report = log_export.verify_export(_existing(export), key, given, progress)
    else:
        report = audit(_log(load_settings(), key), given, progress)
    progress.end()
    typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2) if as_json else report.as_text())
    raise typer.Exit(0 if report.ok else 1)


@log.command("export")
def export_log(
    file: Annotated[Path, typer.Argument(help="The file to write. It holds what was said, without identifiers.")],
    by: Annotated[str, typer.Option(help="Who does it, for the record; your login when left out.")] = "",
) -> None:
    """Write the whole log as JSON lines, for somebody else to verify. That it was done is put on record first."""
    settings = load_settings()
    whole = _log(settings)
    _record_export(settings, by or getpass.getuser())
    progress = Progress()
    count = log_export.export(whole, file, progress)
    progress.end()
    typer.echo(f"{count:,} records are in {file.name}, with the checkpoint they can be checked against.")


@log.command()
def prove(
    decision_id: Annotated[str, typer.Argument(help="The record, dec_…")],
    form: Annotated[Form, typer.Option("--format", help="JSON, or text as C2SP tlog-proof says.")] = Form.JSON,
) -> None:
    """Print the proof that a record is in the log (RFC 9162)."""
    settings = load_settings()
    database, signer = _database(settings), _signer(settings)
    proof = database.read_now(lambda s: proofs.prove(s, signer, decision_id))
    database.close()
    if not proofs.holds(proof):
        raise Conflict("The record is not as it was sealed: its proof does not hold. Run 'candor log verify'.")
    typer.echo(json.dumps(proof, indent=2) if form is Form.JSON else proofs.tlog_proof(proof), nl=form is Form.JSON)


@log.command()
def checkpoint() -> None:
    """Print the newest signed checkpoint. Keep it elsewhere: the log can be compared with it later."""
    database = _database(load_settings())
    row = database.read_now(newest)
    database.close()
    if row is None:
        raise NotFound("Nothing is on record yet, so there is no checkpoint.")
    typer.echo(row.note, nl=False)


@log.command("key")
def verifier_key() -> None:
    """Print the verifier key, which others check checkpoints and proofs with."""
    typer.echo(_signer(load_settings()).verifier_key)


class Progress:
    """A bar on a terminal; elsewhere a line now and then. On standard error, so that the report stays by itself."""

    def __init__(self) -> None:
        self._bar = sys.stderr.isatty()
        self._told = time.monotonic()

    def __call__(self, done: int, size: int) -> None:
        """`done` of `size` are read."""
        if not size:
            return
        if self._bar:
            full = BAR * done // size
            typer.echo(f"\r[{'█' * full}{'·' * (BAR - full)}] {100 * done // size:3} %", err=True, nl=False)
        elif time.monotonic() - self._told > TOLD_SECONDS:
            self._told = time.monotonic()
            typer.echo(f"{100 * done // size} % read", err=True)

    def end(self) -> None:
        """Take the bar away."""
        if self._bar:
            typer.echo("\r" + " " * (BAR + 8) + "\r", err=True, nl=False)


def _log(settings: Settings, key: str = "") -> Log:
    folder = settings.data_dir
    if not (folder / MASTER_FILE).is_file():
        raise CandorError("There is no master.key in the data folder: restore it, or check CANDOR_DATA_DIR.")
    verifier_key = key or _signer(settings).verifier_key
    return Log(settings.database_address, folder / KEPT, tuple(read_masters(folder)), verifier_key)


def _signer(settings: Settings) -> Signer:
    if not (settings.data_dir / KEY_FILE).is_file():
        raise CandorError(f"There is no {KEY_FILE} in the data folder: restore it, or check CANDOR_DATA_DIR.")
    return Signer(settings.log_origin, load_secret(settings.data_dir, KEY_FILE))


def _database(settings: Settings) -> Database:
    """The database as it is: nothing is made or brought up to date here."""
    if settings.database_url is None and not (settings.data_dir / "candor.db").is_file():
        raise CandorError("There is no database in the data folder: check CANDOR_DATA_DIR or DATABASE_URL.")
    return Database(settings.database_address)


def _record_export(settings: Settings, by: str) -> None:
    """An export is a look at everybody's data: on record, and sealed, before the first byte."""
    from bot.services import make_sealer

    database = _database(settings)
    recorder = Recorder(Keyring.from_folder(settings.data_dir), "candor log export")
    look = Decision(
        kind=Kind.ACCESS,
        conversation_id="",
        visitor_id="",
        turn_id=None,
        outcome="export:log",
        input={"what": "export:log", "why": "audit"},
        result={"staff": {"login": by}},
        rule="access log",
        human_involvement=BY_A_PERSON,
        automation_level=BY_A_PERSON,
        outlives_erasure=True,
    )
    database.write_now(lambda s: recorder.record(s, look))
    sealer = make_sealer(settings)
    # A running gateway may be sealing at this very moment; then it does this one as well.
    with contextlib.suppress(SQLAlchemyError):
        if (note := database.write_now(sealer.seal)) is not None:
            sealer.keep(note)
    database.close()


def _given(path: Path) -> list[Given]:
    """The checkpoints in a file."""
    notes = split_notes(_existing(path).read_text(encoding="utf-8", errors="replace"))
    if len(notes) == 1:
        return [Given(f"The checkpoint in {path.name}", notes[0])]
    if not notes:
        raise BadRequest(f"There is no checkpoint in {path.name}.")
    return [Given(f"Checkpoint {number} of those in {path.name}", note) for number, note in enumerate(notes, 1)]


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise BadRequest(f"There is no file {path.name}.")
    return path
