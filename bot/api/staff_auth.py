"""Authentication of staff: the signed-in staff member, their role, and the header that writes carry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Header, Request, Security
from fastapi.security import APIKeyCookie
from starlette.requests import HTTPConnection

from bot.api.deps import GatewayServices
from bot.core.errors import Forbidden, NotSignedIn
from bot.core.settings import Settings
from bot.db import Database
from bot.services import Services
from bot.staff.accounts import Staff
from bot.staff.sessions import find_session

COOKIE = "candor_staff"
"""The cookie that holds a staff member's token. With HTTPS `__Host-` precedes it, so that no other host can set it."""
READS = frozenset({"GET", "HEAD"})


def cookie_name(settings: Settings) -> str:
    """What the cookie is called here."""
    return f"__Host-{COOKIE}" if settings.secure_cookies else COOKIE


def token_of(request: HTTPConnection) -> str | None:
    """The token that the request carries."""
    services: Services = request.app.state.services
    return request.cookies.get(cookie_name(services.settings))


class StaffCookie(APIKeyCookie):
    """Documents the cookie, and reads it under its name."""

    async def __call__(self, request: HTTPConnection) -> str | None:
        return token_of(request)


staff_cookie = StaffCookie(
    name=COOKIE,
    scheme_name="staff",
    description="Set by `POST /api/staff/session`; `__Host-candor_staff` with HTTPS. The scopes are roles.",
    auto_error=False,
)


async def check_header(
    request: Request,
    x_candor: Annotated[str | None, Header(description="Always `1`; no other site's form can send it.")] = None,
) -> None:
    """Refuse a write that does not carry `X-Candor: 1`, which no other site's form can send.

    Raises:
        Forbidden: `header_missing`.
    """
    if request.method not in READS and x_candor != "1":
        raise Forbidden("Send the header X-Candor: 1 with this request.", code="header_missing")


def require(*roles: str) -> Callable[..., Awaitable[Staff]]:
    """A FastAPI dependency that gives the signed-in staff member; with roles, somebody who has one of them.

    It raises NotSignedIn (401) without a valid cookie; Forbidden (403) without any of the roles and, for a write,
    without the header `X-Candor: 1`.
    """

    async def signed_in(
        services: GatewayServices,
        _header: None = Depends(check_header),
        token: str | None = Security(staff_cookie, scopes=roles),
    ) -> Staff:
        staff = await services.database.run(_find, services.database, token)
        if staff is None:
            raise NotSignedIn("Please sign in.")
        if roles and not set(roles).intersection(staff.roles):
            raise Forbidden(f"This page is for people with the role {' or '.join(roles)}.")
        return staff

    return signed_in


def _find(database: Database, token: str | None) -> Staff | None:
    with database.snapshot() as session:
        return find_session(session, token)
