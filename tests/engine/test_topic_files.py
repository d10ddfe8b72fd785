"""A topic is three files of its name in the Rasa project: data/nlu, domain, data/rules. Adding one touches no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from engine_process import ROOT

RASAS = {"nlu_fallback"}
OF_OTHERS = {"domain/products.yml": {"which_order", "out_of_scope"}}
"""Intents that another topic's file names: a product's name can look like one of these."""
FILES = sorted(path for folder in ("domain", "data/nlu", "data/rules") for path in (ROOT / folder).glob("*.yml"))


def _intents(topic: str) -> set[str]:
    """The intents that the topic's domain file declares, without what else it names."""
    content = yaml.safe_load((ROOT / "domain" / f"{topic}.yml").read_text("utf-8"))
    return set(_named({"intents": content.get("intents") or []}))


def _named(content: Any) -> Iterator[str]:
    """The intents under every key `intent`, `intents` or `not_intent`; some of `intents` come with options."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key in ("intent", "intents", "not_intent"):
                listed = [value] if isinstance(value, str) else value
                yield from (next(iter(one)) if isinstance(one, dict) else one for one in listed)
            else:
                yield from _named(value)
    elif isinstance(content, list):
        for one in content:
            yield from _named(one)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_names_the_intents_of_its_own_topic_alone(path: Path) -> None:
    allowed = RASAS | OF_OTHERS.get(str(path.relative_to(ROOT)), set())
    assert set(_named(yaml.safe_load(path.read_text("utf-8")))) - allowed <= _intents(path.stem)


def test_a_topic_needs_one_rule_for_an_intent_that_is_answered_with_a_response() -> None:
    """Leaving a form needs none: NamedRulePolicy does that for every intent."""
    rules = yaml.safe_load((ROOT / "data/rules/newsletter.yml").read_text("utf-8"))["rules"]
    assert [rule["steps"] for rule in rules] == [[{"intent": "newsletter"}, {"action": "utter_newsletter"}]]
