"""What the two trained components of the pipeline share: one model over texts and their words."""

from __future__ import annotations

import re
from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar, Dict, Generic, List, Optional, Protocol, Sequence, Text, Type, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_PAYLOAD = re.compile(r"\s*/\w+\s*(\{.*\})?\s*", re.DOTALL)


class TextModel(Protocol):
    """A trained model that is stored in a folder."""

    def encode_ahead(self, texts: Sequence[str]) -> None:
        """Runs the sentence encoders once for all texts whose results are needed next."""

    def save(self, folder: Path) -> None:
        """Stores the model."""

    @classmethod
    def load(cls, folder: Path) -> Any:
        """The model that `save` stored. Raises OSError or ValueError when a file is missing or damaged."""


M = TypeVar("M", bound=TextModel)


class TextModelComponent(IntentClassifier, GraphComponent, Generic[M]):
    """A Rasa component around one model of type `model_type`; subclasses train it and annotate messages."""

    model_type: ClassVar[Type[Any]]

    def __init__(
        self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, model: Optional[M] = None
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
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextModelComponent:
        """An untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
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
    def _annotate(self, message: Message, model: M) -> None:
        """Writes what the model makes of a message into it."""

    def _keep(self, model: M) -> None:
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
