"""Writes a software bill of materials as CycloneDX 1.6 JSON to the standard output: `make sbom`.

It lists what is installed to run Candor, from the locks: the gateway's and the engine's Python packages with the hashes
that pip accepts, and the packages that web/ is built with.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
PYTHON = {"gateway": "locks/gateway.txt", "engine": "locks/engine.txt"}
NPM = "web/package-lock.json"
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", re.MULTILINE)


def python_packages(environment: str, lock: str) -> Iterator[dict[str, Any]]:
    """The packages of one environment's lock, each with its hashes."""
    for part in re.split(r"\n(?=\S)", lock):
        if pinned := PINNED.match(part):
            name, version = pinned.groups()
            hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", part)
            yield component(f"pkg:pypi/{name}@{version}", name, version, environment) | {
                "properties": [{"name": "candor:sha256", "value": one} for one in hashes]
            }


def npm_packages(lock: str) -> Iterator[dict[str, Any]]:
    """The packages of package-lock.json; those of its development dependencies are excluded from what is served."""
    for path, entry in json.loads(lock)["packages"].items():
        name = entry.get("name") or path.rpartition("node_modules/")[2]
        if "node_modules/" in path and "version" in entry and not entry.get("link"):
            scope = {"scope": "excluded"} if entry.get("dev") else {}
            yield component(f"pkg:npm/{quote(name, safe='/')}@{entry['version']}", name, entry["version"], path) | scope


def component(purl: str, name: str, version: str, where: str) -> dict[str, Any]:
    """One library; `where` tells apart the same package in two places."""
    return {"type": "library", "bom-ref": f"{purl}#{where}", "name": name, "version": version, "purl": purl}


def bill(root: Path) -> dict[str, Any]:
    """The whole document. The same locks give the same document."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locks = {name: (root / path).read_text(encoding="utf-8") for name, path in PYTHON.items()}
    components = [one for name, lock in locks.items() for one in python_packages(name, lock)]
    components += npm_packages((root / NPM).read_text(encoding="utf-8"))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": project["name"], "version": project["version"]}},
        "components": components,
    }


if __name__ == "__main__":
    json.dump(bill(ROOT), sys.stdout, indent=2)
    print()
