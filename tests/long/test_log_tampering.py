"""Fifteen hundred random alterations of a log, directly in its database: none is missed (make test-long)."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from bot.transparency_log.verifier import audit
from tests.transparency_log.tampering import WAYS, make_original, tamper

CASES = int(os.environ.get("CANDOR_TAMPERINGS", "1500"))
FIRST = 5 * len(WAYS)
"""Those before are in the ordinary suite."""
pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]


def test_no_alteration_is_missed_and_the_first_bad_record_is_named(tmp_path: Path) -> None:
    original = make_original(tmp_path / "original")
    assert audit(original.log).ok
    missed, misnamed, ways = [], [], Counter[str]()
    for number in range(FIRST, FIRST + CASES):
        log = original.copy(tmp_path / "copy")
        expected = tamper(tmp_path / "copy", number)
        report = audit(log)
        ways[WAYS[number % len(WAYS)].__name__] += 1
        if report.ok:
            missed.append((number, expected))
        elif not expected.fits(report.integrity.first):
            misnamed.append((number, expected, report.as_text()))
        shutil.rmtree(tmp_path / "copy")
    print(f"\n{CASES} alterations in {len(ways)} ways: {len(missed)} missed, {len(misnamed)} misnamed")
    assert not missed, missed
    assert not misnamed, "\n".join(f"{number}: {expected}\n{text}" for number, expected, text in misnamed)
