"""On the documentation site a link that leaves docs/ is shown as a path; the others stay links."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from tests.tools import ROOT

sys.path.append(str(ROOT / "scripts"))
import docs_hooks  # noqa: E402


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("[pipeline](../../bot/chat/pipeline.py)", "pipeline (`bot/chat/pipeline.py`)"),
        ("[README.md](../../README.md)", "`README.md`"),
        ("[grammar.py](../../bot/standing_requests/grammar.py)", "`bot/standing_requests/grammar.py`"),
        ("[settings](settings.md)", "[settings](settings.md)"),
        ("[holds](../how-to/operate.md#legal-hold)", "[holds](../how-to/operate.md#legal-hold)"),
        ("[example](spec/example/)", "`docs/reference/spec/example`"),
        ("[DPV](https://w3id.org/dpv)", "[DPV](https://w3id.org/dpv)"),
    ],
)
def test_a_link_is_shown_as(markdown: str, shown: str) -> None:
    page = SimpleNamespace(file=SimpleNamespace(src_uri="reference/purposes.md"))
    config = {"docs_dir": str(ROOT / "docs")}
    assert docs_hooks.on_page_markdown(markdown, page=page, config=config) == shown
