"""Dependencies of the review API: who may use it, and which record is meant."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from bot.api.staff_auth import require
from bot.core.errors import NotFound
from bot.staff import Staff


def _decision_id(decision_id: str) -> str:
    if "\0" in decision_id:
        raise NotFound("There is no such decision.")
    return decision_id


require_reviewer = require("reviewer")
"""One dependency for all routes, so that a request's session is looked up once."""
Reviewer = Annotated[Staff, Depends(require_reviewer)]
Maintainer = Annotated[Staff, Depends(require("maintainer"))]
Operator = Annotated[Staff, Depends(require("operator"))]
ReviewerOrOperator = Annotated[Staff, Depends(require("reviewer", "operator"))]
DecisionId = Annotated[str, Depends(_decision_id)]
