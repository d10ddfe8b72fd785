"""docs/how-to/operate.md lists every setting as bot/core/settings.py has it, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pydantic import AliasChoices
from pydantic.fields import FieldInfo

from bot.core.settings import ROOT, Settings


def name_of(key: str, info: FieldInfo) -> str:
    """The environment variable, the first one when there are several."""
    if isinstance(info.validation_alias, AliasChoices):
        return str(info.validation_alias.choices[0])
    return str(info.validation_alias or f"CANDOR_{key.upper()}")


def shown(value: Any) -> str:
    """A default as the table shows it: folders from the clone's root, nothing for unset."""
    if value is None or value == "":
        return ""
    if isinstance(value, Path):
        return f"`{value.relative_to(ROOT)}`"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


def expected() -> list[str]:
    return [
        f"| `{name_of(key, info)}` | {shown(info.default)} | {info.description} |"
        for key, info in Settings.model_fields.items()
    ]


def test_operations_page_lists_the_settings_word_for_word() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `[A-Z_]+` \|.*$", page, flags=re.MULTILINE)
    assert "\n".join(listed) == "\n".join(expected())


def test_every_setting_has_a_description() -> None:
    assert [key for key, info in Settings.model_fields.items() if not info.description] == []
