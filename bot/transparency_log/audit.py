"""The whole verification of a log in a database: integrity and completeness, side by side."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bot.transparency_log.completeness import check_completeness
from bot.transparency_log.report import Report
from bot.transparency_log.verifier import Given, Log, Progress, verify


def audit(log: Log, given: Sequence[Given] = (), progress: Progress = lambda done, size: None) -> Report:
    """Check everything. A gateway may be running meanwhile.

    Args:
        given: checkpoints that were kept elsewhere, which the log has to fit.

    Raises:
        DatabaseUnreadable: there is no log at this address.
    """
    start = time.monotonic()
    with ThreadPoolExecutor(1) as beside:
        completing = beside.submit(check_completeness, log.address)
        report = verify(log, given, progress)
        complete = completing.result()
    report.completeness, report.replies, report.turns = complete.findings, complete.replies, complete.turns
    report.seconds = time.monotonic() - start
    return report
