"""Rasa policy: Rasa's RulePolicy that says which rule fired, and does not repeat work at every prediction."""

from __future__ import annotations

import functools
from typing import Any, Dict, List, Optional, Text, Tuple

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

RULE_KEY = "rule"
_NAMES = "rule_names"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class NamedRulePolicy(RulePolicy):
    """Predicts what RulePolicy predicts; the action's metadata carries the rule's name under `rule`.

    One thing differs: once the fallback action has spoken, the assistant listens. RulePolicy predicts it again and
    again until Rasa's limit, after which the conversation never answers any more.

    Several rules that agree word for word up to this point are all named, joined by ' / '. A form that runs on by
    itself and Rasa's default actions are not written down as rules and have no name.
    """

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[Text, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Rasa's prediction with the rule's name attached."""
        prediction, source = self._predict(tracker, domain)
        if source not in self.lookup[RULES] and tracker.latest_action_name == self._fallback_action_name:
            if prediction.max_confidence <= self.config["core_fallback_threshold"]:
                listen = self._prediction_result(ACTION_LISTEN_NAME, tracker, domain)
                return self._rule_prediction(listen, source)
        name = self.lookup.get(_NAMES, {}).get(source)
        prediction.action_metadata = {RULE_KEY: name} if name else None
        return prediction

    def _metadata(self) -> Dict[Text, Any]:
        names = {key: _names(self._rules_sources.get(key, []), action) for key, action in self.lookup[RULES].items()}
        return {"lookup": {**self.lookup, _NAMES: {key: name for key, name in names.items() if name}}}

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Tuple[Optional[Text], Optional[Text], bool]:
        """Rasa looks through all rules twice, first for rules on the literal text; most projects have none."""
        if use_text_for_last_user_input and not self._rules_on_text:
            return None, None, False
        return super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)

    @property
    def _rules_on_text(self) -> bool:
        rules = self.lookup.get(RULES)
        return rules is None or _any_on_text(tuple(rules))


def _names(sources: List[Tuple[Text, Text]], action: Text) -> Text:
    return " / ".join(sorted({rule for rule, predicted in sources if predicted == action}))


@functools.lru_cache(maxsize=4)
def _any_on_text(rules: Tuple[Text, ...]) -> bool:
    return any('"text":' in rule for rule in rules)
