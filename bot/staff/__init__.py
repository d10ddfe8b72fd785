"""Agents and reviewers: their accounts, their signed-in browsers, and who may do what."""

from typing import TYPE_CHECKING

from bot.staff.accounts import SESSION_HOURS, Staff, create
from bot.staff.demo import make_demo_staff
from bot.staff.sessions import find_session

if TYPE_CHECKING:
    from bot.staff.door import COOKIE, require
else:

    def __getattr__(name):
        """The door comes when it is asked for: a command that serves nobody must not load FastAPI."""
        if name not in ("COOKIE", "require"):
            raise AttributeError(name)
        from bot.staff import door

        return getattr(door, name)


__all__ = ["COOKIE", "SESSION_HOURS", "Staff", "create", "find_session", "make_demo_staff", "require"]
