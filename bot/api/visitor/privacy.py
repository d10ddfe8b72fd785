"""The privacy centre's API: see, take along, correct and erase what is kept, with the conversation's token in hand."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from bot.api.limits import clean_text
from bot.api.visitor.chat import Caller, Language, Parts, Who, count_call
from bot.core.errors import BadRequest
from bot.core.i18n import copy
from bot.core.ids import Json, now
from bot.handoff.contact import readable_address
from bot.privacy.categories import addresses
from bot.privacy.categories.base import Memory, Reader
from bot.privacy.categories.engine_memory import recall
from bot.privacy.data_subject import mine_of
from bot.privacy.erasure.reasons import Reason
from bot.privacy.erasure.receipt import receipt
from bot.privacy.erasure.receipt_page import receipt_page
from bot.privacy.erasure.requests import Requests, What, new_token
from bot.privacy.export import export
from bot.privacy.export_page import document
from bot.privacy.overview import overview
from bot.privacy.rectification import correct

router = APIRouter(prefix="/api", tags=["privacy"])

Format = Literal["json", "html"]
Spoken = Annotated[Language | None, Query(description="The conversation's own when left out.")]
TYPES = {"json": "application/json", "html": "text/html; charset=utf-8"}
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}
BY_THE_VISITOR = "the visitor"


class Value(BaseModel):
    """What is to stand there instead."""

    value: str = Field(min_length=1, max_length=400)


class Erasure(BaseModel):
    """What is to be erased: one of the caller's conversations (this one when left out), or everything."""

    what: What
    conversation_id: str | None = Field(None, min_length=1, max_length=64)


@router.get("/conversations/{conversation_id}/privacy")
async def see(who: Who, response: Response, language: Spoken = None) -> dict[str, Any]:
    """What is kept, who looked at it, what it may be used for and for how long."""
    await who.check()
    memory, settings = await _memory(who), who.parts.settings
    response.headers.update(HEADERS)
    return await who.parts.database.read(lambda s: overview(_reader(s, who, language), settings, memory))


@router.get("/conversations/{conversation_id}/privacy/export")
async def take_along(
    request: Request, who: Who, format: Format = "json", language: Spoken = None
) -> Response:  # fmt: skip
    """Everything that is kept, as a file: JSON for programs, HTML to read."""
    await who.check()
    count_call(request, who.id)
    memory, settings = await _memory(who, whole=True), who.parts.settings

    def work(session: Session) -> bytes:
        exported = export(_reader(session, who, language), settings, memory)
        text = document(exported) if format == "html" else json.dumps(exported, ensure_ascii=False, indent=1)
        return text.encode()

    name = f"candor-my-data-{now():%Y-%m-%d}.{format}"
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(await who.parts.database.read(work), media_type=TYPES[format], headers=headers)


@router.put("/conversations/{conversation_id}/privacy/values/{item_id}")
async def put_right(
    request: Request,
    who: Who,
    item_id: Annotated[str, Path(max_length=80, pattern=r"^[\w.]+$")],
    value: Value,
    language: Spoken = None,
) -> dict[str, Any]:
    """Correct a value that says it is `correctable`: an address that was left."""
    await who.check()
    count_call(request, who.id)
    parts, given = who.parts, clean_text(value.value)

    def work(session: Session) -> dict[str, Json]:
        reader = _reader(session, who, language)
        address = readable_address(given, reader.language)
        if address is None:
            raise BadRequest(copy("handoff.contact_not_understood", reader.language), code="contact_not_understood")
        corrected = correct(session, parts.keyring, parts.recorder, reader.mine, item_id, address, reader.language)
        return {"item": addresses.item(reader, corrected, correctable=True).as_json()}

    return await parts.database.write(work)


@router.post("/conversations/{conversation_id}/privacy/erasure", status_code=201)
async def erase(request: Request, who: Who, erasure: Erasure, language: Spoken = None) -> dict[str, Any]:
    """Erase at once. The receipt's token is given here alone; the conversation's own opens nothing any more."""
    await who.check()
    count_call(request, who.id)
    parts, token = who.parts, new_token()

    def work(session: Session) -> dict[str, Json]:
        here = who.conversation(session)
        mine, spoken = mine_of(session, here), language or here.language
        chosen = mine.conversation(erasure.conversation_id or here.id).visitor_id
        visitors = mine.visitor_ids if erasure.what is What.EVERYTHING else [chosen]
        rows = Requests(parts.keyring, parts.eraser).ask(
            session, visitors, erasure.what, Reason.VISITOR_REQUEST, BY_THE_VISITOR, token=token, language=spoken
        )
        return receipt(session, rows, spoken)

    return {**await parts.database.write(work), "receipt_token": token}


@router.get("/erasures/{request_id}")
async def see_receipt(
    parts: Parts,
    request_id: Annotated[str, Path(max_length=64, pattern=r"^\w+$")],
    authorization: Annotated[str | None, Header()] = None,
    format: Format = "json",
    language: Language = "en",
) -> Response:
    """The receipt as it stands now; opened by its own token."""

    def work(session: Session) -> dict[str, Json]:
        rows = Requests(parts.keyring, parts.eraser).opened_by(session, request_id, authorization)
        return receipt(session, rows, language)

    told = await parts.database.read(work)
    content = receipt_page(told, language) if format == "html" else json.dumps(told, ensure_ascii=False)
    return Response(content, media_type=TYPES[format], headers=HEADERS)


async def _memory(who: Caller, *, whole: bool = False) -> Memory:
    """What the engine remembers of all that is the caller's."""
    parts = who.parts
    ids = await parts.database.read(lambda s: mine_of(s, who.conversation(s)).conversation_ids)
    return await recall(parts.engine, ids, whole=whole)


def _reader(session: Session, who: Caller, language: str | None) -> Reader:
    here = who.conversation(session)
    spoken = language or here.language
    return Reader(session, who.parts.keyring, who.parts.recorder, mine_of(session, here), spoken)
