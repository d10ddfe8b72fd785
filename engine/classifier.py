"""Rasa component: intents by TF-IDF and frozen sentence encoders, with a fallback threshold set at training time."""

from __future__ import annotations

from typing import Any, Dict, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.branch import Example
from engine.component import TextModelComponent, token_lemmas, topic_examples
from engine.intent_model import VERSION, IntentModel

THRESHOLD_KEY = "threshold"
RANKING_LENGTH = 12  # the ten of a trace, and among them or behind them three topics to offer


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CandorClassifier(TextModelComponent):
    """Sets `intent`, `intent_ranking` and `threshold` on a message; below the threshold the intent is `nlu_fallback`.

    As with Rasa's FallbackClassifier, the ranking then begins with `nlu_fallback`; the real intents follow. Unlike
    there, `nlu_fallback` carries the confidence of the best real intent: the number that was found too low.
    """

    model_type = IntentModel

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`quantile`: share of rightly understood unseen examples that may fall below the threshold.

        `ranking_length`: real intents in the ranking; 0 for all.
        """
        return {
            "quantile": 0.1,
            "out_of_scope": ["out_of_scope"],
            "scripts": ["latin", "han"],
            "ranking_length": RANKING_LENGTH,
            "version": VERSION,
        }

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from all examples that have a text and an intent, and stores the result with the model."""
        examples = [Example(m.get(TEXT), token_lemmas(m), m.get(INTENT)) for m in topic_examples(training_data)]
        if examples:
            config = self._config
            self._keep(IntentModel.train(examples, config["out_of_scope"], config["quantile"], config["scripts"]))
        return self._resource

    def _annotate(self, message: Message, model: IntentModel) -> None:
        understanding = model.understand(message.get(TEXT), token_lemmas(message), self._config["ranking_length"])
        ranking = [{"name": name, "confidence": confidence} for name, confidence in understanding.ranking]
        if not understanding.understood:
            fallback = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": ranking[0]["confidence"]}
            ranking.insert(0, fallback)
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(THRESHOLD_KEY, understanding.threshold, add_to_output=True)
