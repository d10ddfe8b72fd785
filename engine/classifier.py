"""Rasa component: intents by TF-IDF and frozen sentence encoders, with a fallback threshold set at training time."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Text, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.branch import Example
from engine.intent_model import VERSION, IntentModel, Understanding

THRESHOLD_KEY = "threshold"
_PAYLOAD = re.compile(r"\s*/\w+\s*(\{.*\})?\s*", re.DOTALL)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CandorClassifier(IntentClassifier, GraphComponent):
    """Sets `intent`, `intent_ranking` and `threshold` on a message; below the threshold the intent is `nlu_fallback`.

    As Rasa's FallbackClassifier does, the ranking then begins with `nlu_fallback`; the real intents follow. Unlike
    there, `nlu_fallback` carries the confidence of the best real intent: that is the number that was found too low.
    """

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Optional[IntentModel] = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def required_components(cls) -> List[Type]:
        """A tokenizer must stand before this component."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> List[Text]:
        """What must be installed."""
        return ["sklearn", "onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`quantile`: share of rightly understood unseen examples that may fall below the threshold."""
        return {
            "quantile": 0.1,
            "out_of_scope": ["out_of_scope"],
            "scripts": ["latin", "han"],
            "ranking_length": 0,
            "version": VERSION,
        }

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CandorClassifier:
        """An untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from all examples that have a text and an intent, and stores the result with the model."""
        examples = [_example(m) for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        if examples:
            self._model = IntentModel.train(
                examples, self._config["out_of_scope"], self._config["quantile"], self._config["scripts"]
            )
            with self._model_storage.write_to(self._resource) as folder:
                self._model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CandorClassifier:
        """The component as trained. Raises ValueError or OSError when the model's files are missing or damaged."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(folder))

    def process(self, messages: List[Message]) -> List[Message]:
        """Classifies each message; payloads such as /greeting are left to Rasa's RegexMessageHandler."""
        for message in messages:
            text = message.get(TEXT)
            if text and self._model and not is_payload(text):
                self._annotate(message, self._model.understand(text, token_lemmas(message)))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after the classifier learns from its answers."""
        return training_data

    def _annotate(self, message: Message, understanding: Understanding) -> None:
        ranking = [{"name": name, "confidence": confidence} for name, confidence in understanding.ranking]
        ranking = ranking[: self._config["ranking_length"] or None]
        if not understanding.understood:
            fallback = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": ranking[0]["confidence"]}
            ranking.insert(0, fallback)
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(THRESHOLD_KEY, understanding.threshold, add_to_output=True)


def is_payload(text: Text) -> bool:
    """Whether a text is a button's payload, such as `/greeting`: nothing in it has to be understood."""
    return _PAYLOAD.fullmatch(text) is not None


def token_lemmas(message: Message) -> List[Text]:
    """The normal form of each of a message's words, as the tokenizer left them."""
    return [token.lemma for token in message.get(TOKENS_NAMES[TEXT]) or []]


def _example(message: Message) -> Example:
    return Example(message.get(TEXT), token_lemmas(message), message.get(INTENT))
