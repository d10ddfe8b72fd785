"""Ten thousand steps of what may happen around a yes, against the model of tests/standing_requests."""

from __future__ import annotations

import pytest

from tests.standing_requests.test_request_machine import folder, hold_to_the_model

__all__ = ["folder"]


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_ten_thousand_steps_agree_with_the_model() -> None:
    hold_to_the_model(10_000)
