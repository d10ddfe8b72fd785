"""The `candor` command as an operator types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import started
from tests.running import Gateway
from tests.tools import need


def test_understand_prints_a_json_line_for_each_text(tmp_path: Path) -> None:
    need("engine", "model")
    texts = ["where is my order?", "r u a bot", "你们几天能到货", "qwzx vbnm plok"]
    (tmp_path / "texts.txt").write_text("\n".join(texts) + "\n", "utf-8")
    for done in (
        started("engine", "understand", "--file", str(tmp_path / "texts.txt")),
        started("engine", "understand", text="\n".join(texts)),
    ):
        assert done.returncode == 0, done.stderr
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert [line["text"] for line in lines] == texts
        intents = [line["intent"] for line in lines]
        assert (intents[0], *intents[2:]) == ("order_status", "delivery_time", "nlu_fallback")
        heard = [[name for name, one in line["requests"].items() if one["score"] >= one["threshold"]] for line in lines]
        assert heard == [[], ["robot"], [], []]
        assert all(0 < line["threshold"] < 1 and line["ranking"] for line in lines)


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"CANDOR_PORT": "many"}, "CANDOR_PORT"),
        ({"CANDOR_HANDOFF_WAIT": "-5"}, "CANDOR_HANDOFF_WAIT"),
        ({"CANDOR_ASSISTANT_NAME": "Mina"}, "CANDOR_ASSISTANT_NAME"),
        ({"CANDOR_MODEL": "nowhere-to-be-seen.tar.gz"}, "CANDOR_MODEL"),
        ({"CANDOR_LOG_LEVEL": "secret-value"}, "CANDOR_LOG_LEVEL"),
        ({"CANDOR_DATA_DIR": "/proc/nowhere"}, "CANDOR_DATA_DIR"),
        ({"DATABASE_URL": "mysql://user:secret@host/shop"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://user:secret@127.0.0.1:1/shop"}, "DATABASE_URL"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_names_it_and_not_its_value(
    tmp_path: Path, settings: dict[str, str], key: str
) -> None:
    done = started("serve", **{"CANDOR_DATA_DIR": str(tmp_path), **settings})
    assert done.returncode == 2 and done.stdout == ""
    assert key in done.stderr and done.stderr.count("\n") == 1
    assert settings[key] not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_said_before_anything_is_started(gateway: Gateway, tmp_path: Path) -> None:
    done = started("serve", CANDOR_DATA_DIR=str(tmp_path / "other"), CANDOR_PORT=gateway.url.rpartition(":")[2])
    assert done.returncode == 2 and "CANDOR_PORT" in done.stderr
    assert not (tmp_path / "other").exists()


def test_secrets_are_for_the_owner_alone(gateway: Gateway) -> None:
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in gateway.data_dir.iterdir()}
    assert oct(gateway.data_dir.stat().st_mode & 0o777) == "0o700"
    assert {modes[name] for name in ("master.key", "identity.key", "staff.txt", "candor.db", "engine.db")} == {"0o600"}
