"""The private parts of Rasa 3.6.21 that engine/ relies on, by name: what to check first when Rasa's version changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

OVERRIDDEN = {
    "Agent._create_tracker_store": ["store", "domain"],
    "LocalModelStorage._load_metadata": ["directory"],
    "MemoizationPolicy._metadata": ["self"],
    "MessageProcessor._load_model": ["model_path"],
    "MessageProcessor._run_action": ["self", "action", "tracker", "output_channel", "nlg", "prediction"],
    "Policy._prediction_states": ["self", "tracker", "domain", "use_text_for_last_user_input", "rule_only_data"],
    "RemoteAction._validate_action_result": ["self", "result"],
    "RulePolicy._find_action_from_rules": ["self", "tracker", "domain", "use_text_for_last_user_input"],
    "RulePolicy._get_possible_keys": ["self", "lookup", "states"],
    "RulePolicy._metadata": ["self"],
}
USED = {
    "_choose_last_user_input": "TrackerFeaturizer: keeps intent or text of the last message in its state",
    "_exit": "os: the engine's own process",
    "_fallback_action_name": "RulePolicy",
    "_graph_schema": "DaskGraphRunner",
    "_handle_message_with_tracker": "MessageProcessor",
    "_instantiated_nodes": "DaskGraphRunner",
    "_predict": "RulePolicy: the prediction with its source, the key of the rule",
    "_prediction_result": "MemoizationPolicy: probabilities for one action",
    "_rule_key_to_state": "RulePolicy",
    "_rule_prediction": "RulePolicy",
    "_rules_sources": "RulePolicy: names of the rules behind a key, while training",
    "_set_fingerprint": "Agent",
    "_stream_new_events": "TrackerStore",
    "_temporary_tracker": "FormAction",
    "_update_full_retrieval_intent": "MessageProcessor",
}


@pytest.fixture(scope="module")
def found(in_engine: Callable[..., str]) -> dict[str, Any]:
    """What inspect_internals.py found."""
    seen: dict[str, Any] = json.loads(in_engine("inspect_internals.py").splitlines()[-1])
    return seen


def test_every_private_method_that_is_overridden_is_listed_with_its_parameters(found: dict[str, Any]) -> None:
    assert {name: found["overridden"][name] for name in sorted(found["overridden"])} == OVERRIDDEN


def test_every_private_attribute_that_is_used_is_listed(found: dict[str, Any]) -> None:
    assert found["used"] == sorted(USED)
