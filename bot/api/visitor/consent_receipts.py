"""Consent records and receipts for the visitor, and what this site says of Global Privacy Control."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse

from bot.api.visitor.chat import Who
from bot.api.visitor.privacy import HEADERS, Spoken
from bot.consent.receipts import Publisher, receipt, records
from bot.policies import in_force
from bot.privacy.consent_page import consent_page

router = APIRouter(tags=["privacy"])
LD_JSON = "application/ld+json"


@router.get("/api/conversations/{conversation_id}/privacy/consents")
async def consents(who: Who) -> Response:
    """Every consent record, after ISO/IEC TS 27560, as JSON-LD (docs/reference/spec/consent-record.md)."""
    publisher = Publisher.of(who.parts.settings)
    found = await who.parts.database.read(lambda s: records(s, who.conversation(s), publisher))
    return _file(json.dumps(found, ensure_ascii=False, indent=1), LD_JSON, "candor-my-consents.jsonld")


@router.get("/api/conversations/{conversation_id}/privacy/consents/{record_id}/receipt")
async def consent_receipt(
    who: Who,
    record_id: Annotated[str, Path(max_length=64, pattern=r"^\w+$")],
    format: Literal["json", "html"] = "json",
    language: Spoken = None,
) -> Response:
    """The receipt of one choice, for programs or to read."""
    publisher = Publisher.of(who.parts.settings)
    found = await who.parts.database.read(lambda s: receipt(s, who.conversation(s), record_id, publisher))
    if format == "json":
        return _file(json.dumps(found, ensure_ascii=False, indent=1), LD_JSON, f"{record_id}.jsonld")
    conversation = await who.parts.database.read(who.conversation)
    return _file(consent_page(found, language or conversation.language), "text/html", f"{record_id}.html")


@router.get("/.well-known/gpc.json")
async def gpc() -> JSONResponse:
    """This site heeds Global Privacy Control."""
    body: dict[str, Any] = {"gpc": True, "lastUpdate": in_force().purposes.version[:10]}
    return JSONResponse(body, headers={"Access-Control-Allow-Origin": "*"})


def _file(text: str, media_type: str, name: str) -> Response:
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(), media_type=f"{media_type}; charset=utf-8", headers=headers)
