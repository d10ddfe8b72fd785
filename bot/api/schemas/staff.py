"""Models of signing in."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from bot.api.schemas.base import PlainText, Schema, StrictBody

Role = TypeAliasType("Role", Literal["agent", "reviewer", "maintainer", "operator"])


class Credentials(StrictBody):
    """Login and password."""

    login: PlainText = Field(min_length=1, max_length=80, examples=["mina"])
    password: str = Field(min_length=1, max_length=200)


class StaffMember(Schema):
    """The staff member who is signed in."""

    name: str
    login: str
    roles: list[Role]
