"""Agents and reviewers: their accounts, their signed-in browsers, and who may do what.

The door (`bot.api.staff_auth`) is imported by itself: a command that serves nobody must not load the web server for it.
"""

from bot.staff.accounts import SESSION_HOURS, Staff, create
from bot.staff.demo import make_demo_staff
from bot.staff.sessions import find_session

__all__ = ["SESSION_HOURS", "Staff", "create", "find_session", "make_demo_staff"]
