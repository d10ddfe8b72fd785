"""Errors that carry their HTTP status. Every door answers with one shape: `{"error": {"code", "message"}}`."""

from __future__ import annotations

import traceback
from pathlib import Path


class CandorError(Exception):
    """A refusal that a person can act on: `code` in snake_case, `message` one sentence that says what to do."""

    status = 500
    code = "internal_error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code

    def as_json(self) -> dict[str, dict[str, str]]:
        """The body every door answers with."""
        return {"error": {"code": self.code, "message": self.message}}


class BadRequest(CandorError):
    """400: the request is not of the form the door takes."""

    status, code = 400, "bad_request"


class NotSignedIn(CandorError):
    """401: no valid token or cookie came with the request."""

    status, code = 401, "not_signed_in"


class Forbidden(CandorError):
    """403: signed in, but not for this."""

    status, code = 403, "forbidden"


class NotFound(CandorError):
    """404: there is no such thing, or it is not yours to see."""

    status, code = 404, "not_found"


class Conflict(CandorError):
    """409: the thing is in another state than this call needs."""

    status, code = 409, "conflict"


class TooLarge(CandorError):
    """413: the request is longer than the door takes."""

    status, code = 413, "too_large"


class TooMany(CandorError):
    """429: too many requests in too short a time."""

    status, code = 429, "too_many_requests"


class Unavailable(CandorError):
    """503: cannot be answered now; nothing was lost."""

    status, code = 503, "unavailable"


class EngineError(Unavailable):
    """The engine did not give a whole turn: down, too slow, or its answer was not understood."""

    code = "engine_unavailable"


class RecordError(Unavailable):
    """The decision record could not be written, so nothing may be said (rule L1)."""

    code = "record_unavailable"


class SettingsError(Exception):
    """A setting is wrong. Names the key, never the value."""


def trace(error: BaseException) -> list[str]:
    """The files, lines and functions that an error came through, without values: it may be logged."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
