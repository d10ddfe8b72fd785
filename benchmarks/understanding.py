"""How well the pipeline and the trained model understand public data.

usage: python -m benchmarks.understanding [hint3] [support] [ruarobot] [clinc150]
"""

from __future__ import annotations

import subprocess
import sys

from benchmarks.served import ROOT


def main() -> None:
    """Runs benchmarks.engine_understanding in the engine's environment with the newest model."""
    python = ROOT / ".venv-engine" / "bin" / "python"
    models = sorted((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not python.exists() or not models:
        sys.exit("Run `make setup` first: the engine's environment or its model is missing.")
    chosen = ["--sets", *sys.argv[1:]] if sys.argv[1:] else []
    command = [str(python), "-m", "benchmarks.engine_understanding", "--model", str(models[-1]), *chosen]
    sys.exit(subprocess.run(command, cwd=ROOT, check=False).returncode)


if __name__ == "__main__":
    main()
