"""`make test` runs every step, reports which failed, and ends with the sum of pytest's summary lines."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tools import ROOT

SAYS = '#!/bin/sh\necho "$(basename "$0") $*" >>"$HOME/calls"\n'
PYTEST = SAYS + 'echo "=== 7 passed, 1 skipped in 0.1s ==="\n'
PROGRAMS = {
    "scripts/environment": SAYS,
    "scripts/web": SAYS,
    "scripts/model": SAYS + "echo models/m.tar.gz\n",
    ".venv/bin/ruff": SAYS,
    ".venv/bin/mypy": SAYS,
    ".venv/bin/lint-imports": SAYS,
    ".venv/bin/python": PYTEST,
    ".venv-engine/bin/rasa": SAYS,
}


class Steps:
    """Our scripts/test among programs that only record their calls."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "scripts").mkdir(parents=True)
        for name in ("common.sh", "test"):
            shutil.copy(ROOT / "scripts" / name, root / "scripts" / name)
        for name, text in PROGRAMS.items():
            self.program(name, text)

    def program(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def run(self, what: str = "all", **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.root / "scripts" / "test"), what],
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "HOME": str(self.root), **extra},
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        return (self.root / "calls").read_text().splitlines()


@pytest.fixture
def steps(tmp_path: Path) -> Steps:
    return Steps(tmp_path / "a clone")


def test_every_step_runs_and_the_last_line_sums_up_pytests(steps: Steps) -> None:
    done = steps.run()
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "=== 14 passed, 2 skipped in 0.2s ==="
    named = [line.split("  ", 2)[-1].strip() for line in done.stdout.splitlines() if line.startswith("ok ")]
    assert [name.split("s  ")[-1] for name in named] == [
        *("gateway environment", "ruff check", "ruff format --check", "engine environment", "web build"),
        *("rasa train", "rasa test core", "mypy --strict", "lint-imports", "vitest", "pytest without the model"),
        "pytest with the model",
    ]


def test_the_sum_is_the_same_in_colour_and_whatever_a_test_prints(steps: Steps) -> None:
    summary = "\\033[32m=== \\033[1m7 passed\\033[0m, 1 failed in 0.1s ===\\033[0m\\n"
    coloured = f"echo 'waited, 3 passed in 9.5s'; printf '{summary}'\n"
    steps.program(".venv/bin/python", SAYS + coloured)
    assert steps.run().stdout.splitlines()[-1] == "=== 2 failed, 14 passed in 0.2s ==="


@pytest.mark.parametrize(
    ("program", "step"),
    [
        (".venv/bin/ruff", "ruff check"),
        (".venv/bin/mypy", "mypy --strict"),
        (".venv/bin/lint-imports", "lint-imports"),
        (".venv-engine/bin/rasa", "rasa test core"),
        ("scripts/web", "vitest"),
        ("scripts/model", "rasa train"),
        (".venv/bin/python", "pytest without the model"),
        (".venv/bin/python", "pytest with the model"),
    ],
)
def test_failed_step_is_named_and_the_others_still_run(steps: Steps, program: str, step: str) -> None:
    steps.program(program, PROGRAMS[program] + "exit 3\n")
    done = steps.run()
    assert done.returncode == 1
    assert any(line.startswith("FAILED") and line.endswith(step) for line in done.stdout.splitlines())
    assert any("-m pytest" in call for call in steps.calls)


def test_what_the_steps_beside_the_others_say_is_shown(steps: Steps) -> None:
    steps.program("scripts/web", SAYS + 'echo "web: $1" && echo "to standard error" >&2\n')
    assert "web: test\nto standard error\n" in steps.run().stdout


def test_tests_take_all_cores_and_those_that_measure_one(steps: Steps) -> None:
    steps.run()
    without, with_model = (call for call in steps.calls if "-m pytest" in call)
    for spread in (without, with_model):
        assert "--numprocesses" in spread and "--dist loadfile" in spread
    (steps.root / "calls").unlink()
    assert steps.run("long").returncode == 0
    (alone,) = (call for call in steps.calls if "-m pytest" in call)
    assert alone.endswith("-m long") and "--numprocesses" not in alone


def test_whatever_one_run_of_pytest_leaves_out_the_other_takes(steps: Steps) -> None:
    steps.run()
    without, with_model = (call.split() for call in steps.calls if "-m pytest" in call)
    left_out = [argument.removeprefix("--ignore=") for argument in without if argument.startswith("--ignore=")]
    taken = [argument for argument in with_model if argument.startswith("tests/")]
    assert left_out == taken != [] and all((ROOT / path).exists() for path in taken)
    assert not [argument for argument in without if argument.startswith("tests/")]


def test_operators_settings_reach_no_test(steps: Steps) -> None:
    steps.program(".venv/bin/python", '#!/bin/sh\nenv >"$HOME/seen"\necho "1 passed"\n')
    steps.run(DATABASE_URL="postgresql://somewhere", CANDOR_PORT="1", PYTHONDONTWRITEBYTECODE="1", CI="true")
    seen = (steps.root / "seen").read_text()
    assert "DATABASE_URL" not in seen
    assert "CANDOR_PORT" not in seen
    assert "PYTHONDONTWRITEBYTECODE" not in seen
    assert "CI=true" in seen


def test_check_runs_the_cheap_steps_alone(steps: Steps) -> None:
    assert steps.run("check").returncode == 0
    assert {call.split()[0] for call in steps.calls} == {"environment", "ruff", "mypy", "lint-imports"}


def test_coverage_is_measured_without_the_engine_and_on_all_cores(steps: Steps) -> None:
    assert steps.run("coverage").returncode == 0
    (call,) = (call for call in steps.calls if "-m pytest" in call)
    assert "--cov" in call and "--numprocesses" in call and "--ignore=tests/engine" in call


def test_environment_that_cannot_be_made_ends_it(steps: Steps) -> None:
    steps.program("scripts/environment", SAYS + "exit 2\n")
    assert steps.run().returncode == 1
    assert steps.calls == ["environment dev"]
