"""Settings: a wrong value stops the start with a sentence that names the key and never the value."""

from __future__ import annotations

import pytest

from bot.cli.serve import listen
from bot.core.errors import SettingsError
from bot.core.settings import load_settings


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("CANDOR_ALLOWED_ORIGINS", "pots.test", "with its scheme"),
        ("CANDOR_ALLOWED_ORIGINS", "https://shop.example, www.shop.example", "with its scheme"),
        ("CANDOR_ALLOWED_ORIGINS", "https://shop.example/page", "without a path"),
        ("CANDOR_ASSISTANT_NAME", "Robin", "CANDOR_ASSISTANT_NAME: the name has to say"),
        ("CANDOR_PUBLIC_URL", "shop.example", "docs/reference/settings.md"),
        ("CANDOR_LOG_LEVEL", "loud", "docs/reference/settings.md"),
    ],
)
def test_a_wrong_value_is_refused_in_our_own_words(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str, wanted: str
) -> None:
    monkeypatch.setenv(key, value)
    with pytest.raises(SettingsError, match=wanted) as refused:
        load_settings()
    sentence = str(refused.value)
    assert sentence.startswith(f"{key}: ") and value not in sentence
    assert "Value error" not in sentence and "match pattern" not in sentence


def test_origins_are_compared_without_a_slash_at_their_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANDOR_ALLOWED_ORIGINS", "https://shop.example/, http://localhost:3000")
    assert load_settings().origins == ("https://shop.example", "http://localhost:3000")


def test_an_address_that_this_machine_does_not_have_is_said_to_be_that() -> None:
    for host in ("nonsense.invalid", "192.0.2.1"):
        with pytest.raises(SettingsError, match="CANDOR_HOST: this machine has no such address"):
            listen(host, 0)
