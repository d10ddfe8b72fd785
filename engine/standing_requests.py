"""Rasa component: the score of each standing request in a message, with the threshold in force."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Text

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.component import TextModelComponent, token_lemmas, topic_examples
from engine.request_model import VERSION, Labelled, RequestModel
from engine.words import words

REQUESTS_KEY = "requests"
_SIDES = {"heard": 1, "not_heard": 0}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class StandingRequestDetectors(TextModelComponent):
    """Sets `requests` on a message: `{"human": {"score": 0.97, "threshold": 0.5}, …}`. Intents are not touched.

    Config:
        folder: the examples' folder, relative to the project's root: `<request>.<language>.yml` with the lists `heard`
            and `not_heard`, one example a line.
        thresholds: the score from which a request counts as heard, by script and request; 0.5 by default.
    """

    model_type = RequestModel

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """See the class."""
        return {"folder": "data/standing_requests", "thresholds": {}, "version": VERSION}

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Optional[Text]:
        """A hash of the examples. Rasa does not track them: without it, changed examples would not be trained on."""
        folder = Path({**cls.get_default_config(), **config}["folder"])
        files = (path.name.encode() + b"\0" + path.read_bytes() + b"\0" for path in _files(folder))
        return sha256(b"".join(files)).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Trains on the folder's examples, with those of all topics as negative ones.

        Raises ValueError when there are none: a model without detectors would silently detect no request.
        """
        own = list(examples(Path(self._config["folder"])))
        if not own:
            raise ValueError(f"There are no examples of standing requests in {self._config['folder']}.")
        nothing = dict.fromkeys(sorted({example.own for example in own}), 0)
        topical = [Labelled(m.get(TEXT), token_lemmas(m), nothing) for m in topic_examples(training_data)]
        self._keep(RequestModel.train([*own, *topical], self._config["thresholds"]))
        return self._resource

    def _annotate(self, message: Message, model: RequestModel) -> None:
        found = model.scores(message.get(TEXT), token_lemmas(message))
        scores = {name: {"score": one.score, "threshold": one.threshold} for name, one in found.items()}
        message.set(REQUESTS_KEY, scores, add_to_output=True)


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
