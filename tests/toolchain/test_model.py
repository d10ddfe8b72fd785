"""When the model is trained and when not, with a stand-in for Rasa."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import ROOT

# Called as: rasa train --fail-on-validation-warnings --out FOLDER --fixed-model-name candor
RASA = """#!/bin/sh
echo trained >>"$HOME/calls"
[ -e "$HOME/half" ] && { echo half >"$4/candor.tar"; exit 1; }
[ -e "$HOME/nothing" ] && exit 0
echo model | gzip >"$4/candor.tar.gz"
"""


class Project:
    """A small Rasa project with our scripts and the stand-in as its Rasa."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(ROOT / "scripts", root / "scripts")
        for name in (
            "config.yml",
            "locks/engine.txt",
            "domain/a.yml",
            "data/nlu/a.yml",
            "data/knowledge/a.md",
            "engine/a.py",
        ):
            self.write(name, name)
        self.write(".venv-engine/bin/rasa", RASA).chmod(0o755)
        (root / ".venv-engine/bin/python").symlink_to(sys.executable)

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def model(self, **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.root / "scripts" / "model")],
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "HOME": str(self.root), **extra},
            check=False,
        )

    @property
    def trainings(self) -> int:
        calls = self.root / "calls"
        return len(calls.read_text().splitlines()) if calls.exists() else 0

    @property
    def models(self) -> list[str]:
        return sorted(path.name for path in (self.root / "models").glob("*"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "a project")


def test_model_is_trained_once_for_the_same_inputs(project: Project) -> None:
    first, second = project.model(), project.model()
    assert first.stdout == second.stdout == f"models/{project.models[0]}\n"
    assert project.trainings == 1


@pytest.mark.parametrize("name", ["config.yml", "domain/a.yml", "data/nlu/a.yml", "engine/a.py", "data/rules/new.yml"])
def test_changed_input_is_trained(project: Project, name: str) -> None:
    before = project.model().stdout
    project.write(name, "changed")
    assert project.model().stdout != before
    assert project.trainings == 2


def test_changed_code_of_ours_empties_rasas_cache(project: Project) -> None:
    project.model()
    cached = project.write(".rasa/cache/component", "made by the old code")
    project.write("data/nlu/a.yml", "changed")
    project.model()
    assert cached.exists()
    project.write("engine/a.py", "changed")
    project.model()
    assert not cached.exists()


def test_edited_article_needs_no_training(project: Project) -> None:
    project.model()
    project.write("data/knowledge/a.md", "changed")
    project.model()
    assert project.trainings == 1


def test_going_back_makes_the_earlier_model_the_newest(project: Project) -> None:
    first = project.model().stdout.strip()
    project.write("config.yml", "changed")
    second = project.model().stdout.strip()
    os.utime(project.root / second, (1, 1))
    os.utime(project.root / first, (0, 0))
    project.write("config.yml", "config.yml")
    assert project.model().stdout.strip() == first
    assert (project.root / first).stat().st_mtime > (project.root / second).stat().st_mtime
    assert project.trainings == 2


def test_failed_training_leaves_no_model_and_fails(project: Project) -> None:
    project.write("half", "")
    done = project.model()
    assert done.returncode != 0
    assert project.models == []
    assert list((project.root / ".make").glob("training*")) == []


def test_training_without_a_result_is_an_error(project: Project) -> None:
    project.write("nothing", "")
    done = project.model()
    assert done.returncode == 1
    assert "training left no model" in done.stderr


def test_named_model_is_taken_as_it_is(project: Project) -> None:
    mine = project.write("mine.tar.gz", "model")
    assert project.model(CANDOR_MODEL=str(mine)).stdout.strip() == str(mine)
    assert project.trainings == 0


def test_named_model_that_is_missing_is_told(project: Project) -> None:
    done = project.model(CANDOR_MODEL="nowhere.tar.gz")
    assert done.returncode == 2
    assert "CANDOR_MODEL" in done.stderr
    assert "nowhere" not in done.stderr


def test_five_of_our_models_stay_and_those_trained_by_hand_all(project: Project) -> None:
    project.write("models/20260101-120000-by-hand.tar.gz", "mine")
    for number in range(7):
        project.write("config.yml", str(number))
        project.model()
    assert len(project.models) == 6
    assert "20260101-120000-by-hand.tar.gz" in project.models
