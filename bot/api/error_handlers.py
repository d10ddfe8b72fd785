"""Errors in one shape: `{"error": {"code", "message"}}`. The message is one sentence and reveals no internals."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.errors import CandorError, trace

logger = logging.getLogger(__name__)

OUR_FAULT = "Something went wrong on our side. Please try again in a moment."
PLACES = {"body", "query", "path", "header", "cookie"}
SENTENCES = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method."),
    413: ("too_large", "The request is too long."),
}


def install(app: FastAPI) -> None:
    """Answer every error of `app` in the one shape."""
    app.add_exception_handler(CandorError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(Unexpected)


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CandorError)
    return JSONResponse(error.as_json(), error.status)


async def _malformed(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return _answer(400, "bad_request", sentence(error.errors()))


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = error.status_code
    code, message = SENTENCES.get(status) or _generic(status)
    return _answer(status, code, message, dict(error.headers or {}))


class Unexpected:
    """ASGI middleware: an unexpected error becomes a 500 with a sentence, and a log line without the error's text.

    An exception handler is not enough: Starlette raises the error again after it, and the server then logs its
    text, which may quote a visitor.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            logger.error("http:request:failed %s at %s", type(error).__name__, trace(error)[-1])
            if scope["type"] == "http" and not started:
                await _answer(500, "internal_error", OUR_FAULT)(scope, receive, send)


def sentence(errors: Sequence[Any]) -> str:
    """One sentence that names the first invalid field, never its value."""
    if not errors:
        return "The request is not of the form this address takes."
    first = errors[0]
    if first.get("type") == "json_invalid":
        return "The request's body is not valid JSON."
    # The name of a field may come from the caller and hold half a character, which no response can be encoded with.
    path = [str(part).encode(errors="replace").decode() for part in first.get("loc", ()) if part not in PLACES]
    message = str(first.get("msg", "is not valid")).removeprefix("Value error, ").rstrip(".")
    if not path:
        return f"The request's body is not of the form this address takes: {message[:1].lower()}{message[1:]}."
    return f"'{'.'.join(path)}': {message[:1].lower()}{message[1:]}."


def _generic(status: int) -> tuple[str, str]:
    phrase = HTTPStatus(status).phrase
    return phrase.lower().replace(" ", "_"), f"The request cannot be answered: {phrase.lower()}."


def _answer(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)
