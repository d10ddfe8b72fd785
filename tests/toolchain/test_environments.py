"""How environments are made, with a stand-in for uv: no download, no real environment."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import ROOT

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

# Makes an "environment" whose Python is a link, notes each call, and dies in the middle of `pip sync` when told to.
UV = """#!/bin/sh
[ "$1" = --version ] && exit 0
echo "$1 $2" >>"$(dirname "$0")/calls"
case "$1" in
  venv)
    for last; do :; done
    mkdir -p "$last/bin" "$last/lib/python3.0/site-packages"
    ln -s "$PYTHON" "$last/bin/python" ;;
  pip) [ ! -e "$(dirname "$0")/fails" ] ;;
  python) exit 1 ;;
esac
"""


class Clone:
    """A folder with our scripts and locks, a space in its name, and the stand-in as its uv."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a clone"
        for name in ("scripts", "locks"):
            shutil.copytree(ROOT / name, self.root / name)
        self.tools = self.root / ".tools" / "bin"
        self.tools.mkdir(parents=True)
        self.script(self.tools / "uv", UV)
        digest = hashlib.sha256((self.root / "locks" / "tools.txt").read_bytes()).hexdigest()
        (self.root / ".tools" / ".made").write_text(f"{digest} {self.root.resolve()}\n")

    @staticmethod
    def script(path: Path, text: str) -> Path:
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def run(self, *command: str, **extra: str) -> subprocess.CompletedProcess[str]:
        env = {"PATH": os.environ["PATH"], "HOME": str(self.root), "PYTHON": sys.executable}
        env[f"PYTHON{VERSION.replace('.', '')}"] = sys.executable
        return subprocess.run(
            [str(self.root / "scripts" / command[0]), *command[1:]],
            capture_output=True,
            text=True,
            env={**env, **extra},
            check=False,
        )

    def environment(self, group: str) -> list[str]:
        """Create that environment; give the calls of uv that it took."""
        calls = self.tools / "calls"
        calls.unlink(missing_ok=True)
        done = self.run("environment", group)
        assert done.returncode == 0, done.stderr
        return calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


MADE_ANEW = ["venv --quiet", "pip sync"]


def test_second_call_does_nothing(clone: Clone) -> None:
    assert clone.environment("gateway") == MADE_ANEW
    assert clone.environment("gateway") == []


def test_dev_environment_serves_the_gateway_too(clone: Clone) -> None:
    clone.environment("dev")
    assert clone.environment("gateway") == []


def test_gateway_environment_grows_into_the_dev_one(clone: Clone) -> None:
    clone.environment("gateway")
    assert clone.environment("dev") == ["pip sync"]


def test_changed_lock_is_installed_into_the_same_environment(clone: Clone) -> None:
    clone.environment("gateway")
    with (clone.root / "locks" / "gateway.txt").open("a") as lock:
        lock.write("# changed\n")
    assert clone.environment("gateway") == ["pip sync"]


def test_interrupted_installation_is_made_anew(clone: Clone) -> None:
    (clone.tools / "fails").touch()
    assert clone.run("environment", "gateway").returncode != 0
    (clone.tools / "fails").unlink()
    assert clone.environment("gateway") == MADE_ANEW


def test_environment_without_its_interpreter_is_made_anew(clone: Clone) -> None:
    clone.environment("gateway")
    (clone.root / ".venv" / "bin" / "python").unlink()
    assert clone.environment("gateway") == MADE_ANEW


def test_moved_clone_makes_its_environment_anew(clone: Clone, tmp_path: Path) -> None:
    clone.environment("gateway")
    moved = tmp_path / "moved"
    clone.root.rename(moved)
    clone.root, clone.tools = moved, moved / ".tools" / "bin"
    made = moved / ".tools" / ".made"
    made.write_text(f"{made.read_text().split()[0]} {moved.resolve()}\n")
    assert clone.environment("gateway") == MADE_ANEW


def test_project_is_linked_by_a_relative_path(clone: Clone) -> None:
    clone.environment("gateway")
    assert (clone.root / ".venv" / "lib" / "python3.0" / "site-packages" / "candor.pth").read_text() == "../../../..\n"
    assert os.access(clone.root / ".venv" / "bin" / "candor", os.X_OK)


def starter_runs(clone: Clone, run_name: str) -> str:
    """What `bin/candor` prints when Python runs it under that name, as multiprocessing does in worker processes."""
    package = clone.root / "bot" / "cli"
    package.mkdir(parents=True, exist_ok=True)
    for folder in (package.parent, package):
        (folder / "__init__.py").touch()
    (package / "main.py").write_text("def main() -> None:\n    print('the command runs')\n")
    starter = clone.root / ".venv" / "bin" / "candor"
    code = f"import runpy; runpy.run_path({str(starter)!r}, run_name={run_name!r})"
    done = subprocess.run([sys.executable, "-c", code], cwd=clone.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_starter_runs_the_command_and_nothing_in_a_worker_process(clone: Clone) -> None:
    clone.environment("gateway")
    assert starter_runs(clone, "__main__") == "the command runs\n"
    assert starter_runs(clone, "__mp_main__") == ""


def test_changed_starter_reaches_an_environment_that_is_there(clone: Clone) -> None:
    clone.environment("gateway")
    starter = clone.root / ".venv" / "bin" / "candor"
    made = starter.read_text()
    starter.write_text("#!/bin/sh\nexit 1\n")
    assert clone.environment("gateway") == []
    assert starter.read_text() == made
    assert starter_runs(clone, "__main__") == "the command runs\n"


def test_missing_python_is_reported_in_one_sentence_with_code_2(clone: Clone) -> None:
    script = clone.root / "scripts" / "environment"
    script.write_text(
        script.read_text().replace('versions="3.10" wanted="CPython 3.10"', 'versions="3.2" wanted="CPython 3.2"')
    )
    done = clone.run("environment", "engine")
    assert done.returncode == 2
    sentence = done.stderr.splitlines()[-1]
    assert sentence.startswith("candor: CPython 3.2 is needed")
    assert sentence.endswith("install Python 3.2, or name one in PYTHON32.")
    assert not (clone.root / ".venv-engine").exists()


def test_interpreter_that_does_not_start_is_passed_over(clone: Clone, tmp_path: Path) -> None:
    shims = tmp_path / "shims"
    shims.mkdir()
    Clone.script(shims / f"python{VERSION}", "#!/bin/sh\necho 'pyenv: version not installed' >&2\nexit 127\n")
    done = clone.run("find-python", VERSION, PATH=f"{shims}:{os.environ['PATH']}")
    assert done.returncode == 0
    assert done.stdout.strip() != str(shims / f"python{VERSION}")
    assert Path(done.stdout.strip()).is_absolute()


def test_interpreter_of_another_version_is_passed_over(clone: Clone) -> None:
    assert clone.run("find-python", "3.2", PYTHON32=sys.executable).returncode == 1


def test_named_interpreter_comes_first(clone: Clone, tmp_path: Path) -> None:
    done = clone.run("find-python", "3.2", VERSION)
    assert done.stdout.strip() == sys.executable
