"""Documentation of responses that are files or pages instead of a model."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from bot.api.schemas.errors import Responses

HTML, JSON_LD, OCTETS, TEXT = "text/html", "application/ld+json", "application/octet-stream", "text/plain"
STRING = {"type": "string"}
BINARY = {"type": "string", "format": "binary"}


def file_response(content: dict[str, dict[str, Any]], description: str) -> Responses:
    """The `responses` of a route that answers with one of these media types, each with its JSON Schema.

    The route needs `response_class=Response`; else FastAPI adds `application/json`.
    """
    return {200: {"description": description, "content": {name: {"schema": one} for name, one in content.items()}}}


def model_or_page(model: type[BaseModel], description: str) -> Responses:
    """The `responses` of a route that answers with JSON of this model or with a page."""
    return {200: {"model": model, "description": description, "content": {HTML: {"schema": STRING}}}}
