"""What the two trained components of the pipeline share: one model over texts and their words."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Any, ClassVar, Dict, List, Text, Type

from rasa.engine.graph import GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_PAYLOAD = re.compile(r"\s*/\w+\s*(\{.*\})?\s*", re.DOTALL)


class TextModelComponent(IntentClassifier, GraphComponent):
    """A Rasa component around one model of type `model_type`; subclasses train it and annotate messages.

    A model has `encode_ahead(texts)`, which runs the sentence encoders once for all texts whose results are needed
    next, `save(folder)`, and the class method `load(folder)`, which raises OSError or ValueError when a file is missing
    or damaged.
    """

    model_type: ClassVar[Type[Any]]

    def __init__(
        self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, model: Any = None
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def required_components(cls) -> List[Type]:
        """A tokenizer must come before this component."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> List[Text]:
        """The packages that must be installed."""
        return ["sklearn", "onnxruntime", "tokenizers"]

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, **_: Any
    ) -> TextModelComponent:
        """An untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, **_: Any
    ) -> TextModelComponent:
        """The trained component. Raises ValueError or OSError when the model's files are missing or damaged."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, cls.model_type.load(folder))

    def process(self, messages: List[Message]) -> List[Message]:
        """Annotates each message; payloads such as /greeting are left to Rasa's RegexMessageHandler."""
        if self._model:
            texts = [message for message in messages if message.get(TEXT) and not is_payload(message.get(TEXT))]
            self._model.encode_ahead([message.get(TEXT) for message in texts])
            for message in texts:
                self._annotate(message, self._model)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """No later component learns from the annotations."""
        return training_data

    @abstractmethod
    def _annotate(self, message: Message, model: Any) -> None:
        """Writes what the model makes of a message into it."""

    def _keep(self, model: Any) -> None:
        """Stores a model that was just trained."""
        self._model = model
        with self._model_storage.write_to(self._resource) as folder:
            model.save(folder)


def is_payload(text: Text) -> bool:
    """Whether a text is a button's payload, such as `/greeting`: nothing in it has to be understood."""
    return _PAYLOAD.fullmatch(text) is not None


def token_lemmas(message: Message) -> List[Text]:
    """The normal form of each of a message's words, as the tokenizer left them."""
    return [token.lemma for token in message.get(TOKENS_NAMES[TEXT]) or []]


def topic_examples(training_data: TrainingData) -> List[Message]:
    """The examples that have a text and an intent."""
    return [message for message in training_data.intent_examples if message.get(TEXT) and message.get(INTENT)]
