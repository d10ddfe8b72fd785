"""Base classes of request and response models, and the field types that several of them share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from bot.core.text import NO_NUL, is_blank, without_controls


class Schema(BaseModel):
    """Base of response models. A field that is not declared is an error: nothing is sent undocumented."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def of(cls, source: object = None, **more: object) -> Self:
        """The model of `more`, and of the attributes of `source` with its fields' names; else of those of its `row`."""
        names = [name for name in cls.model_fields if name not in more]
        sources = [one for one in (getattr(source, "row", None), source) if one is not None]
        found = {name: getattr(one, name) for one in sources for name in names if hasattr(one, name)}
        return cls.model_validate({**found, **more})


class Body(BaseModel):
    """Base of request models. Unknown fields are ignored; validation errors never quote what was sent."""

    model_config = ConfigDict(hide_input_in_errors=True)


class StrictBody(BaseModel):
    """Base of the request models of staff: an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


def _iso(moment: object) -> object:
    return moment.isoformat() if isinstance(moment, datetime) else moment


Moment: TypeAlias = Annotated[str, BeforeValidator(_iso), WithJsonSchema({"type": "string", "format": "date-time"})]
"""ISO 8601 in UTC, as `datetime.isoformat()` writes it; made from a `datetime` too."""


Language: TypeAlias = Literal["en", "zh"]
ClientMessageId: TypeAlias = Annotated[
    str,
    Field(
        min_length=1,
        max_length=80,
        pattern=r"^[\w.:-]+$",
        description="Chosen by the client; sending the same one again adds nothing.",
        examples=["m-1"],
    ),
]
PlainText: TypeAlias = Annotated[str, Field(pattern=NO_NUL)]


def _cleaned(text: str) -> str:
    text = without_controls(text)
    if is_blank(text):
        raise ValueError("Write something first: the text is empty.")
    return text


WrittenText: TypeAlias = Annotated[str, AfterValidator(_cleaned)]
"""A text that staff write: control characters removed, ends trimmed; something has to be left."""
