"""Rasa policy: Rasa's RulePolicy that names the rule it applied and finds rules through an index."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, DefaultDict, Dict, List, Optional, Set, Text, Tuple

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import (
    ACTION_DEACTIVATE_LOOP_NAME,
    ACTION_LISTEN_NAME,
    ACTIVE_LOOP,
    PREVIOUS_ACTION,
    SHOULD_NOT_BE_SET,
    USER,
)
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT

from engine.live_tracker import LiveTracker

RULE_KEY = "rule"
_NAMES = "rule_names"
_Clue = Tuple[Optional[Text], Optional[Text]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class NamedRulePolicy(RulePolicy):
    """Predicts what RulePolicy predicts; the action's metadata carries the rule's name under `rule`.

    Two things differ:
    - A form is left by a message that does not answer its question (the form rejected it) and for which there is a
      rule. Where that rule does not mention the form, the form is deactivated first, and the rule then applies as if
      the form had ended before the message. RulePolicy needs a second rule for every such intent.
    - After the fallback action the assistant listens. RulePolicy predicts it again and again until Rasa's limit, after
      which the conversation never answers any more.

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
        if self._leaves_form(tracker, source):
            prediction = self._rule_prediction(
                self._prediction_result(ACTION_DEACTIVATE_LOOP_NAME, tracker, domain), source
            )
        name = self.lookup.get(_NAMES, {}).get(source)
        prediction.action_metadata = {RULE_KEY: name} if name else None
        return prediction

    def _leaves_form(self, tracker: DialogueStateTracker, source: Optional[Text]) -> bool:
        """Whether the rule `source`, which does not mention a form, applies to a message that the form rejected."""
        rejected = tracker.is_active_loop_rejected and tracker.latest_action_name == ACTION_LISTEN_NAME
        if not tracker.active_loop_name or not rejected or source not in self.lookup[RULES]:
            return False
        return ACTIVE_LOOP not in self._rule_key_to_state(source)[-1]

    def _metadata(self) -> Dict[Text, Any]:
        names = {key: _names(self._rules_sources.get(key, []), action) for key, action in self.lookup[RULES].items()}
        return {"lookup": {**self.lookup, _NAMES: {key: name for key, name in names.items() if name}}}

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Tuple[Optional[Text], Optional[Text], bool]:
        """Rasa searches all rules twice, first for rules on the literal text; most projects have none."""
        if use_text_for_last_user_input and not self._index(self.lookup[RULES]).on_text:
            return None, None, False
        return super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: Optional[Dict[Text, Any]] = None,
    ) -> List[State]:
        """Rasa's states; of a live conversation only the last ones, as many as a rule can ask for."""
        if not isinstance(tracker, LiveTracker):
            return super()._prediction_states(tracker, domain, use_text_for_last_user_input, rule_only_data)
        length = max(self._index(self.lookup[kind]).longest for kind in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH))
        states = tracker.recent_states(domain, length + 1)  # one more, for a form that was left
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
        return states

    def _get_possible_keys(self, lookup: Dict[Text, Text], states: List[State]) -> Set[Text]:
        """The rules that apply; where none does, those that would had the form left in `states` ended before."""
        return self._applicable(lookup, states) or self._applicable(lookup, _without_form_left(states))

    def _applicable(self, lookup: Dict[Text, Text], states: List[State]) -> Set[Text]:
        """Rasa's search, among the rules that ask for the last state's action and intent, or for none."""
        candidates = self._index(lookup).candidates(states[-1])
        return super()._get_possible_keys({key: lookup[key] for key in candidates if key in lookup}, states)

    def _index(self, lookup: Dict[Text, Text]) -> _Index:
        """The index of a lookup, built at its first use. Keys that training removes later are still listed."""
        indexes: Dict[int, Tuple[Any, _Index]] = self.__dict__.setdefault("_indexes", {})
        if id(lookup) not in indexes:  # the entry holds the lookup, so that no other object takes over its id
            indexes[id(lookup)] = lookup, _Index({key: self._rule_key_to_state(key) for key in lookup})
        return indexes[id(lookup)][1]


class _Index:
    """The rules of a lookup by the action and the intent that their last state asks for.

    `longest` is the number of states of the longest rule, at least 1; `on_text` says whether any rule asks for a
    literal text.
    """

    def __init__(self, rules: Dict[Text, List[State]]) -> None:
        self.longest = max([1, *map(len, rules.values())])
        self.on_text = any(TEXT in state.get(USER, {}) for states in rules.values() for state in states)
        self._keys: DefaultDict[_Clue, List[Text]] = defaultdict(list)
        for key, states in rules.items():
            self._keys[_clue(states[-1])].append(key)

    def candidates(self, state: State) -> List[Text]:
        """The rules that may apply to a conversation in this state: no other can."""
        action, intent = _clue(state)
        clues = dict.fromkeys([(action, intent), (action, None), (None, None)])
        return [key for clue in clues for key in self._keys.get(clue, ())]


def _clue(state: State) -> _Clue:
    """The last action and the intent of a state, None where it has none; without an action Rasa compares no intent."""
    action = state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME)
    intent = state.get(USER, {}).get(INTENT)
    return (action, intent if intent != SHOULD_NOT_BE_SET else None) if action else (None, None)


def _without_form_left(states: List[State]) -> List[State]:
    """The states without the deactivation of a form, and without the form in the state before it."""
    kept: List[State] = []
    for state in states:
        if kept and state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME) == ACTION_DEACTIVATE_LOOP_NAME:
            kept[-1] = {kind: content for kind, content in kept[-1].items() if kind != ACTIVE_LOOP}
        else:
            kept.append(state)
    return kept


def _names(sources: List[Tuple[Text, Text]], action: Text) -> Text:
    return " / ".join(sorted({rule for rule, predicted in sources if predicted == action}))
