"""A data folder, and one for backups."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backup.site import Site
from tests.databases import migrated


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "data")
    migrated(site.path)
    return site


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder
