"""Ten thousand steps of consent against the model of tests/consent/test_consent_machine.py."""

from __future__ import annotations

import pytest

from tests.consent.test_consent_machine import gateway, hold_to_the_model

__all__ = ["gateway"]


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_ten_thousand_steps_agree_with_the_model() -> None:
    hold_to_the_model(10_000)
