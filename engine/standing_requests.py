"""Rasa component: which standing requests a message holds, each with a score and the threshold in force."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Text, Type

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.classifier import is_payload, token_lemmas
from engine.request_model import VERSION, Labelled, RequestModel
from engine.words import words

REQUESTS_KEY = "requests"
_SIDES = {"heard": 1, "not_heard": 0}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class StandingRequestDetectors(IntentClassifier, GraphComponent):
    """Sets `requests` on a message: `{"human": {"score": 0.97, "threshold": 0.5}, …}`. Intents are not touched.

    Config:
        folder: where the examples lie, from the project's root: `<request>.<language>.yml` with the lists `heard` and
            `not_heard`, one example a line.
        thresholds: from which score on a request counts as heard, by script and request; 0.5 where none is named.
    """

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Optional[RequestModel] = None,
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
        """See the class."""
        return {"folder": "data/standing_requests", "thresholds": {}, "version": VERSION}

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Optional[Text]:
        """The examples are no training data of Rasa's: without this a change of theirs would train nothing."""
        folder = Path({**cls.get_default_config(), **config}["folder"])
        files = (path.name.encode() + b"\0" + path.read_bytes() + b"\0" for path in _files(folder))
        return sha256(b"".join(files)).hexdigest()

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> StandingRequestDetectors:
        """An untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the folder's examples, and from those of all topics as not heard.

        Raises ValueError when there are none: a model without detectors would hear no request and say nothing of it.
        """
        own = list(examples(Path(self._config["folder"])))
        if not own:
            raise ValueError(f"There are no examples of standing requests in {self._config['folder']}.")
        nothing = dict.fromkeys(sorted({example.own for example in own}), 0)
        topical = [
            Labelled(message.get(TEXT), token_lemmas(message), nothing)
            for message in training_data.intent_examples
            if message.get(TEXT) and message.get(INTENT)
        ]
        self._model = RequestModel.train([*own, *topical], self._config["thresholds"])
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
    ) -> StandingRequestDetectors:
        """The component as trained. Raises ValueError or OSError when the model's files are missing or damaged."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, RequestModel.load(folder))

    def process(self, messages: List[Message]) -> List[Message]:
        """Scores each message that is no payload."""
        for message in messages:
            text = message.get(TEXT)
            if text and self._model and not is_payload(text):
                found = self._model.scores(text, token_lemmas(message))
                scores = {name: {"score": one.score, "threshold": one.threshold} for name, one in found.items()}
                message.set(REQUESTS_KEY, scores, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after the detectors learns from their scores."""
        return training_data


def examples(folder: Path) -> Iterator[Labelled]:
    """The examples in `folder`. What one request hears counts as not heard for the others, unless they list it.

    Raises ValueError when a file has other parts than `heard` and `not_heard`, or a text stands on both sides.
    """
    listed = {path: _read(path) for path in _files(folder)}
    requests = sorted({_request(path) for path in listed})
    labels: Dict[Text, Dict[Text, int]] = {}
    own: Dict[Text, Text] = {}
    for path, sides in listed.items():
        for side, text in sides:
            known = labels.setdefault(text, {})
            if known.get(_request(path), _SIDES[side]) != _SIDES[side]:
                raise ValueError(f"{path.name}: this example stands on both sides: {text}")
            known[_request(path)] = _SIDES[side]
            own[text] = _request(path) if side == "heard" or text not in own else own[text]
    for text, known in labels.items():
        others = dict.fromkeys(requests, 0) if 1 in known.values() else {}
        yield Labelled(text, [word.normal for word in words(text)], {**others, **known}, own[text])


def _files(folder: Path) -> List[Path]:
    return sorted(folder.glob("*.yml"))


def _request(path: Path) -> Text:
    return path.name.split(".")[0]


def _read(path: Path) -> List[Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    strange = sorted(set(content) - set(_SIDES))
    if strange:
        raise ValueError(f"{path.name}: use the lists heard and not_heard; {', '.join(strange)} is unknown.")
    if not all(isinstance(lines, str) for lines in content.values()):
        raise ValueError(f"{path.name}: write the examples one a line behind `heard: |` and `not_heard: |`.")
    return [(side, line.strip()) for side in content for line in content[side].splitlines() if line.strip()]
