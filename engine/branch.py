"""A linear intent model over TF-IDF and one frozen sentence encoder, with a confidence threshold of its own.

Training solves the same logistic regression as over the full feature space, in the space that the examples span (a
truncated singular value decomposition). That is ten times faster, and on HINT3 the answers are the same.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import List, NamedTuple, Protocol, Sequence, Tuple

import numpy as np

from engine.encoders import encode_all, encode_one
from engine.ngrams import Tfidf
from engine.words import plain_text

_STRENGTH = 10.0  # inverse of the regularisation, measured on HINT3 and CLINC150
_MAX_RANK = 400
_FOLDS = 5
_RARE_FROM = 5000  # with more examples than this, n-grams seen once are left out
_MAX_ENCODED = 1000  # characters; encoders read the first 128 tokens


class Learnt(Protocol):
    """What features are made of."""

    @property
    def text(self) -> str:
        """As it was typed."""

    @property
    def words(self) -> Sequence[str]:
        """In normal form."""


class Example(NamedTuple):
    """A training example: its text, its words in normal form, its intent."""

    text: str
    words: Sequence[str]
    intent: str


class Branch:
    """Answers for one way of writing. Made by `Branch.train` or `Branch.load`."""

    def __init__(
        self,
        encoder_name: str,
        tfidf: Sequence[Tfidf],
        intents: List[str],
        weights: np.ndarray,
        bias: np.ndarray,
        threshold: float,
    ) -> None:
        self.encoder_name, self.tfidf, self.intents = encoder_name, list(tfidf), intents
        self.weights, self.bias, self.threshold = weights, bias, threshold

    @classmethod
    def train(cls, encoder_name: str, examples: Sequence[Example], judged: Sequence[bool], quantile: float) -> "Branch":
        """Learns from all examples; the threshold is taken from those that are `judged` (see `_threshold`)."""
        texts = [example.words for example in examples]
        min_count = 2 if len(texts) > _RARE_FROM else 1
        tfidf = [Tfidf.fit(kind, texts, min_count) for kind in ("words", "characters")]
        labels = np.array([example.intent for example in examples])
        reduced, back = reduced_space(tfidf, [encoder_name], examples)
        intents, weights, bias = _fit(reduced, labels)
        threshold = _threshold(reduced, labels, np.asarray(judged), quantile)
        return cls(
            encoder_name, tfidf, intents, (back @ weights).astype(np.float32), bias.astype(np.float32), threshold
        )

    def confidences(self, text: str, words: Sequence[str]) -> np.ndarray:
        """The probability of each of `self.intents`; they sum to 1."""
        scores, offset = self.bias.astype(np.float64), 0
        for block in self.tfidf:
            columns, values = block.vector(words)
            scores = scores + values @ self.weights[columns + offset]
            offset += len(block)
        scores = scores + encode_one(self.encoder_name, encodable(text)) @ self.weights[offset:]
        return _softmax(scores)

    def save(self, folder: Path) -> None:
        """Writes `branch.json` and `branch.npz`; no pickle."""
        facts = {
            "encoder": self.encoder_name,
            "intents": self.intents,
            "threshold": self.threshold,
            "tfidf": {block.kind: block.vocabulary for block in self.tfidf},
        }
        (folder / "branch.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
        arrays = {f"tfidf_{block.kind}": block.weights for block in self.tfidf}
        np.savez(folder / "branch.npz", weights=self.weights, bias=self.bias, **arrays)

    @classmethod
    def load(cls, folder: Path) -> "Branch":
        """Reads what `save` wrote. Raises OSError or ValueError when it is not there or not whole."""
        facts = json.loads((folder / "branch.json").read_text(encoding="utf-8"))
        with np.load(folder / "branch.npz", allow_pickle=False) as arrays:
            tfidf = [Tfidf(kind, words, arrays[f"tfidf_{kind}"]) for kind, words in facts["tfidf"].items()]
            return cls(facts["encoder"], tfidf, facts["intents"], arrays["weights"], arrays["bias"], facts["threshold"])


def encodable(text: str) -> str:
    """What an encoder is given of a text."""
    return plain_text(text[:_MAX_ENCODED])


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def reduced_space(
    tfidf: Sequence[Tfidf], encoders: Sequence[str], examples: Sequence["Learnt"]
) -> Tuple[np.ndarray, np.ndarray]:
    """The examples in the space that their features span, and the matrix that brings weights back to the features.

    The features are those of `tfidf`, then those of `encoders`; the arrays are examples × rank and features × rank.
    """
    from scipy.sparse import hstack
    from sklearn.utils.extmath import randomized_svd

    from engine.side_by_side import SideBySide

    texts = [encodable(example.text) for example in examples]
    features = SideBySide(
        hstack([block.matrix([example.words for example in examples]) for block in tfidf], dtype=np.float32),
        np.hstack([encode_all(kind, texts) for kind in encoders]),
    )
    rank = max(1, min(_MAX_RANK, *(size - 1 for size in features.shape)))
    _, _, directions = randomized_svd(features, rank, n_iter=2, transpose=False, random_state=0)
    return features @ directions.T, directions.T


def _fit(features: np.ndarray, labels: np.ndarray) -> Tuple[List[str], np.ndarray, np.ndarray]:
    """Intents, weights (one column each) and biases of a balanced softmax regression."""
    from sklearn.linear_model import LogisticRegression

    intents = sorted(set(labels))
    if len(intents) == 1:
        return intents, np.zeros((features.shape[1], 1)), np.zeros(1)
    model = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=300, tol=1e-3, multi_class="multinomial")
    model.fit(features, labels)
    if len(intents) == 2:  # scikit-learn keeps one column, for the second intent
        return intents, np.hstack([-model.coef_.T, model.coef_.T]), np.hstack([-model.intercept_, model.intercept_])
    return list(model.classes_), model.coef_.T, model.intercept_


def _threshold(features: np.ndarray, labels: np.ndarray, judged: np.ndarray, quantile: float) -> float:
    """The confidence that all but a `quantile` of rightly understood, unseen in-scope examples reach.

    Each judged example is scored by a model that has not seen it. Zero (nothing is refused) when no intent has two
    examples.
    """
    from sklearn.model_selection import StratifiedKFold

    smallest = min(np.unique(labels, return_counts=True)[1])
    folds = min(_FOLDS, max(2, int(smallest)))
    right: List[float] = []
    for seen, unseen in StratifiedKFold(folds, shuffle=True, random_state=0).split(features, labels):
        intents, weights, bias = _fit(features[seen], labels[seen])
        confidences = _softmax(features[unseen] @ weights + bias)
        correct = np.array(intents)[confidences.argmax(1)] == labels[unseen]
        right.extend(confidences.max(1)[correct & judged[unseen]])
    return float(np.quantile(right, quantile)) if right else 0.0
