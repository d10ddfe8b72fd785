"""Which texts of the public data would allow the use of personal data, typed while the card for it stands open.

usage: python -m benchmarks.allowing

Only a phrase of the closed lists allows anything, so that each text named is one of them, to be read and judged.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from benchmarks.served import ROOT
from bot.standing_requests.hearing import ALLOWING
from bot.standing_requests.phrases import find

DATA = ROOT.parent / "shared" / "benchmarks"
COLUMNS = ("text", "sentence")


def main() -> None:
    """Prints one line per file: how many texts, and which of them allow."""
    if not DATA.is_dir():
        sys.exit("The public data is not beside the repository (../shared/benchmarks): nothing measured.")
    for path in sorted(DATA.glob("*/*.csv")):
        texts = _texts(path)
        allowing = sorted({text for text in texts if find(text, *ALLOWING) is not None})
        print(f"{path.parent.name}/{path.name:<22} {len(texts):6} texts, allowing: {allowing}")


def _texts(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    column = next(name for name in COLUMNS if name in rows[0])
    return [row[column] for row in rows]


if __name__ == "__main__":
    main()
