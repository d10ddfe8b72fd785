"""Versions are dates: `2026-11-27`, and `2026-11-27.2` for what is published second on one day."""

from __future__ import annotations

from datetime import date


def order(version: str) -> tuple[str, int]:
    """Sorts versions from the oldest to the newest."""
    day, _, number = version.partition(".")
    return day, int(number or 1)


def following(newest: str | None, today: date) -> str:
    """The version of what is published today, after `newest`: never an older one, whatever the clock says."""
    if newest is None:
        return today.isoformat()
    day, number = order(newest)
    return f"{day}.{number + 1}" if today.isoformat() <= day else today.isoformat()
