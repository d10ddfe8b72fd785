"""A missing tool may hide a test on a developer's machine, never in CI."""

from __future__ import annotations

import pytest

from tests import tools


def test_missing_tool_skips_by_name_on_a_developers_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="missing: no-such-tool"):
        tools.need("no-such-tool")


def test_missing_tool_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="missing: chromium"):
        monkeypatch.setitem(tools.TOOLS, "chromium", (lambda: None, "install chromium"))
        tools.need("sh", "chromium")


def test_tools_that_are_there_let_the_test_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    tools.need("sh", "env")
