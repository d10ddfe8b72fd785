"""Models of the gateway's health."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.api.schemas.base import Schema


class Health(Schema):
    """The gateway runs; `engine` says whether it can answer with the assistant."""

    status: Literal["ok"]
    version: str = Field(examples=["0.1.0"])
    engine: Literal["ready", "starting"]
