"""Days in words."""

from __future__ import annotations

from datetime import datetime

from bot.core.ids import now

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day(moment: datetime, language: str) -> str:
    """`24 November`, `11月24日`; with the year when it is not this one."""
    year = moment.year != now().year
    if language == "zh":
        return f"{moment.year}年{moment.month}月{moment.day}日" if year else f"{moment.month}月{moment.day}日"
    return f"{moment.day} {MONTHS[moment.month - 1]}{f' {moment.year}' if year else ''}"
