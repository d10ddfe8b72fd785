"""Consent records and receipts for the visitor, and the site's statement about Global Privacy Control."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response

from bot.api.deps import GatewayServices, Snapshot
from bot.api.schemas.errors import errors
from bot.api.schemas.files import JSON_LD, file_response
from bot.api.schemas.privacy import GlobalPrivacyControl
from bot.api.visitor.deps import Spoken, Visitor
from bot.consent import subjects_of
from bot.consent.receipts import receipt, records
from bot.core.errors import NotFound
from bot.core.html import render
from bot.core.ids import Json
from bot.policies import in_force, purposes

router = APIRouter(tags=["privacy"])


@router.get(
    "/api/conversations/{conversation_id}/privacy/consents",
    response_class=Response,
    responses=file_response({JSON_LD: {"type": "object"}}, "Consent records (docs/reference/spec/consent-record.md)."),
)
def get_consent_records(visitor: Visitor, session: Snapshot, services: GatewayServices) -> Response:
    """Every consent record, after ISO/IEC TS 27560, as JSON-LD."""
    found = records(session, subjects_of(session, visitor.conversation(session)), services.settings.company)
    return _file(json.dumps(found, ensure_ascii=False, indent=1), JSON_LD, "candor-my-consents.jsonld")


@router.get(
    "/api/conversations/{conversation_id}/privacy/consents/{record_id}/receipt",
    response_class=Response,
    responses={
        **file_response(
            {JSON_LD: {"type": "object"}, "text/html": {"type": "string"}}, "The receipt, as `format` says."
        ),
        **errors(NotFound),
    },
)
def get_consent_receipt(
    visitor: Visitor,
    session: Snapshot,
    services: GatewayServices,
    record_id: Annotated[str, Path(max_length=64, pattern=r"^\w+$")],
    format: Literal["json", "html"] = "json",
    language: Spoken = None,
) -> Response:
    """The receipt of one choice, for programs or to read."""
    conversation = visitor.conversation(session)
    found = receipt(session, subjects_of(session, conversation), record_id, services.settings.company)
    if format == "json":
        return _file(json.dumps(found, ensure_ascii=False, indent=1), JSON_LD, f"{record_id}.jsonld")
    return _file(_page(found, language or conversation.language), "text/html", f"{record_id}.html")


@router.get("/.well-known/gpc.json")
def get_gpc_support(response: Response) -> GlobalPrivacyControl:
    """This site heeds Global Privacy Control."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return GlobalPrivacyControl(gpc=True, lastUpdate=in_force().purposes.version[:10])


def _page(receipt: Json, language: str) -> str:
    name = receipt["dpv:hasRecordOfActivity"]["dpv:hasProcess"]["dct:identifier"]
    return render("privacy/templates/consent.html", language, receipt=receipt, declared=purposes().get(name))


def _file(text: str, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(), media_type=f"{media_type}; charset=utf-8", headers=headers)
