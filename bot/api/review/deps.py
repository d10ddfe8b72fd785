"""What the reviewers' door uses of the gateway's services, and who may come in."""

from __future__ import annotations

from typing import Annotated, Protocol

from fastapi import Depends, Request

from bot.api.staff_auth import require
from bot.consent import Gate
from bot.core.settings import Settings
from bot.db import Database, Keyring
from bot.decisions import Recorder
from bot.messaging import Outbox
from bot.oversight.contests import Contests
from bot.oversight.stops import Stops
from bot.staff import Staff
from bot.transparency_log import Sealer


class Parts(Protocol):
    """The services in use here."""

    @property
    def settings(self) -> Settings: ...
    @property
    def database(self) -> Database: ...
    @property
    def keyring(self) -> Keyring: ...
    @property
    def recorder(self) -> Recorder: ...
    @property
    def gate(self) -> Gate: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def sealer(self) -> Sealer: ...
    @property
    def contests(self) -> Contests: ...
    @property
    def stops(self) -> Stops: ...


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.services
    return parts


Services = Annotated[Parts, Depends(_parts)]
Reviewer = Annotated[Staff, Depends(require("reviewer"))]
Maintainer = Annotated[Staff, Depends(require("maintainer"))]
Operator = Annotated[Staff, Depends(require("operator"))]
