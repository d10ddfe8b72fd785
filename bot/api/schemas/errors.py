"""The one shape of errors, and the documentation of the errors a route gives."""

from __future__ import annotations

from typing import Any, TypeAlias

from pydantic import Field

from bot.api.schemas.base import Schema
from bot.core.errors import CandorError, TooLarge

Refusal: TypeAlias = type[CandorError] | tuple[type[CandorError], *tuple[str, ...]]
Responses: TypeAlias = dict[int | str, dict[str, Any]]
"""The `responses` argument of a FastAPI route."""
TEXT_CODES = ("text_empty", "text_not_unicode")
"""BadRequest of `clean_text`. A field with a length refuses half characters before that, with `bad_request`."""
TOO_LONG = (TooLarge, "text_too_long")


class ErrorDetail(Schema):
    """What went wrong."""

    code: str = Field(description="In snake_case, for programs.", examples=["not_found"])
    message: str = Field(
        description="One sentence that says what to do, for people.", examples=["There is nothing at this address."]
    )


class Error(Schema):
    """The body of every response with a status of 400 or more."""

    error: ErrorDetail


def errors(*refusals: Refusal) -> Responses:
    """The `responses` argument that documents the errors of a route, with their codes.

    What any route may give need not be named: bot/api/openapi.py adds 400 `bad_request` where there is input to
    validate, 413 `body_too_large` where there is a body, and what the route's security scheme gives.

    Args:
        refusals: an error class, with its own code, or a tuple of a class and the codes it is raised with.
            `errors(NotFound, (Conflict, "already_claimed", "handoff_over"))`
    """
    responses: Responses = {}
    for refusal in refusals:
        kind, *codes = (refusal, refusal.code) if isinstance(refusal, type) else refusal
        add_error(responses, kind.status, *codes)
    return responses


def add_error(responses: dict[Any, Any], status: int | str, *codes: str) -> None:
    """Add `codes` to those already documented for `status`."""
    known = responses.get(status)
    all_codes = sorted({*(codes_of(known) if known else ()), *codes})
    responses[status] = {
        "description": " or ".join(f"`{code}`" for code in all_codes),
        "content": {"application/json": {"schema": _schema(all_codes)}},
    }


def codes_of(response: dict[str, Any]) -> list[str]:
    """The codes that a documented response carries."""
    schema = response["content"]["application/json"]["schema"]
    codes: list[str] = schema["allOf"][1]["properties"]["error"]["properties"]["code"]["enum"]
    return codes


def _schema(codes: list[str]) -> dict[str, Any]:
    code = {"properties": {"code": {"enum": codes}}}
    return {"allOf": [{"$ref": "#/components/schemas/Error"}, {"properties": {"error": code}}]}
