"""Binary detectors for standing requests (a human, the truth about who answers, no further use of data).

Each detector scores a text apart from its topic, so that one text may hold several requests. It is a small neural
network (one hidden layer) over TF-IDF and frozen sentence encoders: unlike a linear model it separates "no human,
please" from "a human, please". There is one branch for each script. The training data are positive and negative
examples of each request (data/standing_requests/), with all examples of topics as negative ones.
"""

from __future__ import annotations

import json
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType
from typing import Dict, List, Mapping, NamedTuple, Sequence, Tuple

import numpy as np

from engine.branch import encodable, reduced_space
from engine.encoders import encode_ahead, encode_one
from engine.ngrams import Tfidf
from engine.words import has_han

VERSION = 3  # raise it when a stored model can no longer be read or would have been trained differently
_HIDDEN = 48  # units of one network's hidden layer
_NETWORKS = 3  # of each detector, begun at different random weights: their mean errs less than any of them
_REGULARISATION = 0.01
_EPOCHS = 20
_THREADS = 2  # train at the same time
_THRESHOLD = 0.5  # where the configuration names none
_ENCODERS = {"latin": ("english", "world"), "han": ("world",)}
# Every 16-bit number in 32 bits, by its bits: a table look-up is five times faster than numpy's conversion.
_FLOATS = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(np.float32)


class Labelled(NamedTuple):
    """A text with its words in normal form, and for which requests it counts as heard (1) or not (0).

    A request that is missing from `labels` learns nothing from it. `own` names the request it was written for.
    """

    text: str
    words: Sequence[str]
    labels: Mapping[str, int]
    own: str = ""


class Score(NamedTuple):
    """How sure a detector is, 0 to 1, and from where on the request counts as heard."""

    score: float
    threshold: float


class RequestModel:
    """The trained detectors, by script."""

    def __init__(self, branches: Dict[str, "RequestBranch"]) -> None:
        self._branches = branches

    @classmethod
    def train(
        cls, examples: Sequence[Labelled], thresholds: Mapping[str, Mapping[str, float]] = MappingProxyType({})
    ) -> "RequestModel":
        """Learns one branch per script; Chinese learns from English as well. `thresholds`: by script and request.

        Raises ValueError without examples.
        """
        if not examples:
            raise ValueError("There are no examples to learn standing requests from.")
        latin = [example for example in examples if not has_han(example.text)]
        return cls(
            {
                "latin": RequestBranch.train("latin", latin or examples, thresholds.get("latin", {})),
                "han": RequestBranch.train("han", examples, thresholds.get("han", {})),
            }
        )

    def encode_ahead(self, texts: Sequence[str]) -> None:
        """Encodes texts that are scored next, those of one encoder together."""
        for branch in self._branches.values():
            own = [encodable(text) for text in texts if self._branch_for(text) is branch]
            for kind in branch.encoders:
                encode_ahead(kind, own)

    def scores(self, text: str, words: Sequence[str]) -> Dict[str, Score]:
        """Every request's score for one text."""
        return self._branch_for(text).scores(text, words)

    def _branch_for(self, text: str) -> "RequestBranch":
        return self._branches["han" if has_han(text) else "latin"]

    def save(self, folder: Path) -> None:
        """One folder per script."""
        for script, branch in self._branches.items():
            (folder / script).mkdir(exist_ok=True)
            branch.save(folder / script)

    @classmethod
    def load(cls, folder: Path) -> "RequestModel":
        """Reads what `save` wrote. Raises OSError or ValueError when it is not there or not whole."""
        return cls({script: RequestBranch.load(folder / script) for script in _ENCODERS})


class RequestBranch:
    """The detectors for one script, over the same features.

    Attributes:
        layers: `space` is features × rank, the space that the examples span; `hidden` is rank × (requests · networks ·
            units), the first layers side by side, `hidden_bias` one number a column; `out` is requests × networks ×
            units, the second layers, `out_bias` requests × networks.
    """

    def __init__(
        self,
        encoders: Sequence[str],
        tfidf: Sequence[Tfidf],
        requests: List[str],
        layers: Mapping[str, np.ndarray],
        thresholds: Sequence[float],
    ) -> None:
        self.encoders, self.tfidf, self.requests = list(encoders), list(tfidf), requests
        self.layers, self.thresholds = layers, list(thresholds)
        # Every message meets the encoders' rows whole: they are widened once. Of the n-grams' rows few are needed.
        self._dense = layers["space"][sum(map(len, self.tfidf)) :].astype(np.float32)

    @classmethod
    def train(cls, script: str, examples: Sequence[Labelled], thresholds: Mapping[str, float]) -> "RequestBranch":
        """Learns each request from the examples that say something of it."""
        encoders = _ENCODERS[script]
        texts = [example.words for example in examples]
        tfidf = [Tfidf.fit(kind, texts, 2) for kind in ("words", "characters")]
        reduced, space = reduced_space(tfidf, encoders, examples)
        requests = sorted({name for example in examples for name in example.labels})
        networks = _networks(reduced, examples, requests)
        shape = (len(requests), _NETWORKS)
        layers = {
            "space": space.astype(np.float16),
            "hidden": np.hstack([network.hidden for network in networks]).astype(np.float32),
            "hidden_bias": np.hstack([network.hidden_bias for network in networks]).astype(np.float32),
            "out": np.stack([network.out for network in networks]).reshape(*shape, -1).astype(np.float32),
            "out_bias": np.array([network.out_bias for network in networks], np.float32).reshape(shape),
        }
        return cls(encoders, tfidf, requests, layers, [thresholds.get(name, _THRESHOLD) for name in requests])

    def scores(self, text: str, words: Sequence[str]) -> Dict[str, Score]:
        """Every request's score for one text."""
        point = np.concatenate([encode_one(kind, encodable(text)) for kind in self.encoders]) @ self._dense
        offset = 0
        for block in self.tfidf:
            columns, values = block.vector(words)
            point += values @ _FLOATS[self.layers["space"][columns + offset].view(np.uint16)]
            offset += len(block)
        units = np.maximum(point @ self.layers["hidden"] + self.layers["hidden_bias"], 0).reshape(
            self.layers["out"].shape
        )
        logits = (units * self.layers["out"]).sum(axis=-1) + self.layers["out_bias"]
        found = 1 / (1 + np.exp(-logits.mean(axis=-1)))
        return {
            name: Score(float(score), threshold)
            for name, score, threshold in zip(self.requests, found, self.thresholds, strict=True)
        }

    def save(self, folder: Path) -> None:
        """Writes `requests.json` and `requests.npz`; no pickle."""
        facts = {
            "encoders": self.encoders,
            "requests": self.requests,
            "thresholds": self.thresholds,
            "tfidf": {block.kind: block.vocabulary for block in self.tfidf},
        }
        (folder / "requests.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
        arrays = {f"tfidf_{block.kind}": block.weights for block in self.tfidf}
        np.savez(folder / "requests.npz", **self.layers, **arrays)

    @classmethod
    def load(cls, folder: Path) -> "RequestBranch":
        """Reads what `save` wrote."""
        facts = json.loads((folder / "requests.json").read_text(encoding="utf-8"))
        with np.load(folder / "requests.npz", allow_pickle=False) as arrays:
            tfidf = [Tfidf(kind, words, arrays[f"tfidf_{kind}"]) for kind, words in facts["tfidf"].items()]
            layers = {name: arrays[name] for name in ("space", "hidden", "hidden_bias", "out", "out_bias")}
            return cls(facts["encoders"], tfidf, facts["requests"], layers, facts["thresholds"])


class _Network(NamedTuple):
    """One network of a detector, in the space that the examples span."""

    hidden: np.ndarray
    hidden_bias: np.ndarray
    out: np.ndarray
    out_bias: float


def _networks(features: np.ndarray, examples: Sequence[Labelled], requests: Sequence[str]) -> List[_Network]:
    """`_NETWORKS` for each request, one request after the other."""
    from sklearn.exceptions import ConvergenceWarning

    def fit(task: Tuple[str, int]) -> _Network:
        name, seed = task
        chosen = np.array([name in example.labels for example in examples])
        labels = np.array([example.labels.get(name, 0) for example in examples])[chosen]
        return _fit(features[chosen], labels, seed)

    tasks = [(name, seed) for name in requests for seed in range(_NETWORKS)]
    with warnings.catch_warnings(), ThreadPoolExecutor(_THREADS) as pool:
        warnings.simplefilter("ignore", ConvergenceWarning)  # a fixed number of epochs is meant
        return list(pool.map(fit, tasks))


def _fit(features: np.ndarray, labels: np.ndarray, seed: int) -> _Network:
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        (_HIDDEN,), alpha=_REGULARISATION, max_iter=_EPOCHS, learning_rate_init=6e-3, batch_size=512, random_state=seed
    )
    model.fit(features, labels)
    (hidden, out), (hidden_bias, out_bias) = model.coefs_, model.intercepts_
    return _Network(hidden, hidden_bias, out[:, 0], float(out_bias[0]))
