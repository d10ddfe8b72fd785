"""TF-IDF over word 1- and 2-grams and over character 2- to 5-grams inside words, with plain dictionaries."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Iterable, List, Sequence, Tuple

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

CHARACTER_SIZES = (2, 3, 4, 5)
_MAX_CHARACTERS = 1000  # a longer message adds nothing to its topic and must not slow the turn
Vector = Tuple[np.ndarray, np.ndarray]


def word_ngrams(words: Sequence[str]) -> Iterable[str]:
    """Single words and pairs of neighbours."""
    return chain(words, map(" ".join, zip(words, words[1:], strict=False)))


def character_ngrams(words: Sequence[str]) -> Iterable[str]:
    """Runs of two to five characters that do not cross a word's edge; the edge counts as a space."""
    left = _MAX_CHARACTERS
    for word in words:
        padded = f" {word[:left]} "
        for size in CHARACTER_SIZES:
            yield from (padded[i : i + size] for i in range(max(1, len(padded) - size + 1)))
        left -= len(word)
        if left <= 0:
            return


_KINDS = {"words": word_ngrams, "characters": character_ngrams}


@lru_cache(maxsize=64)
def ngrams(kind: str, words: Tuple[str, ...]) -> Tuple[str, ...]:
    """A text's n-grams. Topics and standing requests have vocabularies of their own over the same n-grams."""
    return tuple(_KINDS[kind](words))


class Tfidf:
    """Turns words into a sparse vector of length 1. `kind` is "words" or "characters"."""

    def __init__(self, kind: str, vocabulary: List[str], weights: np.ndarray) -> None:
        self.kind = kind
        self.vocabulary = vocabulary
        self.weights = weights
        self._index = {ngram: i for i, ngram in enumerate(vocabulary)}

    @classmethod
    def fit(cls, kind: str, texts: Sequence[Sequence[str]], min_count: int) -> "Tfidf":
        """Learns the n-grams that stand in at least `min_count` texts."""
        counts: Counter[str] = Counter()
        for words in texts:
            counts.update(set(_KINDS[kind](words)))
        kept = sorted(ngram for ngram, count in counts.items() if count >= min_count)
        weights = [math.log((1 + len(texts)) / (1 + counts[ngram])) + 1 for ngram in kept]
        return cls(kind, kept, np.asarray(weights, np.float32))

    def __len__(self) -> int:
        return len(self.vocabulary)

    def vector(self, words: Sequence[str]) -> Vector:
        """Columns and values of one text; both empty when nothing in it is known."""
        counts = Counter(map(self._index.get, ngrams(self.kind, tuple(words))))
        counts.pop(None, None)
        columns = np.fromiter(counts, np.int64, len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.weights[columns]
        return columns, (values / max(float(np.linalg.norm(values)), 1e-9)).astype(np.float32)

    def matrix(self, texts: Sequence[Sequence[str]]) -> "csr_matrix":
        """One row per text."""
        from scipy.sparse import csr_matrix

        vectors = [self.vector(words) for words in texts]
        lengths = np.cumsum([0] + [len(columns) for columns, _ in vectors])
        columns = np.concatenate([c for c, _ in vectors]) if vectors else np.zeros(0, np.int64)
        values = np.concatenate([v for _, v in vectors]) if vectors else np.zeros(0, np.float32)
        return csr_matrix((values, columns, lengths), shape=(len(vectors), len(self)))
