"""The OpenAPI document: what FastAPI derives from the routes, completed with the errors that all routes share.

`scripts/openapi` writes it to docs/reference/openapi.json, from which web/src/shared/api.ts is generated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from bot.api.schemas.errors import Error, ErrorDetail, add_error

DESCRIPTION = """\
A support assistant that says it is an AI, asks first, and records what it decides.

Every error has one shape: `{"error": {"code": "snake_case", "message": "One sentence that says what to do."}}`.
Any address may also answer 500 `internal_error` and, for a method it does not take, 405 `method_not_allowed`.
"""
TAGS = (
    ("visitor", "The chat widget's API. All calls but the first carry the conversation's token."),
    ("privacy", "The privacy centre: see, export, correct and erase what is kept."),
    ("staff", "Signing in and out. Every write of staff carries the header `X-Candor: 1`."),
    ("desk", "The agents' desk: the queue, and talking to visitors. Role `agent`."),
    ("review", "The review console: decisions, reviews, contests, stops. Role `reviewer` unless said otherwise."),
    ("log", "The transparency log as C2SP tlog-tiles. Public."),
    ("policies", "Published disclosures, privacy notices and purposes. Public; pages or, by `Accept`, JSON."),
    ("Rasa clients", "The REST channel that existing Rasa clients use. Socket.IO is at `/socket.io/`."),
    ("demo shop", "The sample shop's own calls. Only with `CANDOR_DEMO=true`."),
    ("operation", "For monitoring."),
)
SECURITY_ERRORS = {
    "conversation": ((401, "not_signed_in"), (404, "conversation_unknown"), (410, "erased")),
    "receipt": ((401, "not_signed_in"), (404, "not_found")),
    "staff": ((401, "not_signed_in"),),
}
"""What each security scheme may answer, by its name."""
READS = ("get", "head")
STAFF_HEADER = "x-candor"


def operation_id(route: APIRoute) -> str:
    """Tag and name of the endpoint's function, such as `desk_get_queue`: unique without regard to other packages."""
    return "_".join([*" ".join(map(str, route.tags[:1])).lower().split(), route.name])


def install(app: FastAPI) -> None:
    """Make `app.openapi()` give the completed document."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def text(document: dict[str, Any]) -> str:
    """The document as it is written to docs/reference/openapi.json."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": description} for name, description in TAGS],
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Error"] = Error.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas["ErrorDetail"] = ErrorDetail.model_json_schema()
    schemas["Error"].pop("$defs")
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    for method, operation in _operations(document):
        _complete(method, operation)
        _stream(operation, schemas)
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in document["paths"].values():
        yield from path.items()


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Add the errors and the header that the endpoint's own declaration leaves out."""
    responses = operation["responses"]
    # FastAPI's summary is the function's name in words.
    operation["summary"] = operation["description"].partition("\n")[0].rstrip(".")
    # FastAPI documents 422 for validation errors; bot/api/error_handlers.py answers them with 400.
    if responses.pop("422", None) is not None:
        add_error(responses, "400", "bad_request")
    if "requestBody" in operation:
        add_error(responses, "413", "body_too_large")
    schemes = _security(operation)
    for scheme in schemes:
        for status, code in SECURITY_ERRORS[scheme]:
            add_error(responses, str(status), code)
    if schemes.get("staff"):
        add_error(responses, "403", "forbidden")
    _staff_header(method, operation)
    operation["responses"] = dict(sorted(responses.items()))


def _security(operation: dict[str, Any]) -> dict[str, list[str]]:
    """The operation's security schemes with their roles, each once."""
    found: dict[str, list[str]] = {}
    for requirement in operation.pop("security", ()):
        for scheme, roles in requirement.items():
            found[scheme] = sorted({*found.get(scheme, ()), *roles})
    if found:
        operation["security"] = [found]
    return found


def _stream(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Server-sent events are sent with `data` as text; their models describe them with `data` parsed."""
    media_type = operation["responses"].get("200", {}).get("content", {}).get("text/event-stream")
    if media_type is not None:
        model = _resolved(media_type["schema"], schemas)
        variants = [_resolved(one, schemas) for one in model.get("oneOf", [model])]
        media_type["schema"] = {"oneOf": [_as_sent(one) for one in variants]}


def _as_sent(event: dict[str, Any]) -> dict[str, Any]:
    properties = event["properties"]
    data = {"type": "string", "contentMediaType": "application/json", "contentSchema": properties["data"]}
    return {"type": "object", "properties": {**properties, "data": data}, "required": event["required"]}


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found


def _staff_header(method: str, operation: dict[str, Any]) -> None:
    """`X-Candor: 1` is required of every write of staff, and of no read."""
    parameters = operation.get("parameters", [])
    header = next((one for one in parameters if one["name"] == STAFF_HEADER), None)
    if header is None:
        return
    parameters.remove(header)
    if method not in READS:
        parameters.append({**header, "required": True, "schema": {"const": "1", "type": "string"}})
        add_error(operation["responses"], "403", "header_missing")
    if not parameters:
        del operation["parameters"]
