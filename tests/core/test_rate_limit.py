"""Rate limits: what they count, what they forget, and that threads do not get past them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.core import rate_limit
from bot.core.errors import TooMany
from bot.core.rate_limit import RateLimit, sign_in_limit

WRONG_PASSWORDS, PAUSE = 5, 15 * 60.0


class Clock:
    moment = 0.0

    def __call__(self) -> float:
        return self.moment


def test_wrong_passwords_are_forgotten_after_the_pause() -> None:
    clock = Clock()
    limit = sign_in_limit(clock)
    for _ in range(WRONG_PASSWORDS):
        limit.count("mina")
    with pytest.raises(TooMany):
        limit.count("mina")
    clock.moment = PAUSE
    limit.count("mina")


def test_a_right_password_forgets_the_wrong_ones() -> None:
    limit = sign_in_limit(Clock())
    for _ in range(3 * WRONG_PASSWORDS):
        limit.count("mina")
        limit.forget("mina")


def test_each_key_has_a_limit_of_its_own() -> None:
    limit = RateLimit(1, 60, "Wait.", Clock())
    limit.count("one")
    limit.count("two")
    with pytest.raises(TooMany, match="Wait."):
        limit.count("one")


def test_keys_that_called_longest_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MAX_KEYS", 2)
    limit = RateLimit(1, 60, "Wait.", Clock())
    for key in ("one", "two", "three"):
        limit.count(key)
    limit.count("one")
    with pytest.raises(TooMany):
        limit.count("three")


def test_threads_together_get_no_more_than_the_limit() -> None:
    limit = RateLimit(50, 60, "Wait.")

    def counted(_number: int) -> bool:
        try:
            limit.count("one")
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(counted, range(400))) == 50
