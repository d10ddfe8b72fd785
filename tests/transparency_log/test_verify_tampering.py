"""Whatever is altered directly in the database is found, and the report names the first bad record.

A hundred and fifty random cases here, more than a thousand in tests/long/test_log_tampering.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.transparency_log.verifier import audit
from tests.transparency_log.tampering import WAYS, Original, make_original, tamper

CASES = 5 * len(WAYS)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Original:
    return make_original(tmp_path_factory.mktemp("original"))


def test_the_log_is_whole_and_complete_before_anything_is_altered(original: Original) -> None:
    report = audit(original.log)
    assert report.ok, report.as_text()
    assert report.size > 600 and report.erased > 20 and report.checkpoints > 5 and report.replies > 100


@pytest.mark.parametrize("number", range(CASES))
def test_an_alteration_is_found_and_named(original: Original, tmp_path: Path, number: int) -> None:
    log = original.copy(tmp_path)
    expected = tamper(tmp_path, number)
    report = audit(log)
    assert expected.fits(report.integrity.first), f"{expected}\n{report.as_text()}"
