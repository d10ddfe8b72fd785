"""The public transparency log: signed checkpoint, key, schema and tiles (C2SP tlog-tiles).

It holds salted hashes only; they say nothing about a visitor.
"""

from __future__ import annotations

import re

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.orm import Session

from bot.api.deps import GatewayServices, Snapshot
from bot.api.schemas.errors import errors
from bot.api.schemas.files import BINARY, OCTETS, file_response
from bot.core.errors import NotFound
from bot.core.settings import ROOT
from bot.transparency_log import repository
from bot.transparency_log.leaf import header_text, leaf_data
from bot.transparency_log.tiles import HASH, WIDTH

router = APIRouter(prefix="/log", tags=["log"])
LEVELS = tuple(str(level) for level in range(64))
"""The tile levels there can be."""
NUMBER = re.compile(r"(?:x(?!000)[0-9]{3}/(?:x[0-9]{3}/){0,3})?[0-9]{3}")
"""A tile's number in groups of three digits, all but the last with an x: x001/x234/067 is 1234067."""
WIDTHS = re.compile(r"[1-9][0-9]{0,2}")
SCHEMA = ROOT / "docs" / "reference" / "spec" / "decision-record.schema.json"
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
NOW = {"Cache-Control": "no-cache"}
JSON_SCHEMA = "application/schema+json"
TILE = {**file_response({OCTETS: BINARY}, "The tile, which never changes."), **errors(NotFound)}


@router.get(
    "/checkpoint",
    response_class=PlainTextResponse,
    responses=errors(NotFound),
)
def get_checkpoint(session: Snapshot) -> Response:
    """The newest signed checkpoint (C2SP tlog-checkpoint)."""
    row = repository.newest(session)
    if row is None:
        raise NotFound("Nothing is on record yet, so there is no checkpoint.")
    return PlainTextResponse(row.note, headers=NOW)


@router.get("/key", response_class=PlainTextResponse)
def get_key(services: GatewayServices) -> Response:
    """The verifier key that checkpoints are checked with (C2SP signed-note)."""
    return PlainTextResponse(services.sequencer.signer.verifier_key + "\n", headers=NOW)


@router.get(
    "/schema",
    response_class=Response,
    responses={**file_response({JSON_SCHEMA: {"type": "object"}}, "JSON Schema 2020-12."), **errors(NotFound)},
)
def get_schema() -> Response:
    """The JSON Schema of a record's payload."""
    if not SCHEMA.is_file():
        raise NotFound("The specification is not installed here: it is in docs/reference/spec of Candor's repository.")
    return Response(SCHEMA.read_bytes(), media_type=JSON_SCHEMA, headers=NOW)


@router.get("/tile/entries/{path:path}", response_class=Response, responses=TILE)
def get_entries(session: Snapshot, path: str) -> Response:
    """Up to 256 leaves: each two bytes of length and 32 bytes of data."""
    number, width = _place(path)
    entries = _entries(session, number)
    return _tile(b"".join(len(entry).to_bytes(2) + entry for entry in entries[:width]), width, 2 + HASH)


@router.get("/tile/{level}/{path:path}", response_class=Response, responses=TILE)
def get_tile(session: Snapshot, level: str, path: str) -> Response:
    """Up to 256 hashes of 32 bytes."""
    if level not in LEVELS:
        raise _no_address()
    number, width = _place(path)
    row = repository.tile(session, int(level), number)
    return _tile(row.hashes[: width * HASH] if row else b"", width, HASH)


def _entries(session: Session, number: int) -> list[bytes]:
    rows = repository.headers(session, number * WIDTH, (number + 1) * WIDTH)
    return [leaf_data(header_text(row)) for row in rows]


def _tile(content: bytes, width: int, each: int) -> Response:
    if len(content) != width * each:
        raise NotFound("The log has no such tile yet.")
    return Response(content, media_type="application/octet-stream", headers=FOREVER)


def _place(path: str) -> tuple[int, int]:
    """Number and width in `<N>[.p/<W>]`. Each tile has one address: all of them are kept by caches for ever."""
    name, partial, width = path.partition(".p/")
    if not NUMBER.fullmatch(name) or (partial and not (WIDTHS.fullmatch(width) and int(width) < WIDTH)):
        raise _no_address()
    return int("".join(c for c in name if c.isdigit())), int(width) if partial else WIDTH


def _no_address() -> NotFound:
    return NotFound(
        "A tile's address is /log/tile/<level>/<number>, such as /log/tile/0/x001/234, or with .p/<width> (1 to 255)."
    )
