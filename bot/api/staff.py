"""Signing in and out, for the desk and the review console."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from bot.api.deps import GatewayServices, Transaction
from bot.api.schemas.errors import errors
from bot.api.schemas.staff import Credentials, StaffMember
from bot.api.staff_auth import check_header, cookie_name, require, token_of
from bot.core.errors import NotSignedIn, TooMany
from bot.staff.accounts import SESSION_HOURS, Staff
from bot.staff.sessions import end_session, sign_in

router = APIRouter(prefix="/api/staff", tags=["staff"])


@router.post(
    "/session",
    dependencies=[Depends(check_header)],
    responses=errors((NotSignedIn, "wrong_password"), TooMany),
)
async def post_session(services: GatewayServices, response: Response, body: Credentials) -> StaffMember:
    """Sign in. Sets the cookie `candor_staff` for twelve hours."""
    staff, token = await sign_in(services.database, services.sign_in_limit, body.login, body.password)
    response.set_cookie(
        cookie_name(services.settings),
        token,
        max_age=SESSION_HOURS * 3600,
        path="/",
        secure=services.settings.secure_cookies,
        httponly=True,
        samesite="strict",
    )
    return StaffMember.of(staff)


@router.get("/session")
def get_session(staff: Annotated[Staff, Depends(require())]) -> StaffMember:
    """The staff member who is signed in."""
    return StaffMember.of(staff)


@router.delete("/session", status_code=204, dependencies=[Depends(check_header)])
def delete_session(session: Transaction, services: GatewayServices, request: Request, response: Response) -> None:
    """Sign out. Harmless when nobody is signed in."""
    end_session(session, token_of(request))
    settings = services.settings
    response.delete_cookie(
        cookie_name(settings), path="/", secure=settings.secure_cookies, httponly=True, samesite="strict"
    )
