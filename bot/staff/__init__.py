"""Agents and reviewers: their accounts, their signed-in browsers, and who may do what."""

from bot.staff.accounts import SESSION_HOURS, Staff, create
from bot.staff.demo import make_demo_staff
from bot.staff.door import COOKIE, require
from bot.staff.sessions import find_session

__all__ = ["COOKIE", "SESSION_HOURS", "Staff", "create", "find_session", "make_demo_staff", "require"]
