"""The privacy centre's API: see, export, correct and erase what is kept, with the conversation's token."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from sqlalchemy.orm import Session

from bot.api.deps import GatewayServices, Snapshot, Transaction
from bot.api.schemas import privacy as schemas
from bot.api.schemas.base import Language
from bot.api.schemas.errors import errors
from bot.api.schemas.files import model_or_page
from bot.api.visitor.deps import Caller, ReceiptToken, Spoken, Visitor
from bot.core.errors import BadRequest, Conflict, NotFound, TooMany
from bot.core.i18n import copy
from bot.core.ids import Json, now
from bot.core.text import clean_text
from bot.handoff.contact import readable_address
from bot.privacy.categories import addresses
from bot.privacy.categories.base import Memory, Reader
from bot.privacy.categories.engine_memory import recall
from bot.privacy.data_subject import data_subject_of
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.receipt import receipt, receipt_page
from bot.privacy.erasure.requests import Requests, What, new_token
from bot.privacy.export import document, export
from bot.privacy.overview import overview
from bot.privacy.rectification import correct

router = APIRouter(prefix="/api", tags=["privacy"])
Format = Literal["json", "html"]
TYPES = {"json": "application/json", "html": "text/html; charset=utf-8"}
BY_THE_VISITOR = "the visitor"


@router.get("/conversations/{conversation_id}/privacy", response_model=schemas.PrivacyOverview)
async def get_overview(visitor: Visitor, services: GatewayServices, language: Spoken = None) -> Json:
    """What is kept, who looked at it, what it may be used for and for how long."""
    memory = await _memory(visitor)

    def read() -> dict[str, Json]:
        with services.database.snapshot() as session:
            return overview(_reader(session, visitor, language), services.settings, memory)

    return await services.database.run(read)


@router.get(
    "/conversations/{conversation_id}/privacy/export",
    responses={**model_or_page(schemas.Export, "A file, as `format` says."), **errors(TooMany)},
)
async def get_export(
    visitor: Visitor, services: GatewayServices, format: Format = "json", language: Spoken = None
) -> Response:
    """Everything that is kept, as a file: JSON for programs (docs/reference/spec/export.md), HTML to read."""
    await services.database.run(visitor.check)
    visitor.count()
    memory = await _memory(visitor, whole=True)

    def read() -> bytes:
        with services.database.snapshot() as session:
            exported = export(_reader(session, visitor, language), services.settings, memory)
        text = document(exported) if format == "html" else json.dumps(exported, ensure_ascii=False, indent=1)
        return text.encode()

    headers = {"Content-Disposition": f'attachment; filename="candor-my-data-{now():%Y-%m-%d}.{format}"'}
    return Response(await services.database.run(read), media_type=TYPES[format], headers=headers)


@router.put(
    "/conversations/{conversation_id}/privacy/values/{item_id}",
    response_model=schemas.CorrectedValue,
    responses=errors((BadRequest, "contact_not_understood", "text_empty"), NotFound, (Conflict, "on_hold"), TooMany),
)
def put_value(
    visitor: Visitor,
    session: Transaction,
    services: GatewayServices,
    item_id: Annotated[str, Path(max_length=80, pattern=r"^[\w.]+$")],
    value: schemas.NewValue,
    language: Spoken = None,
) -> Json:
    """Correct a value that says it is `correctable`: an address that was left."""
    reader = _reader(session, visitor, language)
    visitor.count()
    address = readable_address(clean_text(value.value), reader.language)
    if address is None:
        raise BadRequest(copy("handoff.contact_not_understood", reader.language), code="contact_not_understood")
    corrected = correct(session, services.keyring, services.recorder, reader.subject, item_id, address, reader.language)
    return {"item": asdict(addresses.item(reader, corrected, correctable=True))}


@router.post(
    "/conversations/{conversation_id}/privacy/erasure",
    status_code=201,
    response_model=schemas.NewErasureReceipt,
    responses=errors((Conflict, "on_hold"), TooMany),
)
def post_erasure(
    visitor: Visitor,
    session: Transaction,
    services: GatewayServices,
    erasure: schemas.ErasureRequest,
    language: Spoken = None,
) -> Json:
    """Erase at once. The receipt's token is given here alone; the conversation's own opens nothing any more."""
    here = visitor.conversation(session)
    visitor.count()
    mine, spoken, token = data_subject_of(session, here), language or here.language, new_token()
    chosen = mine.conversation(erasure.conversation_id or here.id).visitor_id
    visitors = mine.visitor_ids if erasure.what is What.EVERYTHING else [chosen]
    rows = Requests(services.keyring, services.eraser).ask(
        session, visitors, erasure.what, Reason.VISITOR_REQUEST, BY_THE_VISITOR, token=token, language=spoken
    )
    return {**receipt(session, rows, spoken), "receipt_token": token}


@router.get("/erasures/{request_id}", responses=model_or_page(schemas.ErasureReceipt, "The receipt, as `format` says."))
def get_erasure(
    session: Snapshot,
    services: GatewayServices,
    request_id: Annotated[str, Path(max_length=64, pattern=r"^\w+$")],
    token: ReceiptToken,
    format: Format = "json",
    language: Language = "en",
) -> Response:
    """The receipt of an erasure as it stands now; opened by its own token."""
    rows = Requests(services.keyring, services.eraser).opened_by(session, request_id, token)
    found = receipt(session, rows, language)
    content = receipt_page(found, language) if format == "html" else json.dumps(found, ensure_ascii=False)
    return Response(content, media_type=TYPES[format])


async def _memory(visitor: Caller, *, whole: bool = False) -> Memory:
    """What the engine remembers of all that is the caller's."""

    def conversations() -> list[str]:
        with visitor.services.database.snapshot() as session:
            return list(data_subject_of(session, visitor.conversation(session)).conversation_ids)

    ids = await visitor.services.database.run(conversations)
    return await recall(visitor.services.engine, ids, whole=whole)


def _reader(session: Session, visitor: Caller, language: str | None) -> Reader:
    here, services = visitor.conversation(session), visitor.services
    return Reader(
        session, services.keyring, services.recorder, data_subject_of(session, here), language or here.language
    )
