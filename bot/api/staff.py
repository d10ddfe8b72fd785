"""Signing in and out, for the desk and the review console."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from bot.api.staff_auth import COOKIE, check_header, require
from bot.core.text import NO_NUL
from bot.staff.accounts import SESSION_HOURS, Staff
from bot.staff.sessions import end_session
from bot.staff.sign_in import sign_in

router = APIRouter(prefix="/api/staff", tags=["staff"])


class Credentials(BaseModel):
    """What somebody signs in with."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    login: str = Field(min_length=1, max_length=80, pattern=NO_NUL)
    password: str = Field(min_length=1, max_length=200)


class StaffMember(BaseModel):
    """Who is signed in."""

    name: str
    login: str
    roles: list[str]


@router.post("/session", dependencies=[Depends(check_header)])
async def post_session(request: Request, response: Response, body: Credentials) -> StaffMember:
    """Sign in. Sets the cookie `candor_staff` for twelve hours."""
    services = request.app.state.services
    staff, token = await sign_in(services.database, services.sign_in_limit, body.login, body.password)
    response.set_cookie(
        COOKIE,
        token,
        max_age=SESSION_HOURS * 3600,
        path="/",
        secure=services.settings.secure_cookies,
        httponly=True,
        samesite="strict",
    )
    response.headers["Cache-Control"] = "no-store"
    return _shown(staff)


@router.get("/session")
async def get_session(response: Response, staff: Annotated[Staff, Depends(require())]) -> StaffMember:
    """Who is signed in."""
    response.headers["Cache-Control"] = "no-store"
    return _shown(staff)


@router.delete("/session", status_code=204, dependencies=[Depends(check_header)])
async def delete_session(request: Request, response: Response) -> None:
    """Sign out. Harmless when nobody is signed in."""
    token = request.cookies.get(COOKIE)
    services = request.app.state.services
    await services.database.write(lambda s: end_session(s, token))
    secure = services.settings.secure_cookies
    response.delete_cookie(COOKIE, path="/", secure=secure, httponly=True, samesite="strict")


def _shown(staff: Staff) -> StaffMember:
    return StaffMember(name=staff.name, login=staff.login, roles=list(staff.roles))
