"""Why a visitor is erased: a code in the record's header, which is not encrypted."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """A reason code: `visitor_request` (they asked for it), `retention` (kept long enough), `operator` (any other)."""

    VISITOR_REQUEST = "visitor_request"
    RETENTION = "retention"
    OPERATOR = "operator"
