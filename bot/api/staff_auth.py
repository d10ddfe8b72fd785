"""The staff's door: who is asking, and may they?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request

from bot.core.errors import Forbidden, NotSignedIn
from bot.staff.accounts import Staff
from bot.staff.sessions import find_session

COOKIE = "candor_staff"
"""The cookie that holds a staff member's token."""
READS = frozenset({"GET", "HEAD"})


def require(role: str | None = None) -> Callable[[Request], Awaitable[Staff]]:
    """A FastAPI dependency that gives the signed-in `Staff` with this role.

    It raises NotSignedIn (401) without a valid cookie, Forbidden (403) without the role or, for a write, without
    the header `X-Candor: 1`, which no other site's form can send.
    """

    async def signed_in(request: Request) -> Staff:
        check_header(request)
        staff = await present(request)
        if staff is None:
            raise NotSignedIn("Please sign in.")
        if role is not None and role not in staff.roles:
            raise Forbidden(f"This page is for people with the role {role}.")
        return staff

    return signed_in


def check_header(request: Request) -> None:
    """Refuse a write that does not carry `X-Candor: 1`.

    Raises:
        Forbidden: the header is missing.
    """
    if request.method not in READS and request.headers.get("x-candor") != "1":
        raise Forbidden("Send the header X-Candor: 1 with this request.", code="header_missing")


async def present(request: Request) -> Staff | None:
    """Whoever the request's cookie belongs to."""
    token = request.cookies.get(COOKIE)
    found: Staff | None = await request.app.state.services.database.read(lambda s: find_session(s, token))
    return found
