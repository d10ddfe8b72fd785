"""The bill of materials lists every locked package once, with its hashes."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "scripts" / "sbom.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: dict[str, Any] = module.bill(ROOT)
    return made


@pytest.mark.parametrize("environment", ["gateway", "engine"])
def test_every_pin_of_a_lock_is_listed_with_all_its_hashes(bill: dict[str, Any], environment: str) -> None:
    lock = (ROOT / "locks" / f"{environment}.txt").read_text(encoding="utf-8")
    listed = [one for one in bill["components"] if one["bom-ref"].endswith(f"#{environment}")]
    assert len(listed) == len(re.findall(r"^\S+==", lock, re.MULTILINE)) > 50
    assert sum(len(one["properties"]) for one in listed) == lock.count("--hash=")


def test_references_are_unique_and_packages_are_named_as_their_registry_does(bill: dict[str, Any]) -> None:
    references = [one["bom-ref"] for one in bill["components"]]
    assert len(references) == len(set(references))
    assert all(re.match(r"pkg:(pypi|npm)/[\w./%-]+@[\w.+-]+$", one["purl"]) for one in bill["components"])


def test_of_the_web_only_lit_and_what_it_needs_is_served(bill: dict[str, Any]) -> None:
    packages = {one["name"]: one.get("scope") for one in bill["components"] if one["purl"].startswith("pkg:npm/")}
    assert (packages["lit"], packages["vite"]) == (None, "excluded")
